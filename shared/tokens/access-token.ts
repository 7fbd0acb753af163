import { type AccountCodec, createAccountCodec, type Lease } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { endInAccount } from '../account/end.ts';
import { secretMatches } from '../account/session-record.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import { isHeld, LEASE_MILLISECONDS, LOOK_AGAIN_MILLISECONDS, RELEASED, takeLease, timeToRedeem } from './lease.ts';
import {
  ACCOUNT_TOO_LARGE,
  type Extent,
  type Reading,
  readSession,
  SESSION_GONE,
  type SessionGone,
  writeSession,
} from './session-reading.ts';
import type { AccessToken, TokenClient, TokenFailure } from './token-client.ts';
import { isFresh, type TokenMemory } from './token-memory.ts';
import { writeBack } from './write-back.ts';

/** A dead holder's lease has run out by then, and one more redemption has been tried. */
const WAIT_MAX_MILLISECONDS = 2 * LEASE_MILLISECONDS;

export type Acquired =
  | { readonly outcome: 'acquired'; readonly accessToken: AccessToken; readonly refreshed: boolean }
  | SessionGone
  /** The OP takes the refresh token no more, and the session that it served has been ended for it. */
  | { readonly outcome: 'signed-out'; readonly reason: 'refresh-token-dead' }
  | Exclude<TokenFailure, { outcome: 'grant-dead' }>
  | Unavailable;

/** What this instance still has in its memory, if it is fresh: neither storage nor the OP is asked for it. */
export function rememberedAccessToken(
  { ambient }: AccountStore,
  memory: TokenMemory,
  { sessionId }: SessionTicket,
  scopes: readonly string[],
): Acquired | null {
  const remembered = memory.get(sessionId, scopes);
  if (!remembered || !isFresh(remembered, ambient.now())) return null;
  return { outcome: 'acquired', accessToken: remembered, refreshed: false };
}

/**
 * An access token for a session that was read live in this request (DESIGN, rule 5): from memory, else from the session's
 * stored cache, else by redeeming the refresh token under a lease, so that over all instances one at a time redeems it.
 */
export async function acquireAccessToken(
  store: AccountStore,
  client: TokenClient,
  memory: TokenMemory,
  ticket: SessionTicket,
  scopes: readonly string[],
): Promise<Acquired> {
  const remembered = rememberedAccessToken(store, memory, ticket, scopes);
  if (remembered) return remembered;
  const acquired = await acquireFromStore(store, client, ticket, scopes);
  if (acquired.outcome === 'acquired') memory.set(ticket.sessionId, scopes, acquired.accessToken);
  else memory.drop(ticket.sessionId, scopes);
  return acquired;
}

async function acquireFromStore(
  store: AccountStore,
  client: TokenClient,
  ticket: SessionTicket,
  scopes: readonly string[],
): Promise<Acquired> {
  const { ambient } = store;
  const codec = createAccountCodec(store.keyring, ticket.account);
  const giveUpAt = ambient.monotonic() + WAIT_MAX_MILLISECONDS;
  let extent: Extent = 'own';
  let asked: { readonly lease: Lease; readonly at: number } | null = null;
  while (ambient.monotonic() < giveUpAt) {
    const reading = await readSession(store, codec, ticket, extent);
    if ('outcome' in reading) return reading;
    const cached = client.fromCache(reading.cache, scopes);
    if (cached && isFresh(cached, ambient.now())) return { outcome: 'acquired', accessToken: cached, refreshed: false };
    // Our own lease, whose answer was lost or whose retry by the SDK came back as 412.
    if (asked !== null && reading.lease?.holder === asked.lease.holder && timeToRedeem(ambient, asked.at)) {
      return redeem(store, codec, client, ticket, reading, scopes);
    }
    if (isHeld(reading.lease, ambient.now())) {
      await ambient.sleep(LOOK_AGAIN_MILLISECONDS);
      continue;
    }
    asked = { lease: takeLease(ambient), at: ambient.monotonic() };
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
    return redeem(store, codec, client, ticket, held, scopes);
  }
  return { outcome: 'unavailable', reason: 'lease-wait' };
}

async function redeem(
  store: AccountStore,
  codec: AccountCodec,
  client: TokenClient,
  ticket: SessionTicket,
  reading: Reading,
  scopes: readonly string[],
): Promise<Acquired> {
  const redeemed = await client.refresh(reading.cache, scopes);
  switch (redeemed.outcome) {
    case 'refreshed': {
      const written = await writeBack(store, codec, ticket, reading, redeemed);
      // Signed out meanwhile: nobody is to have these tokens, and nobody will remember them.
      if (written !== 'written' && written.outcome === 'signed-out') await client.revoke(redeemed.cache);
      return written === 'written'
        ? { outcome: 'acquired', accessToken: redeemed.accessToken, refreshed: true }
        : written;
    }
    case 'grant-dead':
      return endSessionOf(store, ticket);
    case 'interaction-required':
    case 'op-unavailable':
    case 'op-refused': {
      // The lease would run out by itself; giving it back only spares the next call the wait.
      const released = codec.sealLease(ticket.sessionId, RELEASED);
      await store.tables.accounts.merge(reading.entity, released, reading.entity.etag);
      return redeemed;
    }
  }
}

/** A dead refresh token ends the session that it served: a session must not outlive its tokens (G2). */
async function endSessionOf(store: AccountStore, { account, sessionId, secret }: SessionTicket): Promise<Acquired> {
  const ended = await endInAccount(store, account, {
    receivedAt: store.ambient.now(),
    scope: 'session',
    names: (id, record) => id === sessionId && record !== null && secretMatches(record, secret),
  });
  switch (ended.outcome) {
    case 'ended':
      return { outcome: 'signed-out', reason: 'refresh-token-dead' };
    case 'nothing':
      return SESSION_GONE;
    case 'unavailable':
      return ended;
  }
}
