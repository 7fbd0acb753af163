import { context, metrics, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** `name{attribute=value,…}` and what was recorded since the last look: a counter's sum, a histogram's sum. */
export type Recorded = Readonly<Record<string, number>>;

export interface Recorder {
  /** What has been recorded since the last look. */
  metrics(): Promise<Recorded>;
  /** The spans that have ended since the last look. */
  spans(): readonly ReadableSpan[];
}

/** Registers an SDK that keeps everything in memory. Before the first use of an instrument: those are made once. */
export function startRecorder(): Recorder {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.DELTA);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  const spans = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  return {
    async metrics() {
      exporter.reset();
      await reader.forceFlush();
      const found = exporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap((scope) => scope.metrics);
      return Object.fromEntries(
        found.flatMap((metric) =>
          metric.dataPoints.map(({ attributes, value }) => {
            const said = Object.entries(attributes).map(([name, text]) => `${name}=${text}`);
            const amount =
              metric.dataPointType === DataPointType.HISTOGRAM ? (value as { sum: number }).sum : (value as number);
            return [`${metric.descriptor.name}{${said.join(',')}}`, amount];
          }),
        ),
      );
    },
    spans() {
      const ended = spans.getFinishedSpans().slice();
      spans.reset();
      return ended;
    },
  };
}
