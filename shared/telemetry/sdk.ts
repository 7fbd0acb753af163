import { randomUUID } from 'node:crypto';
import { context, DiagConsoleLogger, diag, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { diagLogLevelFromString, W3CTraceContextPropagator } from '@opentelemetry/core';
import { detectResources, envDetector, type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { MeterProvider, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { withDeadline } from '../ambient/deadline.ts';
import type { Environment } from './configured.ts';
import { goesToApplicationInsights, goesToOtlp } from './configured.ts';
import { inInvocation } from './invocation.ts';

/** The specification's own default. */
const EXPORT_INTERVAL_MILLISECONDS = 60_000;
/** A receiver that is slow or gone must not hold an invocation, nor the end of the process. */
const FLUSH_DEADLINE_MILLISECONDS = 3_000;

/** Where telemetry goes. */
export interface Exporters {
  readonly metrics: PushMetricExporter;
  readonly spans: SpanExporter;
}

export interface Sdk {
  /** Here, since a start that has no receiver loads none of the API either. */
  readonly inInvocation: typeof inInvocation;
  /** Sends what has gathered. Never rejects. */
  flush(): Promise<void>;
  /** Sends what has gathered and ends. Never rejects. */
  shutdown(): Promise<void>;
}

/** Starts the SDK and registers it with the API: from then on what the process counts and draws goes out. */
export async function startSdk(environment: Environment): Promise<Sdk> {
  const level = diagLogLevelFromString(environment.OTEL_LOG_LEVEL);
  if (level !== undefined) diag.setLogger(new DiagConsoleLogger(), level);

  const exporters: Exporters[] = [];
  if (goesToOtlp(environment)) exporters.push((await import('./sdk-otlp.ts')).otlpExporters());
  if (goesToApplicationInsights(environment)) {
    exporters.push((await import('./sdk-application-insights.ts')).applicationInsightsExporters(environment));
  }
  const resource = describe(environment);
  const exportIntervalMillis = Number(environment.OTEL_METRIC_EXPORT_INTERVAL) || EXPORT_INTERVAL_MILLISECONDS;
  const meterProvider = new MeterProvider({
    resource,
    readers: exporters.map(
      (to) =>
        new PeriodicExportingMetricReader({
          exporter: to.metrics,
          exportIntervalMillis,
          exportTimeoutMillis: Math.min(exportIntervalMillis, 30_000),
        }),
    ),
  });
  const tracerProvider = new BasicTracerProvider({
    resource,
    spanProcessors: exporters.map((to) => new BatchSpanProcessor(to.spans)),
  });
  metrics.setGlobalMeterProvider(meterProvider);
  trace.setGlobalTracerProvider(tracerProvider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());

  const both = (work: (provider: MeterProvider | BasicTracerProvider) => Promise<void>) =>
    inTime(Promise.all([work(meterProvider), work(tracerProvider)]));
  return {
    inInvocation,
    flush: () => both((provider) => provider.forceFlush()),
    shutdown: () => both((provider) => provider.shutdown()),
  };
}

/** Who sends: instances are told apart, since each counts from zero. `OTEL_RESOURCE_ATTRIBUTES` has the last word. */
function describe({ OTEL_SERVICE_NAME, WEBSITE_SITE_NAME }: Environment): Resource {
  const ours = resourceFromAttributes({
    'service.name': OTEL_SERVICE_NAME || WEBSITE_SITE_NAME || 'exeunt',
    'service.instance.id': randomUUID(),
  });
  return ours.merge(detectResources({ detectors: [envDetector] }));
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const settled = work.then(
    () => undefined,
    () => undefined,
  );
  await withDeadline(FLUSH_DEADLINE_MILLISECONDS, (signal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    return Promise.race([settled, promise]);
  });
}
