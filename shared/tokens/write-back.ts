import { type AccountCodec, cacheProperty } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { refreshTokensIn, withoutOtherAccessTokens } from '../account/cache-codec.ts';
import type { Lease } from '../account/lease-record.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Entity, Properties, Unavailable } from '../store/table.ts';
import { isHeld, LOOK_AGAIN_MILLISECONDS, redeemedLease } from './lease.ts';
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
import type { Refreshed, SessionCache } from './token-client.ts';

/** Somebody else may redeem by now, and what was redeemed here comes too late. */
const LEASE_LOST: Unavailable = { outcome: 'unavailable', reason: 'lease-lost' };

/** Whether the refresh token is the same after a refresh: an OP need not rotate it. */
function keepsRefreshToken(before: SessionCache, after: SessionCache): boolean {
  const kept = refreshTokensIn(after.serialized);
  return refreshTokensIn(before.serialized).every((token) => kept.includes(token));
}

/**
 * Whether what was redeemed is known to be lost: its refresh token is in nobody's hands. Where storage does not say what
 * became of a write it may be stored all the same, and then it must live.
 */
export function isLost(
  written: 'written' | SessionGone | TokensUnreadable | Unavailable,
  before: SessionCache,
  after: SessionCache,
): boolean {
  if (written === 'written') return false;
  if (written.outcome === 'signed-out') return true;
  return (
    [CACHE_TOO_LARGE, ACCOUNT_TOO_LARGE, LEASE_LOST].some((one) => one === written) && !keepsRefreshToken(before, after)
  );
}

/**
 * Writes what was redeemed, while the session stands and the lease holds. A row or session that has gone means signed
 * out: the tokens just redeemed are thrown away, however good they are (G1). The same write moves the idle end: whoever
 * calls no more often than tokens end would otherwise never be renewed.
 *
 * Where the account is full, the cache first sheds the access tokens that were not asked for, then the oldest other
 * sessions make way: an OP that rotates has killed the stored refresh token, so its heir goes before all of them.
 *
 * @param redeemedAt when the OP was asked, milliseconds since the epoch
 */
export async function writeBack(
  store: AccountStore,
  codec: AccountCodec,
  ticket: SessionTicket,
  reading: Reading,
  { cache, accessToken }: Refreshed,
  redeemedAt: number,
): Promise<'written' | SessionGone | TokensUnreadable | Unavailable> {
  const { ambient } = store;
  const { sessionId } = ticket;
  const used = Math.max(reading.record.lastUsedAt, redeemedAt);
  const beside: Properties = {
    ...codec.sealSession(sessionId, { ...reading.record, lastUsedAt: used }),
    ...codec.sealLease(sessionId, redeemedLease(redeemedAt)),
  };
  const done = (): 'written' => {
    if (store.departed && !keepsRefreshToken(reading.cache, cache)) {
      const { sid } = reading.record;
      store.departed({ tokens: [{ ...reading.cache, sid }], standing: [sid] });
    }
    return 'written';
  };
  let sealed = codec.sealCache(sessionId, cache.serialized);
  let current = reading;
  let shed = false;
  for (;;) {
    if (sealed === null) return CACHE_TOO_LARGE;
    const kept: Properties = { ...beside, ...sealed };
    const written = await writeSession(store, codec, ticket, current, kept);
    if (written.outcome === 'updated') return done();
    if (written.outcome === 'gone') return SESSION_GONE;
    const full = written.outcome === 'too-large';
    if (full && current.extent === 'whole') return ACCOUNT_TOO_LARGE;
    if (full && !shed) {
      shed = true;
      sealed = codec.sealCache(sessionId, withoutOtherAccessTokens(cache.serialized, accessToken.token));
      continue;
    }
    // A storage that refuses writes and still reads must not be asked without a pause.
    if (written.outcome === 'unavailable') await ambient.sleep(LOOK_AGAIN_MILLISECONDS);
    // Changed by another, or perhaps by ourselves with the answer lost: only a read can tell.
    const again = await readWhileHeld(store, codec, ticket, reading.lease, full ? 'whole' : current.extent);
    if ('outcome' in again) return again;
    if (holds(again.entity, kept, cacheProperty(sessionId))) return done();
    if (again.lease?.holder !== reading.lease?.holder || !isHeld(again.lease, ambient.now())) {
      return LEASE_LOST;
    }
    current = again;
  }
}

/** An OP that rotates refresh tokens has killed the stored one: while the lease holds, keep trying to store its heir. */
async function readWhileHeld(
  store: AccountStore,
  codec: AccountCodec,
  ticket: SessionTicket,
  lease: Lease | null,
  extent: Extent,
): Promise<Reading | SessionGone | TokensUnreadable | Unavailable> {
  for (;;) {
    const again = await readSession(store, codec, ticket, extent);
    if (!('outcome' in again) || again.outcome === 'signed-out' || !isHeld(lease, store.ambient.now())) return again;
    await store.ambient.sleep(LOOK_AGAIN_MILLISECONDS);
  }
}

function holds(entity: Entity, written: Properties, property: string): boolean {
  const [ours, stored] = [written[property], entity.properties[property]];
  return ours instanceof Uint8Array && stored instanceof Uint8Array && Buffer.compare(ours, stored) === 0;
}
