import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { type Ended, endInAccount } from '../account/end.ts';
import { type SessionId, tookPlaceOf } from '../account/session-record.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import { proveWherever } from './sign-out-own.ts';

/**
 * Ends one session that its owner sees in the list of their sessions, or what takes its place while that is under way.
 * Without a tombstone: it would refuse nobody for long, since the OP's session stays and lets that browser in again.
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
    names: (id, record) => id === sessionId || tookPlaceOf(record, sessionId),
  });
}

/**
 * Whether the one who asks for the end of another session was signed in when that came in, by the same rule as for an own
 * sign-out: a dead cookie ends nothing.
 *
 * @param receivedAt milliseconds since the epoch
 */
export async function askerStood(
  store: AccountStore,
  asker: SessionTicket,
  receivedAt: number,
): Promise<'yes' | 'no' | Unavailable> {
  const found = await proveWherever(store, asker, receivedAt);
  if ('outcome' in found) return found;
  return found.proved === null ? 'no' : 'yes';
}
