import { HostError } from './host-error.ts';

/** The settings of host.json that this host heeds, with the Functions host's defaults. */
export interface HostJson {
  routePrefix: string;
  queues: {
    maxDequeueCount: number;
    batchSize: number;
    /** How long a message that failed stays invisible, in seconds. */
    visibilityTimeoutSeconds: number;
    messageEncoding: 'base64' | 'none';
  };
}

const MAX_BATCH_SIZE = 32;

/**
 * Parses host.json.
 *
 * @throws HostError for a wrong version or a value that the Functions host would refuse
 * @see https://learn.microsoft.com/azure/azure-functions/functions-host-json
 */
export function parseHostJson(json: Record<string, unknown>): HostJson {
  if (json.version !== '2.0') throw new HostError('host.json: "version" must be "2.0"');
  const extensions = section(json, 'extensions');
  const http = section(extensions, 'http');
  const queues = section(extensions, 'queues');
  const messageEncoding = queues.messageEncoding ?? 'base64';
  if (messageEncoding !== 'base64' && messageEncoding !== 'none') {
    throw new HostError('host.json: queues.messageEncoding must be "base64" or "none"');
  }
  return {
    routePrefix: typeof http.routePrefix === 'string' ? http.routePrefix : 'api',
    queues: {
      maxDequeueCount: positive(queues, 'maxDequeueCount', 5, Number.MAX_SAFE_INTEGER),
      batchSize: positive(queues, 'batchSize', 16, MAX_BATCH_SIZE),
      visibilityTimeoutSeconds: timeSpanSeconds(queues.visibilityTimeout ?? '00:00:00'),
      messageEncoding,
    },
  };
}

function section(json: Record<string, unknown>, name: string): Record<string, unknown> {
  const value = json[name];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function positive(queues: Record<string, unknown>, name: string, byDefault: number, max: number): number {
  const value = queues[name] ?? byDefault;
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max) return value as number;
  throw new HostError(
    `host.json: queues.${name} must be a whole number from 1${max === MAX_BATCH_SIZE ? ' to 32' : ''}`,
  );
}

/** A .NET `TimeSpan` (`hh:mm:ss`) in seconds. */
function timeSpanSeconds(value: unknown): number {
  const match = /^(\d\d):([0-5]\d):([0-5]\d)$/.exec(String(value));
  if (!match) throw new HostError('host.json: queues.visibilityTimeout must be "hh:mm:ss"');
  return Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
}
