import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { type Ended, endInAccount } from '../account/end.ts';
import type { SessionId } from '../account/session-record.ts';

/**
 * Ends one session that its owner sees in the list of their sessions, or what has taken its place since they saw it. Without
 * a tombstone: no sign-in under way is that session.
 *
 * @param receivedAt milliseconds since the epoch
 */
export function signOutSession(
  store: AccountStore,
  account: AccountKey,
  sessionId: SessionId,
  receivedAt: number,
): Promise<Ended> {
  return endInAccount(store, account, {
    receivedAt,
    scope: 'session',
    names: (id, record) => id === sessionId || record?.replaced?.ids.includes(sessionId) === true,
  });
}
