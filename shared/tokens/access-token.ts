import { type AccountCodec, createAccountCodec } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { type Lease, vouchedAt } from '../account/lease-record.ts';
import { endSession } from '../session/end-session.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import { isSendable } from './freshness.ts';
import { giveBack } from './give-back.ts';
import { askedFor, failureAwaited, isHeld, LEASE_MILLISECONDS, lookAgainIn, takeLease, timeToRedeem } from './lease.ts';
import { revokeThrownAway, revokingDeparted } from './revoke.ts';
import {
  ACCOUNT_TOO_LARGE,
  CACHE_TOO_LARGE,
  type Extent,
  type Reading,
  readSession,
  SESSION_GONE,
  type SessionGone,
  type TokensUnreadable,
  writeSession,
} from './session-reading.ts';
import type { AccessToken, TokenClient, TokenFailure } from './token-client.ts';
import type { TokenMemory } from './token-memory.ts';
import { isLost, writeBack } from './write-back.ts';

/** A dead holder's lease has run out by then, and one more redemption has been tried. */
const WAIT_MAX_MILLISECONDS = 2 * LEASE_MILLISECONDS;

export type Acquired =
  | { readonly outcome: 'acquired'; readonly accessToken: AccessToken; readonly refreshed: boolean }
  | SessionGone
  /** What another instance may read is left to it. */
  | TokensUnreadable
  /** The OP takes the refresh token no more, or it is damaged: the session that it served has been ended for it. */
  | { readonly outcome: 'signed-out'; readonly reason: 'refresh-token-dead' | 'tokens-corrupt' }
  | Exclude<TokenFailure, { outcome: 'grant-dead' }>
  | Unavailable;

/** What a stored token must be like, so that none has to be redeemed. */
export interface Need {
  readonly suffices: (token: AccessToken, now: number) => boolean;
  /** The OP must have vouched for the session later than this, milliseconds since the epoch. */
  readonly vouchedAfter: number;
  /** What the OP is asked to put into one that is redeemed, JSON. */
  readonly claims?: string | null;
}

/** Any token that may still be sent, whenever the OP last vouched for its session. */
const SENDABLE: Need = { suffices: isSendable, vouchedAfter: Number.NEGATIVE_INFINITY };

/** What this instance still has in its memory, if it may be sent: neither storage nor the OP is asked for it. */
export function rememberedAccessToken(
  { ambient }: AccountStore,
  memory: TokenMemory,
  { sessionId }: SessionTicket,
  scopes: readonly string[],
): Acquired | null {
  const remembered = memory.get(sessionId, scopes);
  if (!remembered || !isSendable(remembered, ambient.now())) return null;
  return { outcome: 'acquired', accessToken: remembered, refreshed: false };
}

/**
 * An access token for a session that was read live in this request (DESIGN, rule 5): from the session's stored cache, else
 * by redeeming the refresh token under a lease, so that over all instances one at a time redeems it. What is got goes into
 * this instance's memory.
 */
export async function acquireAccessToken(
  store: AccountStore,
  client: TokenClient,
  memory: TokenMemory,
  ticket: SessionTicket,
  scopes: readonly string[],
  need: Need = SENDABLE,
): Promise<Acquired> {
  const acquire = (telling: AccountStore) => acquireFromStore(telling, client, memory, ticket, scopes, need);
  const revokes = client.revocation !== null;
  const acquired = revokes ? (await revokingDeparted(store, async () => client, acquire)).done : await acquire(store);
  if (acquired.outcome === 'acquired') memory.set(ticket.sessionId, scopes, acquired.accessToken);
  if (acquired.outcome === 'signed-out') memory.drop(ticket.sessionId, scopes);
  return acquired;
}

async function acquireFromStore(
  store: AccountStore,
  client: TokenClient,
  memory: TokenMemory,
  ticket: SessionTicket,
  scopes: readonly string[],
  need: Need,
): Promise<Acquired> {
  const { ambient } = store;
  const codec = createAccountCodec(store.keyring, ticket.account);
  const began = ambient.monotonic();
  let extent: Extent = 'own';
  let asked: { readonly lease: Lease; readonly at: number } | null = null;
  let awaited: string | null = null;
  while (ambient.monotonic() - began < WAIT_MAX_MILLISECONDS) {
    const reading = await readSession(store, codec, ticket, extent);
    if ('outcome' in reading) return isDamaged(reading) ? endSessionOf(store, ticket, 'tokens-corrupt') : reading;
    const { lease } = reading;
    const stored = storedToken(client, memory, ticket, reading, scopes, need, ambient.now());
    if (stored !== null) return { outcome: 'acquired', accessToken: stored, refreshed: false };
    // Our own lease, whose answer was lost, or which was repeated and came back as 412.
    if (asked !== null && lease?.holder === asked.lease.holder && timeToRedeem(ambient, asked.at)) {
      return redeem(store, codec, client, ticket, reading, scopes, need);
    }
    if (reading.leaseInDoubt) return { outcome: 'unavailable', reason: 'lease-unreadable' };
    const failure = failureAwaited(lease, awaited, askedFor(scopes, need.claims));
    if (failure !== null) return { outcome: failure.outcome, reason: failure.reason };
    if (lease !== null && isHeld(lease, ambient.now())) {
      awaited = lease.holder;
      await ambient.sleep(lookAgainIn(ambient.monotonic() - began));
      continue;
    }
    asked = { lease: takeLease(ambient, lease), at: ambient.monotonic() };
    const leased = await writeSession(store, codec, ticket, reading, codec.sealLease(ticket.sessionId, asked.lease));
    if (leased.outcome === 'gone') return SESSION_GONE;
    if (leased.outcome === 'unavailable') return leased;
    if (leased.outcome === 'too-large') {
      if (extent === 'whole') return ACCOUNT_TOO_LARGE;
      // Full to the brim: once more, and the oldest other sessions make way for the lease.
      extent = 'whole';
      continue;
    }
    if (leased.outcome !== 'updated' || !timeToRedeem(ambient, asked.at)) continue;
    // Of the others' properties this says no more how they are: what made way must not come back with the next write.
    const entity = { ...reading.entity, etag: leased.etag };
    const held: Reading = { ...reading, entity, extent: 'own', lease: asked.lease };
    return redeem(store, codec, client, ticket, held, scopes, need);
  }
  return { outcome: 'unavailable', reason: 'lease-wait' };
}

/**
 * The token in the session's own cache, where it is all that is needed; another instance may just have redeemed it. Where the OP
 * names scopes otherwise than they are asked for it is not found there, and those who have waited for one of this instance would
 * each redeem another: it is in memory.
 */
function storedToken(
  client: TokenClient,
  memory: TokenMemory,
  { sessionId }: SessionTicket,
  { cache, lease, record }: Reading,
  scopes: readonly string[],
  { suffices, vouchedAfter }: Need,
  now: number,
): AccessToken | null {
  if (vouchedAt(lease, record.signedInAt) <= vouchedAfter) return null;
  const known = [client.fromCache(cache, scopes), memory.get(sessionId, scopes)];
  return known.find((token) => token && suffices(token, now)) ?? null;
}

async function redeem(
  store: AccountStore,
  codec: AccountCodec,
  client: TokenClient,
  ticket: SessionTicket,
  reading: Reading,
  scopes: readonly string[],
  { claims }: Need,
): Promise<Acquired> {
  // Of before the question: what the OP has not heard of by then, it has not vouched for.
  const redeemedAt = store.ambient.now();
  const redeemed = await client.refresh(reading.cache, scopes, claims);
  switch (redeemed.outcome) {
    case 'refreshed': {
      const written = await writeBack(store, codec, ticket, reading, redeemed, redeemedAt);
      if (written === 'written') return { outcome: 'acquired', accessToken: redeemed.accessToken, refreshed: true };
      if (written === CACHE_TOO_LARGE) await giveBack(store, codec, ticket, reading, null);
      // Signed out meanwhile, most often: nobody is to have these tokens, and nobody will remember them.
      if (isLost(written, reading.cache, redeemed.cache)) {
        await revokeThrownAway(store, client, ticket.account, { ...redeemed.cache, sid: reading.record.sid });
      }
      return written;
    }
    case 'grant-dead':
      return endSessionOf(store, ticket, 'refresh-token-dead');
    case 'interaction-required':
    case 'op-unavailable':
    case 'op-refused': {
      const { outcome, reason } = redeemed;
      await giveBack(store, codec, ticket, reading, { outcome, reason, scopes: askedFor(scopes, claims) });
      return redeemed;
    }
  }
}

const isDamaged = (reading: SessionGone | TokensUnreadable | Unavailable): boolean =>
  reading.reason === 'tokens-unreadable' && 'unreadable' in reading && reading.unreadable === 'corrupt';

/** A session must not outlive its tokens (G2): it ends where the OP takes its refresh token no more, or nobody can read it. */
async function endSessionOf(
  store: AccountStore,
  ticket: SessionTicket,
  reason: 'refresh-token-dead' | 'tokens-corrupt',
): Promise<Acquired> {
  // Nobody is told that tokens have left: the OP takes them no more, or nobody can read what to revoke.
  const { departed: _, ...untold } = store;
  const ended = await endSession(untold, ticket);
  switch (ended.outcome) {
    case 'ended':
      return { outcome: 'signed-out', reason };
    case 'nothing':
      return SESSION_GONE;
    case 'unavailable':
      return ended;
  }
}
