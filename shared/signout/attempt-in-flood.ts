import type { Application } from '../application/application.ts';
import { FLOOD } from './flood-budgets.ts';
import { lookFirst } from './look-first.ts';
import { type Attempted, attemptSignOut, queueSignOut } from './retry.ts';
import type { TargetSignOut } from './sign-out.ts';

/**
 * Carries out a sign-out that anybody may ask for, of whom nobody may ever have heard. Each one's tombstone is a row, so a
 * flood of them is held to a budget. Over it this instance looks first: where a sign-in is found, or a tombstone stands, the
 * whole protocol runs, however great the flood. Where nobody is found a sign-in may still be under way whose row is not there
 * yet; what refuses it is the tombstone, from a reserve; and when that is used up too, a message in the retry queue, which
 * looks again until no such sign-in can be left. Beyond all budgets nothing is done, and the answer says so.
 */
export async function attemptInFlood(application: Application, signOut: TargetSignOut): Promise<Attempted> {
  const { store, floodBudgets } = application;
  if (floodBudgets.tombstones.take()) {
    const attempted = await attemptSignOut(application, signOut);
    // A sign-in costs the OP's word; nobody can make a flood of those that end something.
    if (attempted.outcome === 'signed-out' && attempted.receipt.sessions > 0) floodBudgets.tombstones.giveBack();
    return attempted;
  }
  const { receivedAt, asOf = receivedAt } = signOut;
  const looked = await lookFirst(store, signOut.index, asOf);
  if (looked === 'known' || (looked === 'unknown' && floodBudgets.reserve.take())) {
    return attemptSignOut(application, signOut);
  }
  const reason = looked === 'unknown' ? FLOOD : `${FLOOD}, ${looked.reason}`;
  if (!floodBudgets.messages.take()) return { outcome: 'unfinished', reason };
  return queueSignOut(application, { ...signOut, unburied: true }, reason);
}
