import { byOtherClocks } from '../account/replaced-here.ts';
import type { Application } from '../application/application.ts';
import { withRevocation } from '../application/with-revocation.ts';
import { type NotTaken, putWork, takeWork } from '../durable/work.ts';
import type { Unavailable } from '../store/table.ts';
import { type Receipt, receiptOf } from './receipt.ts';
import { SIGN_OUT_WORK } from './retry-message.ts';
import { carryOut, type SignOut } from './sign-out.ts';

/** Its first look is half a minute later, not a second: what it waits for is a person at the OP, and a flood brings many. */
const UNBURIED_SECONDS_MIN = 30;

export interface Done {
  readonly outcome: 'signed-out';
  readonly receipt: Receipt;
  /** That of the person whose own sign-out it was. */
  readonly loginHint: string | null;
  /** Their session's, where it was asked for. */
  readonly idToken?: string;
}

export type Attempted =
  | Done
  /** Storage failed, and a durable message is going to finish it (G3). */
  | { readonly outcome: 'queued'; readonly reason: string; readonly loginHint: string | null }
  /** Storage failed and so did the queue: whoever asked has to ask again. */
  | { readonly outcome: 'unfinished'; readonly reason: string };

/** Carries a sign-out out; where storage fails, leaves the rest of it to the queue, and says so. */
export async function attemptSignOut(application: Application, signOut: SignOut): Promise<Attempted> {
  // What is left goes into the queue before the OP is told of what is gone: that alone must not be lost (G3).
  const { done, revocations } = await withRevocation(application, async ({ store }) => {
    const carried = await carryOut(store, signOut);
    if (carried.outcome === 'unavailable') return queueSignOut(application, carried.rest, carried.reason);
    return { ...carried, goneAt: store.ambient.now() };
  });
  if (done.outcome !== 'signed-out') return done;
  return {
    outcome: 'signed-out',
    receipt: receiptOf(application.store, signOut, { ...done, revocations, tries: 0 }),
    loginHint: done.loginHint,
    ...(done.idToken !== undefined && { idToken: done.idToken }),
  };
}

/** Leaves a sign-out to the queue. @param reason for the log: why it cannot be carried out now */
export async function queueSignOut(
  application: Application,
  rest: SignOut,
  reason: string,
): Promise<Exclude<Attempted, Done>> {
  const sent = await queue(application, rest, 0);
  if (sent !== 'sent') return { outcome: 'unfinished', reason: `${reason}, queue: ${sent.reason}` };
  return { outcome: 'queued', reason, loginHint: (rest.kind === 'own' && rest.proved?.loginHint) || null };
}

export type Retried =
  | { readonly outcome: 'done'; readonly receipt: Receipt; readonly signOut: SignOut }
  /** Storage still fails: back in the queue. */
  | { readonly outcome: 'again'; readonly signOut: SignOut; readonly tries: number; readonly reason: string }
  | NotTaken;

/**
 * Finishes a sign-out that storage interrupted, as of the time at which it was received: so a late try ends nothing newer.
 * A failed try puts it back into the queue by its own back-off, without end: the platform's own tries pass within seconds.
 *
 * @param message what the queue holds
 */
export async function retrySignOut(application: Application, message: unknown): Promise<Retried> {
  const { retryQueue } = application;
  const taken = await takeWork(application, retryQueue, SIGN_OUT_WORK, message);
  if (taken.outcome !== 'taken') return taken;
  const { work: signOut, tries } = taken;
  // Another instance may have received it, by its own clock.
  const { done, revocations } = await withRevocation(application, async ({ store }) => {
    const carried = await carryOut({ ...store, replacedHere: byOtherClocks(store.replacedHere) }, signOut);
    if (carried.outcome === 'signed-out') return { ...carried, goneAt: store.ambient.now() };
    return { ...carried, sent: await queue(application, carried.rest, tries) };
  });
  if (done.outcome === 'signed-out') {
    return {
      outcome: 'done',
      receipt: receiptOf(application.store, signOut, { ...done, revocations, tries }),
      signOut,
    };
  }
  const { reason, sent } = done;
  if (sent !== 'sent') return { outcome: 'kept', reason: `${reason}, queue: ${sent.reason}` };
  return { outcome: 'again', signOut, tries, reason };
}

function queue(application: Application, signOut: SignOut, tries: number): Promise<'sent' | Unavailable> {
  const delaySecondsMin = signOut.kind === 'target' && signOut.unburied ? UNBURIED_SECONDS_MIN : 0;
  return putWork(application, application.retryQueue, SIGN_OUT_WORK, signOut, { tries, delaySecondsMin });
}
