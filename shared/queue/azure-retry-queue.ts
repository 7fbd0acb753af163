import type { QueueClient, QueueServiceClient } from '@azure/storage-queue';
import { raceDeadline } from '../ambient/deadline.ts';
import { untilItWorks } from '../ambient/until-it-works.ts';
import type { Identities } from '../identity/identities.ts';
import { sdkCredential } from '../identity/sdk-credential.ts';
import type { QueueSettings } from '../settings/settings.ts';
import type { RetryQueue } from '../store/retry-queue.ts';
import type { Unavailable } from '../store/table.ts';

/** A queue that has not answered by then is given up: somebody waits for the answer. */
const SEND_DEADLINE_MILLISECONDS = 5_000;
const TRIES_MAX = 2;
/** Kept until it is done (the service's default would be a week). */
const NEVER_EXPIRES = -1;

const notConfigured = async (): Promise<Unavailable> => unavailable('queue-not-configured');

/**
 * A durable queue in Azure Queue Storage. No network yet; the SDK itself, which takes long to load, is loaded at the first
 * message: nobody needs it while storage works.
 *
 * @param settings null where the host has no storage: then nothing can be queued
 * @param deadlineMilliseconds how long whoever sends waits
 */
export function openRetryQueue(
  settings: QueueSettings | null,
  queueName: string,
  identities: Identities,
  deadlineMilliseconds = SEND_DEADLINE_MILLISECONDS,
): RetryQueue {
  if (settings === null) return { send: notConfigured, setAside: notConfigured };
  const service = untilItWorks(() => openService(settings, identities, deadlineMilliseconds));
  const send = async (name: string, message: string, visibilityTimeout: number): Promise<'sent' | Unavailable> => {
    try {
      await raceDeadline(deadlineMilliseconds, async (abortSignal) => {
        const options = { abortSignal, visibilityTimeout, messageTimeToLive: NEVER_EXPIRES };
        await sendOrCreate((await service()).getQueueClient(name), message, options);
      });
      return 'sent';
    } catch (error) {
      return unavailable(codeOf(error));
    }
  };
  return {
    send: (message, delaySeconds) => send(queueName, message, delaySeconds),
    // Where the Functions host itself puts what it gives up.
    setAside: (message) => send(`${queueName}-poison`, message, 0),
  };
}

interface SendOptions {
  readonly abortSignal: AbortSignal;
  readonly visibilityTimeout: number;
  readonly messageTimeToLive: number;
}

async function sendOrCreate(queue: QueueClient, message: string, options: SendOptions): Promise<void> {
  // As the Functions host expects it, unless its host.json says otherwise.
  const text = Buffer.from(message).toString('base64');
  try {
    await queue.sendMessage(text, options);
  } catch (error) {
    if (codeOf(error) !== 'QueueNotFound') throw error;
    await queue.createIfNotExists({ abortSignal: options.abortSignal });
    await queue.sendMessage(text, options);
  }
}

async function openService(
  settings: QueueSettings,
  identities: Identities,
  deadlineMilliseconds: number,
): Promise<QueueServiceClient> {
  const { QueueServiceClient: Client } = await import('./sdk.ts');
  const options = {
    retryOptions: { maxTries: TRIES_MAX, tryTimeoutInMs: deadlineMilliseconds / TRIES_MAX, retryDelayInMs: 100 },
  };
  if (settings.kind === 'connection-string') return Client.fromConnectionString(settings.connectionString, options);
  const { endpoint, managedIdentityClientId } = settings;
  const credential = sdkCredential((scope) => identities.tokens(managedIdentityClientId, scope));
  return new Client(endpoint, credential, options);
}

/** A code is a word; a message could carry a URL. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return (
    [code, name].find((each): each is string => typeof each === 'string' && /^[A-Za-z_]{1,64}$/.test(each)) ?? 'error'
  );
}

function unavailable(reason: string): Unavailable {
  return { outcome: 'unavailable', reason };
}
