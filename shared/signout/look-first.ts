import type { AccountStore } from '../account/account-store.ts';
import { SETTLED_MINUTES } from '../account/attempt-life.ts';
import type { IndexKey } from '../account/index-key.ts';
import { listSigninsBefore } from '../account/index-rows.ts';
import { tombstoneIsNoted } from '../account/tombstone.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import type { Unavailable } from '../store/table.ts';
import { SIGNIN_MAY_BE_UNDER_WAY } from './flood-budgets.ts';
import { type SignedOut, signOutTarget } from './sign-out-target.ts';

/**
 * `known`: a sign-in of this target began before the sign-out, or its tombstone stands: the whole protocol adds no row that
 * a stranger could multiply. `unknown`: nobody, as yet.
 */
export type Looked = 'known' | 'unknown' | Unavailable;

/** Looks for what a sign-out means, in one round trip, and writes nothing. @param receivedAt milliseconds since the epoch */
export async function lookFirst(store: AccountStore, index: IndexKey, receivedAt: number): Promise<Looked> {
  const [listed, noted] = await Promise.all([
    listSigninsBefore(store, index, receivedAt),
    tombstoneIsNoted(store, index, receivedAt),
  ]);
  if ('outcome' in listed) return listed;
  if (typeof noted === 'object') return noted;
  return listed.signins.length > 0 || !listed.complete || noted ? 'known' : 'unknown';
}

/**
 * A sign-out of a target for which no tombstone was written when it was received (rule 3, in a flood). A sign-in that was
 * under way then may have been let in since: its index row, which comes before its session, is found at a later look, and
 * the whole protocol follows, as of when the sign-out was received. A look that finds nobody when no such sign-in can be
 * under way any more has proved that there is nothing to end. Until then nothing is done, and nothing is said to be.
 */
export async function signOutUnburied(
  store: AccountStore,
  index: IndexKey,
  receivedAt: number,
  scope: 'account' | 'session',
): Promise<SignedOut> {
  // Before the look: what is written after it must belong to a sign-in that began later.
  const settled = store.ambient.now() >= receivedAt + CLOCK_SKEW_MILLISECONDS + SETTLED_MINUTES * 60_000;
  const looked = await lookFirst(store, index, receivedAt);
  if (looked === 'known') return signOutTarget(store, index, receivedAt, scope);
  if (looked !== 'unknown') return looked;
  if (!settled) return { outcome: 'unavailable', reason: SIGNIN_MAY_BE_UNDER_WAY };
  return { outcome: 'signed-out', accounts: [], sessions: 0, tokenCaches: 0 };
}
