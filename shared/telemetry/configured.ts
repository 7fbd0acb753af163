/** The settings here are OpenTelemetry's and Azure's own, by their own names; ours are in `shared/settings/`. */
export type Environment = Readonly<Record<string, string | undefined>>;

const OTLP = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
];

/** Whether telemetry goes anywhere. If not, no SDK is loaded, no hook registered, and the API does nothing. */
export function isTelemetryConfigured(environment: Environment): boolean {
  const isDisabled = environment.OTEL_SDK_DISABLED?.toLowerCase() === 'true';
  return !isDisabled && (goesToOtlp(environment) || goesToApplicationInsights(environment));
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function goesToOtlp(environment: Environment): boolean {
  return OTLP.some((name) => environment[name]);
}

export function goesToApplicationInsights(environment: Environment): boolean {
  return Boolean(environment.APPLICATIONINSIGHTS_CONNECTION_STRING);
}
