import { type AccountCodec, cacheProperty, type Lease } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { withoutOtherAccessTokens } from '../account/cache-codec.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Entity, Properties, Unavailable } from '../store/table.ts';
import { isHeld, LOOK_AGAIN_MILLISECONDS, RELEASED } from './lease.ts';
import {
  ACCOUNT_TOO_LARGE,
  type Extent,
  type Reading,
  readSession,
  SESSION_GONE,
  type SessionGone,
  writeSession,
} from './session-reading.ts';
import type { Refreshed } from './token-client.ts';

/**
 * Writes what was redeemed, while the session stands and the lease holds. A row or session that has gone means signed
 * out: the tokens just redeemed are thrown away, however good they are (G1).
 *
 * Where the account is full, the cache first sheds the access tokens that were not asked for, then the oldest other
 * sessions make way: an OP that rotates has killed the stored refresh token, so its heir goes before all of them.
 */
export async function writeBack(
  store: AccountStore,
  codec: AccountCodec,
  ticket: SessionTicket,
  reading: Reading,
  { cache, accessToken }: Refreshed,
): Promise<'written' | SessionGone | Unavailable> {
  const { ambient } = store;
  const { sessionId } = ticket;
  const released = codec.sealLease(sessionId, RELEASED);
  let current = reading;
  let kept: Properties = { ...codec.sealCache(sessionId, cache.serialized), ...released };
  let shed = false;
  for (;;) {
    const written = await writeSession(store, codec, ticket, current, kept);
    if (written.outcome === 'updated') return 'written';
    if (written.outcome === 'gone') return SESSION_GONE;
    const full = written.outcome === 'too-large';
    if (full && current.extent === 'whole') return ACCOUNT_TOO_LARGE;
    if (full && !shed) {
      shed = true;
      kept = {
        ...codec.sealCache(sessionId, withoutOtherAccessTokens(cache.serialized, accessToken.token)),
        ...released,
      };
      continue;
    }
    // A storage that refuses writes and still reads must not be asked without a pause.
    if (written.outcome === 'unavailable') await ambient.sleep(LOOK_AGAIN_MILLISECONDS);
    // Changed by another, or perhaps by ourselves with the answer lost: only a read can tell.
    const again = await readWhileHeld(store, codec, ticket, reading.lease, full ? 'whole' : current.extent);
    if ('outcome' in again) return again;
    if (holds(again.entity, kept, cacheProperty(sessionId))) return 'written';
    if (again.lease?.holder !== reading.lease?.holder || !isHeld(again.lease, ambient.now())) {
      return { outcome: 'unavailable', reason: 'lease-lost' };
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
): Promise<Reading | SessionGone | Unavailable> {
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
