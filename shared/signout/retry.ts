import { createHash } from 'node:crypto';
import { byOtherClocks } from '../account/replaced-here.ts';
import type { Application } from '../application/application.ts';
import type { Unavailable } from '../store/table.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { openSignOut, parseRetryMessage, type RetryMessage, sealSignOut } from './retry-message.ts';
import { carryOut, type SignOut } from './sign-out.ts';

const BACKOFF_SECONDS_MAX = 300;
const PASS_ON_SECONDS = 1;
/** A message that no instance could open for so long is one that nobody can: its key has been taken away. */
const UNOPENED_MILLISECONDS_MAX = 24 * 3_600_000;

export interface Done {
  readonly outcome: 'signed-out';
  readonly receipt: Receipt;
  /** That of the person whose own sign-out it was. */
  readonly loginHint: string | null;
}

export type Attempted =
  | Done
  /** Storage failed, and a durable message is going to finish it (G3). */
  | { readonly outcome: 'queued'; readonly reason: string; readonly loginHint: string | null }
  /** Storage failed and so did the queue: whoever asked has to ask again. */
  | { readonly outcome: 'unfinished'; readonly reason: string };

/** Carries a sign-out out; where storage fails, leaves the rest of it to the queue, and says so. */
export async function attemptSignOut(application: Application, signOut: SignOut): Promise<Attempted> {
  const carried = await carryOut(application.store, signOut);
  if (carried.outcome === 'signed-out') {
    return {
      outcome: 'signed-out',
      receipt: receiptOf(application.store, signOut, carried, 0),
      loginHint: carried.loginHint,
    };
  }
  const sent = await queue(application, carried.rest, 0);
  if (sent !== 'sent') return { outcome: 'unfinished', reason: `${carried.reason}, queue: ${sent.reason}` };
  const { rest, reason } = carried;
  return { outcome: 'queued', reason, loginHint: (rest.kind === 'own' && rest.proved?.loginHint) || null };
}

export type Retried =
  | { readonly outcome: 'done'; readonly receipt: Receipt; readonly signOut: SignOut }
  /** Storage still fails: back in the queue. */
  | { readonly outcome: 'again'; readonly signOut: SignOut; readonly tries: number; readonly reason: string }
  /** Another application's, or one that only another instance can open: back in the queue for it. */
  | { readonly outcome: 'passed-on'; readonly tries: number }
  /** Nobody can read it. */
  | { readonly outcome: 'unreadable' }
  /** It has to go back into the queue, and the queue takes nothing: what brought the message must keep it. */
  | { readonly outcome: 'kept'; readonly reason: string };

/**
 * Finishes a sign-out that storage interrupted, as of the time at which it was received: so a late try ends nothing newer.
 * A failed try puts it back into the queue by its own back-off, without end: the platform's own tries pass within seconds.
 *
 * @param message what the queue holds
 */
export async function retrySignOut(application: Application, message: unknown): Promise<Retried> {
  const { store, settings } = application;
  const parsed = parseRetryMessage(message);
  if (parsed === null) return { outcome: 'unreadable' };
  if (parsed.application !== applicationHash(settings.op.clientId)) return passOn(application, parsed);
  const opened = openSignOut(store.keyring, parsed.sealed);
  if (opened.outcome === 'forged') return { outcome: 'unreadable' };
  if (opened.outcome === 'elsewhere') return passOn(application, parsed);

  const { signOut } = opened;
  const tries = parsed.tries + 1;
  // Another instance may have received it, by its own clock.
  const carried = await carryOut({ ...store, replacedHere: byOtherClocks(store.replacedHere) }, signOut);
  if (carried.outcome === 'signed-out')
    return { outcome: 'done', receipt: receiptOf(store, signOut, carried, tries), signOut };
  const sent = await queue(application, carried.rest, tries);
  if (sent !== 'sent') return { outcome: 'kept', reason: `${carried.reason}, queue: ${sent.reason}` };
  return { outcome: 'again', signOut, tries, reason: carried.reason };
}

async function passOn(application: Application, message: RetryMessage): Promise<Retried> {
  const { store, retryQueue } = application;
  const age = store.ambient.now() - message.queuedAt;
  // One that says it was sealed tomorrow would go round until then: nobody here says so.
  if (Math.abs(age) > UNOPENED_MILLISECONDS_MAX) return { outcome: 'unreadable' };
  // It is no try: whoever it belongs to may be there in a moment.
  const sent = await retryQueue.send(JSON.stringify(message), PASS_ON_SECONDS);
  return sent === 'sent' ? { outcome: 'passed-on', tries: message.tries } : { outcome: 'kept', reason: sent.reason };
}

/** Sealed anew each time, so that a message that stays long outlives the key it was first sealed under. */
function queue(application: Application, signOut: SignOut, tries: number): Promise<'sent' | Unavailable> {
  const { store, settings, retryQueue } = application;
  const sealed = sealSignOut(store.keyring, signOut);
  const queuedAt = store.ambient.now();
  const message: RetryMessage = { application: applicationHash(settings.op.clientId), queuedAt, tries, sealed };
  return retryQueue.send(JSON.stringify(message), backoffSeconds(application, tries));
}

/** 1 s, then twice as long each time up to five minutes; half of it is left to chance, so that retries do not come in step. */
function backoffSeconds({ store }: Application, tries: number): number {
  const [byte = 0] = store.ambient.randomBytes(1);
  const most = Math.min(BACKOFF_SECONDS_MAX, 2 ** Math.min(tries, 16));
  return Math.max(1, Math.round((most / 2) * (1 + byte / 255)));
}

function applicationHash(clientId: string): string {
  return createHash('sha256').update(clientId).digest('hex').slice(0, 16);
}
