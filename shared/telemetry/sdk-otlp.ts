import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Exporters } from './sdk.ts';

/** OTLP over HTTP in JSON. Where to, with which headers and how long is read from the specification's own variables. */
export function otlpExporters(): Exporters {
  return { metrics: new OTLPMetricExporter(), spans: new OTLPTraceExporter() };
}
