import type { Application } from '../application/application.ts';
import type { RetryQueue } from '../store/retry-queue.ts';
import type { Unavailable } from '../store/table.ts';
import {
  applicationHash,
  openWork,
  parseWorkMessage,
  sealWork,
  type WorkKind,
  type WorkMessage,
} from './work-message.ts';

const BACKOFF_SECONDS_MAX = 300;
const PASS_ON_SECONDS = 1;
/** A message that no instance could open for so long is one that nobody can: its key has been taken away. */
const UNOPENED_MILLISECONDS_MAX = 24 * 3_600_000;

/** Where a message goes when it is not for this instance, or for nobody. */
export type NotTaken =
  /** Another application's, or one that only another instance can open: back in the queue for it. */
  | { readonly outcome: 'passed-on'; readonly tries: number }
  /** Nobody can read it. */
  | { readonly outcome: 'unreadable' }
  /** It has to go back into the queue, and the queue takes nothing: what brought the message must keep it. */
  | { readonly outcome: 'kept'; readonly reason: string };

/** `tries`: with this one. */
export type TakenWork<W> = { readonly outcome: 'taken'; readonly work: W; readonly tries: number } | NotTaken;

type Instance = Pick<Application, 'settings' | 'store'>;

/**
 * Puts work into a queue, sealed anew each time, so that a message that stays long outlives the key it was first sealed under.
 *
 * @param tries how often it was taken out so far; after the first time nobody sees it for a while, longer each time
 * @param delaySecondsMin at least so long, where somebody said how long to wait
 */
export function putWork<W>(
  { settings, store }: Instance,
  queue: RetryQueue,
  kind: WorkKind<W>,
  work: W,
  { tries, delaySecondsMin = 0 }: { readonly tries: number; readonly delaySecondsMin?: number },
): Promise<'sent' | Unavailable> {
  const sealed = sealWork(store.keyring, kind, work);
  const queuedAt = store.ambient.now();
  const message: WorkMessage = { application: applicationHash(settings.op.clientId), queuedAt, tries, sealed };
  return queue.send(JSON.stringify(message), Math.max(delaySecondsMin, backoffSeconds(store, tries)));
}

/** What a queue's message holds, where it is for this instance. @param message what the queue holds */
export async function takeWork<W>(
  instance: Instance,
  queue: RetryQueue,
  kind: WorkKind<W>,
  message: unknown,
): Promise<TakenWork<W>> {
  const { store, settings } = instance;
  const parsed = parseWorkMessage(message);
  if (parsed === null) return { outcome: 'unreadable' };
  if (parsed.application !== applicationHash(settings.op.clientId)) return passOn(instance, queue, parsed);
  const opened = openWork(store.keyring, kind, parsed.sealed);
  if (opened.outcome === 'forged') return { outcome: 'unreadable' };
  if (opened.outcome === 'elsewhere') return passOn(instance, queue, parsed);
  return { outcome: 'taken', work: opened.work, tries: parsed.tries + 1 };
}

async function passOn({ store }: Instance, queue: RetryQueue, message: WorkMessage): Promise<NotTaken> {
  const age = store.ambient.now() - message.queuedAt;
  // One that says it was sealed tomorrow would go round until then: nobody here says so.
  if (Math.abs(age) > UNOPENED_MILLISECONDS_MAX) return { outcome: 'unreadable' };
  // It is no try: whoever it belongs to may be there in a moment.
  const sent = await queue.send(JSON.stringify(message), PASS_ON_SECONDS);
  return sent === 'sent' ? { outcome: 'passed-on', tries: message.tries } : { outcome: 'kept', reason: sent.reason };
}

/** 1 s, then twice as long each time up to five minutes; half of it is left to chance, so that retries do not come in step. */
function backoffSeconds({ ambient }: Instance['store'], tries: number): number {
  const [byte = 0] = ambient.randomBytes(1);
  const most = Math.min(BACKOFF_SECONDS_MAX, 2 ** Math.min(tries, 16));
  return Math.max(1, Math.round((most / 2) * (1 + byte / 255)));
}
