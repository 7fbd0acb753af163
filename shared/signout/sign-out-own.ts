import { ACCOUNT_ROW_KEY, createAccountCodec } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { endInAccount } from '../account/end.ts';
import { type SessionRecord, secretMatches } from '../account/session-record.ts';
import { writeTombstone } from '../account/tombstone.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';

export type OwnSignOut =
  | {
      readonly outcome: 'signed-out';
      readonly record: SessionRecord;
      readonly sessions: number;
      readonly deleted: boolean;
    }
  /** The cookie's session stands no more: there is nothing to end, and a dead cookie must not end a living account. */
  | { readonly outcome: 'already-signed-out' }
  | Unavailable;

/**
 * The application's own sign-out (DESIGN, rule 4): only for a cookie whose session stands with its secret.
 *
 * @param receivedAt milliseconds since the epoch
 */
export async function signOutOwn(
  store: AccountStore,
  ticket: SessionTicket,
  receivedAt: number,
  scope: 'account' | 'session',
): Promise<OwnSignOut> {
  const { account, sessionId, secret } = ticket;
  const read = await store.tables.accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY });
  if (read.outcome === 'gone') return { outcome: 'already-signed-out' };
  if (read.outcome === 'unavailable') return read;
  const session = createAccountCodec(store.keyring, account).openSession(read.entity, sessionId);
  if (session.outcome === 'unreadable') return { outcome: 'unavailable', reason: 'unreadable-session' };
  if (session.outcome !== 'opened' || !secretMatches(session.value, secret)) return { outcome: 'already-signed-out' };

  const buried = await writeTombstone(store.tables, ticket.tombstone, receivedAt);
  if (buried !== 'written') return buried;
  const { sid } = session.value;
  const ended = await endInAccount(
    store,
    account,
    { receivedAt, scope, names: (id, record) => id === sessionId || (sid !== null && record?.sid === sid) },
    read.entity,
  );
  switch (ended.outcome) {
    case 'ended':
      return { outcome: 'signed-out', record: session.value, sessions: ended.sessions, deleted: ended.deleted };
    case 'nothing':
      return { outcome: 'already-signed-out' };
    case 'unavailable':
      return ended;
  }
}

/**
 * Ends the session that a browser had when it set out to sign in as somebody else (DESIGN, rule 2). Without a tombstone:
 * that would refuse the very sign-in that replaces it.
 */
export async function endReplacedSession(
  store: AccountStore,
  { account, sessionId, secret }: SessionTicket,
  receivedAt: number,
): Promise<'ended' | Unavailable> {
  const ended = await endInAccount(store, account, {
    receivedAt,
    scope: 'session',
    names: (id, record) => id === sessionId && record !== null && secretMatches(record, secret),
  });
  return ended.outcome === 'unavailable' ? ended : 'ended';
}
