import {
  ACCOUNT_ROW_KEY,
  type AccountCodec,
  cacheProperty,
  createAccountCodec,
  type Lease,
  propertiesOf,
  sessionProperty,
} from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { endInAccount } from '../account/end.ts';
import { type SessionRecord, secretMatches } from '../account/session-record.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Entity, Unavailable } from '../store/table.ts';
import { isHeld, LEASE_MILLISECONDS, RELEASED, takeLease, timeToRedeem } from './lease.ts';
import type { AccessToken, SessionCache, TokenClient, TokenFailure } from './token-client.ts';
import { isFresh, type TokenMemory } from './token-memory.ts';

/** How long one that waits for another's redemption sleeps between two looks. */
const LOOK_AGAIN_MILLISECONDS = 100;
/** A dead holder's lease has run out by then, and one more redemption has been tried. */
const WAIT_MAX_MILLISECONDS = 2 * LEASE_MILLISECONDS;

export type Acquired =
  | { readonly outcome: 'acquired'; readonly accessToken: AccessToken; readonly refreshed: boolean }
  | { readonly outcome: 'signed-out' }
  | Exclude<TokenFailure, { outcome: 'grant-dead' }>
  | Unavailable;

interface Reading {
  readonly entity: Entity;
  readonly record: SessionRecord;
  readonly cache: SessionCache;
  readonly lease: Lease | null;
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
  const { ambient } = store;
  const remembered = memory.get(ticket.sessionId, scopes);
  if (remembered && isFresh(remembered, ambient.now())) {
    return { outcome: 'acquired', accessToken: remembered, refreshed: false };
  }
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
  const { ambient, tables, keyring } = store;
  const codec = createAccountCodec(keyring, ticket.account);
  const giveUpAt = ambient.monotonic() + WAIT_MAX_MILLISECONDS;
  let asked: { readonly lease: Lease; readonly at: number } | null = null;
  while (ambient.monotonic() < giveUpAt) {
    const reading = await readSession(store, codec, ticket);
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
    const leased = await tables.accounts.merge(
      reading.entity,
      codec.sealLease(ticket.sessionId, asked.lease),
      reading.entity.etag,
    );
    if (leased.outcome === 'gone') return { outcome: 'signed-out' };
    if (leased.outcome === 'unavailable') return leased;
    if (leased.outcome === 'too-large') throw new RangeError('a lease outgrew the account entity');
    if (leased.outcome !== 'updated' || !timeToRedeem(ambient, asked.at)) continue;
    const entity = { ...reading.entity, etag: leased.etag };
    return redeem(store, codec, client, ticket, { ...reading, entity, lease: asked.lease }, scopes);
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
  const { sessionId } = ticket;
  const redeemed = await client.refresh(reading.cache, scopes);
  const released = codec.sealLease(sessionId, RELEASED);
  switch (redeemed.outcome) {
    case 'refreshed': {
      const kept = { ...codec.sealCache(sessionId, redeemed.cache.serialized), ...released };
      const written = await writeBack(store, codec, ticket, reading, kept);
      return written === 'written'
        ? { outcome: 'acquired', accessToken: redeemed.accessToken, refreshed: true }
        : written;
    }
    case 'grant-dead':
      return endSessionOf(store, ticket);
    case 'interaction-required':
    case 'op-unavailable':
    case 'op-refused':
      // The lease would run out by itself; giving it back only spares the next call the wait.
      await store.tables.accounts.merge(reading.entity, released, reading.entity.etag);
      return redeemed;
  }
}

/**
 * Writes what was redeemed, while the session stands and the lease holds. A row or session that has gone means signed
 * out: the tokens just redeemed are thrown away, however good they are (G1).
 */
async function writeBack(
  store: AccountStore,
  codec: AccountCodec,
  ticket: SessionTicket,
  { entity, lease }: Reading,
  properties: Parameters<typeof store.tables.accounts.merge>[1],
): Promise<'written' | { outcome: 'signed-out' } | Unavailable> {
  let etag = entity.etag;
  for (;;) {
    const merged = await store.tables.accounts.merge(entity, properties, etag);
    if (merged.outcome === 'updated') return 'written';
    if (merged.outcome === 'gone') return { outcome: 'signed-out' };
    if (merged.outcome === 'too-large') throw new RangeError('an MSAL cache outgrew its property');
    // A storage that refuses writes and still reads must not be asked without a pause.
    if (merged.outcome === 'unavailable') await store.ambient.sleep(LOOK_AGAIN_MILLISECONDS);
    // Changed by another, or perhaps by ourselves with the answer lost: only a read can tell.
    const again = await readSession(store, codec, ticket);
    if ('outcome' in again) {
      // An OP that rotates refresh tokens has killed the stored one: while the lease holds, keep trying to store its heir.
      if (again.outcome === 'signed-out' || !isHeld(lease, store.ambient.now())) return again;
      await store.ambient.sleep(LOOK_AGAIN_MILLISECONDS);
      continue;
    }
    const written = properties[cacheProperty(ticket.sessionId)];
    const stored = again.entity.properties[cacheProperty(ticket.sessionId)];
    if (written instanceof Uint8Array && stored instanceof Uint8Array && Buffer.compare(written, stored) === 0)
      return 'written';
    if (again.lease?.holder !== lease?.holder || !isHeld(again.lease, store.ambient.now())) {
      return { outcome: 'unavailable', reason: 'lease-lost' };
    }
    etag = again.entity.etag;
  }
}

/** A dead refresh token ends the session that it served: a session must not outlive its tokens (G2). */
async function endSessionOf(store: AccountStore, { account, sessionId, secret }: SessionTicket): Promise<Acquired> {
  const ended = await endInAccount(store, account, {
    receivedAt: store.ambient.now(),
    scope: 'session',
    names: (id, record) => id === sessionId && record !== null && secretMatches(record, secret),
  });
  return ended.outcome === 'unavailable' ? ended : { outcome: 'signed-out' };
}

async function readSession(
  store: AccountStore,
  codec: AccountCodec,
  { account, sessionId, secret }: SessionTicket,
): Promise<Reading | { outcome: 'signed-out' } | Unavailable> {
  const key = { partitionKey: account, rowKey: ACCOUNT_ROW_KEY };
  const read = await store.tables.accounts.read(key, propertiesOf(sessionId));
  if (read.outcome === 'gone') return { outcome: 'signed-out' };
  if (read.outcome === 'unavailable') return read;
  const { entity } = read;
  if (!(sessionProperty(sessionId) in entity.properties)) return { outcome: 'signed-out' };
  const session = codec.openSession(entity, sessionId);
  const cache = codec.openCache(entity, sessionId);
  const lease = codec.openLease(entity, sessionId);
  if (session.outcome !== 'opened' || cache.outcome !== 'opened' || !secretMatches(session.value, secret)) {
    return { outcome: 'signed-out' };
  }
  return {
    entity,
    record: session.value,
    cache: { homeAccountId: session.value.homeAccountId, serialized: cache.value },
    lease: lease.outcome === 'opened' ? lease.value : null,
  };
}
