import type { QueueClient } from '@azure/storage-queue';
import type { QueueSettings } from '../settings/settings.ts';
import type { RetryQueue } from '../store/retry-queue.ts';
import type { Unavailable } from '../store/table.ts';

/** A queue that has not answered by then is given up: somebody waits for the answer. */
const SEND_DEADLINE_MILLISECONDS = 5_000;
const TRIES_MAX = 2;
/** Kept until it is done (the service's default would be a week). */
const NEVER_EXPIRES = -1;

const NOT_CONFIGURED: RetryQueue = {
  send: async () => ({ outcome: 'unavailable', reason: 'queue-not-configured' }),
};

/**
 * The retry queue in Azure Queue Storage. No network yet; the SDK itself, which takes long to load, is loaded at the first
 * message: nobody needs it while storage works.
 *
 * @param settings null where the host has no storage: then nothing can be queued
 */
export function openRetryQueue(settings: QueueSettings | null, queueName: string): RetryQueue {
  if (settings === null) return NOT_CONFIGURED;
  let client: Promise<QueueClient> | undefined;
  return {
    async send(message, delaySeconds) {
      const abortSignal = AbortSignal.timeout(SEND_DEADLINE_MILLISECONDS);
      try {
        client ??= openClient(settings, queueName);
        const queue = await client;
        // As the Functions host expects it, unless its host.json says otherwise.
        const text = Buffer.from(message).toString('base64');
        const options = { abortSignal, visibilityTimeout: delaySeconds, messageTimeToLive: NEVER_EXPIRES };
        try {
          await queue.sendMessage(text, options);
        } catch (error) {
          if (codeOf(error) !== 'QueueNotFound') throw error;
          await queue.createIfNotExists({ abortSignal });
          await queue.sendMessage(text, options);
        }
        return 'sent';
      } catch (error) {
        return abortSignal.aborted ? unavailable('deadline') : unavailable(codeOf(error));
      }
    },
  };
}

async function openClient(settings: QueueSettings, queueName: string): Promise<QueueClient> {
  const { QueueServiceClient } = await import('@azure/storage-queue');
  const options = {
    retryOptions: { maxTries: TRIES_MAX, tryTimeoutInMs: SEND_DEADLINE_MILLISECONDS / TRIES_MAX, retryDelayInMs: 100 },
  };
  if (settings.kind === 'connection-string') {
    return QueueServiceClient.fromConnectionString(settings.connectionString, options).getQueueClient(queueName);
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const { endpoint, managedIdentityClientId: clientId } = settings;
  const credential = clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return new QueueServiceClient(endpoint, credential, options).getQueueClient(queueName);
}

/** A code is a word; a message could carry a URL. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return (
    [code, name].find((each): each is string => typeof each === 'string' && /^[A-Za-z_]{1,64}$/.test(each)) ?? 'error'
  );
}

const unavailable = (reason: string): Unavailable => ({ outcome: 'unavailable', reason });
