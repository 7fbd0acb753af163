import { HostError } from './host-error.ts';

/** The settings of host.json that this host heeds, with the Functions host's defaults. */
export interface HostJson {
  routePrefix: string;
  queues: {
    maxDequeueCount: number;
    batchSize: number;
    /** How long a message that failed stays invisible, in seconds. */
    visibilityTimeoutSeconds: number;
    /** How seldom an empty queue is looked at, in seconds. */
    maxPollingIntervalSeconds: number;
    messageEncoding: 'base64' | 'none';
  };
}

const MAX_BATCH_SIZE = 32;
/** Of the Functions host's queue listener, in seconds. */
const MIN_POLLING_INTERVAL = 0.1;

/**
 * Parses host.json.
 *
 * @throws HostError for a wrong version or a value that the Functions host would refuse, also of a setting that is not heeded here
 * @see https://learn.microsoft.com/azure/azure-functions/functions-host-json
 */
export function parseHostJson(json: Record<string, unknown>): HostJson {
  if (json.version !== '2.0') throw new HostError('host.json: "version" must be "2.0"');
  const extensions = section(json, 'extensions');
  const http = section(extensions, 'http');
  const queues = section(extensions, 'queues');
  timeSpanSeconds('functionTimeout', json.functionTimeout ?? '00:30:00');
  timeSpanSeconds('http.hsts.maxAge', section(http, 'hsts').maxAge ?? '30.00:00:00');
  const messageEncoding = queues.messageEncoding ?? 'base64';
  if (messageEncoding !== 'base64' && messageEncoding !== 'none') {
    throw new HostError('host.json: queues.messageEncoding must be "base64" or "none"');
  }
  return {
    routePrefix: typeof http.routePrefix === 'string' ? http.routePrefix : 'api',
    queues: {
      maxDequeueCount: positive(queues, 'maxDequeueCount', 5, Number.MAX_SAFE_INTEGER),
      batchSize: positive(queues, 'batchSize', 16, MAX_BATCH_SIZE),
      visibilityTimeoutSeconds: timeSpanSeconds('queues.visibilityTimeout', queues.visibilityTimeout ?? '00:00:00'),
      maxPollingIntervalSeconds: pollingInterval(queues.maxPollingInterval ?? '00:01:00'),
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

function pollingInterval(value: unknown): number {
  const seconds = timeSpanSeconds('queues.maxPollingInterval', value);
  if (seconds >= MIN_POLLING_INTERVAL) return seconds;
  throw new HostError('host.json: queues.maxPollingInterval must not be less than 100 ms');
}

/** A .NET `TimeSpan`, with days or without (`d.hh:mm:ss`), in seconds. */
function timeSpanSeconds(name: string, value: unknown): number {
  const match = /^(?:(\d+)\.)?([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(String(value));
  if (!match) throw new HostError(`host.json: ${name} must be "hh:mm:ss" or "d.hh:mm:ss"`);
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds;
}
