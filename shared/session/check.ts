import { ACCOUNT_ROW_KEY, createAccountCodec, leaseProperty, sessionProperty } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { isInForce } from '../account/in-force.ts';
import { vouchedAt } from '../account/lease-record.ts';
import { type SessionRecord, secretMatches } from '../account/session-record.ts';
import type { ReadOutcome, Unavailable } from '../store/table.ts';
import type { SessionTicket } from './ticket.ts';

/** A session that was read, in this very request, from the live row. */
export interface LiveSession {
  readonly ticket: SessionTicket;
  readonly record: SessionRecord;
  /** The account's ETag as read: what a renewal goes by. */
  readonly etag: string;
  /** Whether somebody redeems this session's refresh token now. */
  readonly leased: boolean;
  /** When the OP last vouched for it, milliseconds since the epoch: at the sign-in, or when its refresh token was last redeemed. */
  readonly vouchedAt: number;
}

export type Checked =
  | { readonly outcome: 'live'; readonly session: LiveSession }
  /** `unreadable`: the record stands, and why it says nothing here. Worth a line in the log: nobody signed out. */
  | { readonly outcome: 'signed-out'; readonly unreadable?: Unreadable }
  | Unavailable;

export type Unreadable = 'corrupt' | 'unknown-key' | 'newer-format';

/**
 * The hot path's one point read (G4): this session's properties alone, at any size of the account.
 *
 * @param idleMinutes how long a session may go unused
 */
export async function checkSession(store: AccountStore, ticket: SessionTicket, idleMinutes: number): Promise<Checked> {
  const { account, sessionId } = ticket;
  const read = await store.tables.accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY }, [
    sessionProperty(sessionId),
    leaseProperty(sessionId),
  ]);
  return checkReading(store, read, ticket, idleMinutes);
}

/**
 * The same of an account as somebody has just read it, with at least this session's record and lease in it.
 *
 * @param idleMinutes how long a session may go unused
 */
export function checkReading(
  store: AccountStore,
  read: ReadOutcome,
  ticket: SessionTicket,
  idleMinutes: number,
): Checked {
  const { account, sessionId } = ticket;
  if (read.outcome === 'gone') return { outcome: 'signed-out' };
  if (read.outcome === 'unavailable') return read;

  const codec = createAccountCodec(store.keyring, account);
  const session = codec.openSession(read.entity, sessionId);
  // A key this instance does not know reads as signed out here, and nothing is deleted for it: instances roll.
  if (session.outcome === 'unreadable') return { outcome: 'signed-out', unreadable: session.reason };
  if (session.outcome === 'corrupt') return { outcome: 'signed-out', unreadable: 'corrupt' };
  if (session.outcome === 'absent') return { outcome: 'signed-out' };
  if (!secretMatches(session.value, ticket.secret) || !isInForce(store, session.value, idleMinutes)) {
    return { outcome: 'signed-out' };
  }
  const opened = codec.openLease(read.entity, sessionId);
  const lease = opened.outcome === 'opened' ? opened.value : null;
  return {
    outcome: 'live',
    session: {
      ticket,
      record: session.value,
      etag: read.entity.etag,
      leased: lease !== null && lease.until > store.ambient.now(),
      vouchedAt: vouchedAt(lease, session.value.signedInAt),
    },
  };
}
