import { ACCOUNT_ROW_KEY, createAccountCodec } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import type { LiveSession } from './check.ts';

/** A session's last use is written at most this often, unless it has to be to keep it: a call that only reads stays without a write. */
export const RENEWAL_MINUTES = 5;

/**
 * Moves the idle end forward (DESIGN, rule 6), under the ETag that the hot path read. Whatever stands in the way skips
 * it this time: the next call renews, and a renewal never brings anything back.
 *
 * @param idleMinutes how long a session may go unused: of a short time half is enough, or one in constant use would end
 */
export async function renewSession(
  store: AccountStore,
  { ticket, record, etag, leased }: LiveSession,
  idleMinutes = Number.POSITIVE_INFINITY,
): Promise<void> {
  const now = store.ambient.now();
  if (leased || now - record.lastUsedAt < Math.min(RENEWAL_MINUTES, idleMinutes / 2) * 60_000) return;
  const { account, sessionId } = ticket;
  const renewed = createAccountCodec(store.keyring, account).sealSession(sessionId, { ...record, lastUsedAt: now });
  await store.tables.accounts.merge({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY }, renewed, etag);
}
