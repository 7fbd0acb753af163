import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../../../shared/settings/registry.ts';

const HOST_STORAGE = 'shared/settings/host-storage.ts';

/** The names that the code takes from its environment, beside those of its registry: read off the code itself. */
function namesInCode(): readonly string[] {
  const sources = ['functions', 'shared'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const asked = sources.flatMap((source) => [
    ...[...source.matchAll(/\b(?:environment|process\.env)\??\.([A-Z][A-Za-z0-9_]+)\b/g)].map(([, name = '']) => name),
    ...[...source.matchAll(/'((?:OTEL|APPLICATIONINSIGHTS)_[A-Z_]+)'/g)].map(([, name = '']) => name),
  ]);
  const [, prefix = ''] = /const NAME = '(\w+)'/.exec(readFileSync(HOST_STORAGE, 'utf8')) ?? [];
  const suffixes = readFileSync(HOST_STORAGE, 'utf8').matchAll(/value\('(\w*)'\)/g);
  return [...asked, ...[...suffixes].map(([, suffix = '']) => `${prefix}${suffix}`)];
}

/** Every setting that the application reads. */
export const READ_BY_CODE: ReadonlySet<string> = new Set([...Object.keys(SETTINGS), ...namesInCode()]);

/** Settings that others read in the same process or before it, and where that is written. */
export const READ_BY_OTHERS: Readonly<Record<string, string>> = {
  AzureWebJobsStorage__credential:
    'the Functions host: learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity',
  AzureWebJobsStorage__blobServiceUri: 'the Functions host: the same',
  AzureWebJobsStorage__tableServiceUri: 'the Functions host: the same',
  AzureWebJobsDisableHomepage:
    'the Functions host: learn.microsoft.com/azure/azure-functions/functions-app-settings#azurewebjobsdisablehomepage',
  FUNCTIONS_REQUEST_BODY_SIZE_LIMIT:
    'the Functions host: learn.microsoft.com/azure/azure-functions/functions-app-settings',
  OTEL_EXPORTER_OTLP_PROTOCOL: 'the Functions host, docs/telemetry.md',
  OTEL_EXPORTER_OTLP_HEADERS: 'OpenTelemetry: opentelemetry.io/docs/specs/otel/protocol/exporter/',
  OTEL_SERVICE_NAME: 'OpenTelemetry, docs/telemetry.md',
  OTEL_RESOURCE_ATTRIBUTES: 'OpenTelemetry, docs/telemetry.md',
  OTEL_TRACES_SAMPLER: 'OpenTelemetry, docs/telemetry.md',
  OTEL_TRACES_SAMPLER_ARG: 'OpenTelemetry, docs/telemetry.md',
  NODE_OPTIONS: 'Node.js: nodejs.org/api/cli.html#node_optionsoptions',
};

/** Settings that the infrastructure never gives, and why. */
export const NEVER_PROVIDED: Readonly<Record<string, string>> = {
  TABLES_CONNECTION_STRING: 'a secret, for development; the tables are reached by identity',
  TABLES_CONNECTION_STRING_MOVING: 'the same',
};
