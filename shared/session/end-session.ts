import type { AccountStore } from '../account/account-store.ts';
import { type Ended, endInAccount } from '../account/end.ts';
import { secretMatches } from '../account/session-record.ts';
import type { SessionTicket } from './ticket.ts';

/**
 * Ends one session and its tokens, without a tombstone: a sign-in of the same OP session may be the very one that takes its
 * place. Also one whose record cannot be read: no id is given twice, so the one in a cookie that was issued here is its own.
 */
export function endSession(
  store: AccountStore,
  { account, sessionId, secret }: SessionTicket,
  receivedAt = store.ambient.now(),
): Promise<Ended> {
  return endInAccount(store, account, {
    receivedAt,
    scope: 'session',
    names: (id, record) => id === sessionId && (record === null || secretMatches(record, secret)),
  });
}
