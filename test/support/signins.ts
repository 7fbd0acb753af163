import { cacheProperty, sessionProperty } from '../../shared/account/account.ts';
import type { AccountKey } from '../../shared/account/account-key.ts';
import { type Admission, type Admitted, admit } from '../../shared/account/admit.ts';
import type { IndexKey } from '../../shared/account/index-key.ts';
import { hashSecret, makeSessionId, type SessionId } from '../../shared/account/session-record.ts';
import type { Assurance } from '../../shared/oidc/assurance.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { HOUR, sessionRecord } from './records.ts';
import { ALICE, type TestStore, target } from './store.ts';

/** What tells one sign-in from another. */
export interface SigninCase {
  readonly account?: AccountKey;
  /** Null where the OP gives none. */
  readonly sid?: string | null;
  /** When the attempt set out; by default now. */
  readonly startedAt?: number;
  readonly replaces?: SessionId | null;
  /** What it is found by; by default its `sid`. */
  readonly indexes?: readonly IndexKey[];
  readonly cache?: string;
  /** What it proved. */
  readonly assurance?: Assurance;
}

/** A sign-in that the OP has vouched for, and the cookie that would be issued for it. */
export function signinOf(
  { ambient }: TestStore,
  {
    account = ALICE,
    sid = 'sid-1',
    startedAt = ambient.now(),
    replaces = null,
    indexes,
    cache = '{}',
    assurance = {},
  }: SigninCase = {},
): { admission: Admission; ticket: SessionTicket } {
  const sessionId = makeSessionId(ambient.randomBytes);
  const secret = `secret-${sessionId}`;
  const bySid = sid === null ? [] : [target('sid', sid)];
  const named = indexes ?? bySid;
  const now = ambient.now();
  const record = sessionRecord({
    secretHash: hashSecret(secret),
    sid,
    startedAt,
    signedInAt: now,
    lastUsedAt: now,
    endsAt: now + 8 * HOUR,
    homeAccountId: account.split('~')[0] ?? '',
    ...assurance,
  });
  const tombstones = [...named, target('account', account)];
  return {
    admission: {
      account,
      sessionId,
      record,
      cache,
      indexes: named,
      tombstones,
      replaces: replaces === null ? [] : [replaces],
    },
    ticket: { account, sessionId, secret, tombstone: bySid[0] ?? target('account', account) },
  };
}

/** Signs in, all the way; throws where the sign-in is not let in. */
export async function signIn(store: TestStore, signin: SigninCase = {}): Promise<SessionTicket> {
  const { admission, ticket } = signinOf(store, signin);
  const admitted: Admitted = await admit(store, admission);
  if (admitted.outcome !== 'admitted') throw new Error(`not admitted: ${admitted.outcome}`);
  return ticket;
}

/** What an account's entity holds when these sessions stand in it, and no lease. */
export function propertiesWith(...tickets: readonly SessionTicket[]): string[] {
  const each = tickets.flatMap(({ sessionId }) => [sessionProperty(sessionId), cacheProperty(sessionId)]);
  return [...each, 'expiresOn'].sort();
}
