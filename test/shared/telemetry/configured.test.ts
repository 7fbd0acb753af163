import { describe, expect, it } from '@jest/globals';
import { isTelemetryConfigured } from '../../../shared/telemetry/configured.ts';
import { credential } from '../../../shared/telemetry/sdk-application-insights.ts';

describe('telemetry', () => {
  it.each([
    [{}, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
    [{ OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://collector:4318/v1/metrics' }, true],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
    [{ APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=i' }, true],
    [{ APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=i', OTEL_SDK_DISABLED: 'TRUE' }, false],
  ])('with %j goes out: %s', (environment, goes) => {
    expect(isTelemetryConfigured(environment)).toBe(goes);
  });

  it.each([
    [undefined, false],
    ['', false],
    ['Authorization=Other', false],
    ['Authorization=AAD', true],
    ['ClientId=11111111-2222-3333-4444-555555555555;Authorization=AAD', true],
  ])(
    'goes to Application Insights by managed identity where APPLICATIONINSIGHTS_AUTHENTICATION_STRING is %j: %s',
    (text, does) => {
      expect('credential' in credential(text)).toBe(does);
    },
  );
});
