import { type AccountCodec, createAccountCodec, sessionIds } from '../account/account.ts';
import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { idTokenIn } from '../account/cache-codec.ts';
import { type Ending, endInAccount, type Removed } from '../account/end.ts';
import { readEach, readingOf } from '../account/read-account.ts';
import { type SessionId, secretMatches, tookPlaceOf } from '../account/session-record.ts';
import { writeTombstone } from '../account/tombstone.ts';
import { atEach } from '../account/where.ts';
import { endSession } from '../session/end-session.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Entity, Unavailable } from '../store/table.ts';

/** More than there is between the time that a sign-in writes and the moment at which its write is there, clocks that differ included. */
const REPLACING_MILLISECONDS_MAX = 60_000;

/** That the cookie's session stood when its sign-out came in, and what was read of it then. */
export interface SessionProved {
  /** The cookie's own, or the one that has taken its place meanwhile. */
  readonly sessionId: SessionId;
  /** Null where the OP gave none; undefined where the record is sealed under a key that is not here. */
  readonly sid: string | null | undefined;
  /** What the OP's `logout_hint` takes. */
  readonly loginHint: string | null;
}

export type OwnSignOut =
  /** `idToken`: the session's, where it was asked for and is there. */
  | ({
      readonly outcome: 'signed-out';
      readonly proved: SessionProved;
      readonly deleted: boolean;
      readonly idToken?: string;
    } & Removed)
  /** The cookie's session stands no more: there is nothing to end, and a dead cookie must not end a living account. */
  | { readonly outcome: 'already-signed-out' }
  /** `proved`: what was known by then; a retry has not to prove it again, when the session may have ended otherwise. */
  | (Unavailable & { readonly proved: SessionProved | null });

/**
 * The application's own sign-out (DESIGN, rule 4): only for a cookie whose session stands with its secret.
 *
 * @param receivedAt milliseconds since the epoch
 * @param provedBefore for a retry: what an earlier try has found
 * @param wantsIdToken to tell the OP who leaves; it is in what is read anyway, and gone with it afterwards
 */
export async function signOutOwn(
  store: AccountStore,
  ticket: SessionTicket,
  receivedAt: number,
  scope: 'account' | 'session',
  provedBefore: SessionProved | null = null,
  wantsIdToken = false,
): Promise<OwnSignOut> {
  const { account } = ticket;
  const found = await proveWherever(store, ticket, receivedAt, provedBefore);
  if ('outcome' in found) return { ...found, proved: provedBefore };
  const { proved, entity } = found;
  if (proved === null) return { outcome: 'already-signed-out' };

  const buried = await writeTombstone(store, ticket.tombstone, receivedAt);
  if (buried !== 'written') return { ...buried, proved };
  // Of the account everything, also where this session has ended otherwise between two looks.
  const names = scope === 'account' ? () => true : namedBy(proved);
  // One that was gone is read again: a sign-in in flight that came too early for the tombstone may have made it since.
  const ending = { receivedAt, scope, names, foundBy: proved.sessionId };
  const ended = await endInAccount(store, account, ending, entity ?? undefined);
  switch (ended.outcome) {
    case 'ended':
      return { ...ended, outcome: 'signed-out', proved, ...(wantsIdToken && idTokenOf(store, account, found)) };
    case 'nothing':
      return { outcome: 'already-signed-out' };
    case 'unavailable':
      return { ...ended, proved };
  }
}

/** What was read of an account, and what it proves. */
interface Found {
  readonly proved: SessionProved | null;
  /** Where what is proved stands; null where nothing of the account does. */
  readonly entity: Entity | null;
}

/**
 * Looks at each place where the session may stand. While the application moves, what took its place may have come up at one
 * while the other was looked at: it did before the session left, so that a second look finds it.
 */
export async function proveWherever(
  store: AccountStore,
  ticket: SessionTicket,
  receivedAt: number,
  provedBefore: SessionProved | null = null,
): Promise<Found | Unavailable> {
  const { account } = ticket;
  const codec = createAccountCodec(store.keyring, account);
  const look = async (): Promise<Found | Unavailable> => {
    const reads = await readEach(store, account);
    const proofs = reads.flatMap((read) => {
      const proved = read.outcome === 'found' ? prove(store, codec, read.entity, ticket, receivedAt) : null;
      return proved === null || read.outcome !== 'found' ? [] : [{ proved, entity: read.entity }];
    });
    // Where it stands itself, and not where what is to take its place does already: that may be of another OP session.
    const proof = proofs.find(({ proved }) => proved.sessionId === ticket.sessionId) ?? proofs[0];
    if (proof !== undefined) return { ...proof, proved: provedBefore ?? proof.proved };
    const read = readingOf(reads, provedBefore?.sessionId ?? ticket.sessionId);
    if (read.outcome === 'unavailable') return read;
    return { proved: provedBefore, entity: read.outcome === 'found' ? read.entity : null };
  };
  const found = await look();
  if ('outcome' in found || found.proved !== null || atEach(store, account).length === 1) return found;
  return look();
}

function idTokenOf(store: AccountStore, account: AccountKey, { entity, proved }: Found): { idToken?: string } {
  const codec = createAccountCodec(store.keyring, account);
  const cache = entity && proved && codec.openCache(entity, proved.sessionId);
  const idToken = cache?.outcome === 'opened' ? idTokenIn(cache.value) : null;
  return idToken === null ? {} : { idToken };
}

/** What is to end where a sign-out came with this cookie; null where its session does not stand with the cookie's secret. */
function prove(
  { replacedHere }: AccountStore,
  codec: AccountCodec,
  entity: Entity,
  { sessionId, secret }: SessionTicket,
  receivedAt: number,
): SessionProved | null {
  const session = codec.openSession(entity, sessionId);
  switch (session.outcome) {
    case 'opened': {
      if (!secretMatches(session.value, secret)) return null;
      return { sessionId, sid: session.value.sid, loginHint: session.value.user.loginHint };
    }
    case 'unreadable':
    case 'corrupt':
      // Sealed under a key that is not here, or damaged: its tokens may stand. No id is given twice, so the one in a cookie
      // that was issued here is this session's.
      return { sessionId, sid: undefined, loginHint: null };
    case 'absent':
      // A cookie that had been replaced is dead, and ends nothing.
      if (replacedHere.wasBefore(sessionId, receivedAt)) return null;
      return proveBySuccessor(codec, entity, sessionId, receivedAt);
  }
}

/**
 * Another tab's sign-in has taken the session's place, and nobody here saw when: the cookie may have been good when the
 * sign-out came in, and then what stands for it now is to end. In doubt it was, for as long as clocks and writes leave a doubt.
 */
function proveBySuccessor(
  codec: AccountCodec,
  entity: Entity,
  gone: SessionId,
  receivedAt: number,
): SessionProved | null {
  for (const id of sessionIds(entity.properties)) {
    const session = codec.openSession(entity, id);
    if (session.outcome !== 'opened') continue;
    const { replaced, sid, user } = session.value;
    if (replaced?.ids.includes(gone) && replaced.at + REPLACING_MILLISECONDS_MAX >= receivedAt)
      return { sessionId: id, sid, loginHint: user.loginHint };
  }
  return null;
}

/** The sessions of the cookie's OP session; in doubt one is of it, since one too few costs a sign-in and one too many breaks G1. */
function namedBy({ sessionId, sid }: SessionProved): Ending['names'] {
  return (id, record) => {
    // Or what takes its place between two looks.
    if (id === sessionId || tookPlaceOf(record, sessionId)) return true;
    if (sid === null) return false;
    return sid === undefined || record === null || record.sid === sid;
  };
}

/**
 * Ends the session that a browser had when it set out to sign in as somebody else (DESIGN, rule 2). Without a tombstone:
 * that would refuse the very sign-in that replaces it.
 */
export async function endReplacedSession(
  store: AccountStore,
  ticket: SessionTicket,
  receivedAt: number,
): Promise<'ended' | Unavailable> {
  const ended = await endSession(store, ticket, receivedAt);
  return ended.outcome === 'unavailable' ? ended : 'ended';
}
