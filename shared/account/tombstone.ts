import { BUCKET_MILLISECONDS, noteExpiry } from '../store/expiry-buckets.ts';
import type { RemoveOutcome, Table, Unavailable } from '../store/table.ts';
import type { AccountStore } from './account-store.ts';
import type { IndexKey } from './index-key.ts';
import { atEach, atHome } from './where.ts';

/** A sign-in attempt lives 10 minutes; a tombstone has to outlive every attempt that it may refuse. */
export const TOMBSTONE_MINUTES = 15;

const ROW_KEY = 'tombstone';
/** Two sign-outs of one target at once meet here; each loser reads and finds the time moved forward. */
const TRIES_MAX = 8;

/**
 * Records that a sign-out of this target was received, so that no attempt that began before can complete. Created, or
 * moved forward under its ETag; never back, or a late retry would let in what a newer sign-out refused.
 *
 * @param receivedAt milliseconds since the epoch
 */
export async function writeTombstone(
  store: AccountStore,
  index: IndexKey,
  receivedAt: number,
): Promise<'written' | Unavailable> {
  const { tables, ambient } = atHome(store, index);
  // Of a late retry the time may have come already; but the sweep has been through the hours that are over.
  const dueAt = tombstoneDueAt(Math.max(receivedAt, ambient.now()));
  const [written, noted] = await Promise.all([
    createOrMoveForward(tables.sids, index, receivedAt),
    noteExpiry(tables.expiries, dueAt, `tombstone~${index}`, { index }),
  ]);
  return noted === 'noted' ? written : noted;
}

async function createOrMoveForward(sids: Table, index: IndexKey, receivedAt: number): Promise<'written' | Unavailable> {
  const key = { partitionKey: index, rowKey: ROW_KEY };
  const properties = { receivedAt: new Date(receivedAt) };
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    // At once, and not one after the other: where a tombstone stands already, the OP waits a round trip less.
    const [created, read] = await Promise.all([sids.create(key, properties), sids.read(key)]);
    if (created.outcome === 'created') return 'written';
    if (created.outcome === 'unavailable') return created;
    if (read.outcome === 'unavailable') return read;
    if (read.outcome === 'gone') continue;
    if (timeOf(read.entity.properties.receivedAt) >= receivedAt) return 'written';
    const moved = await sids.merge(key, properties, read.entity.etag);
    if (moved.outcome === 'updated') return 'written';
    if (moved.outcome === 'unavailable') return moved;
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

/**
 * Whether the target's tombstone stands and the note that a newer one needs is there: then moving it forward adds no row.
 *
 * @param receivedAt of the newer one, milliseconds since the epoch
 */
export async function tombstoneIsNoted(
  store: AccountStore,
  index: IndexKey,
  receivedAt: number,
): Promise<boolean | Unavailable> {
  const { tables, ambient } = atHome(store, index);
  const standing = await readTombstone(tables.sids, index);
  if (standing === null || typeof standing === 'object') return standing ?? false;
  const hour = (time: number): number => Math.floor(tombstoneDueAt(time) / BUCKET_MILLISECONDS);
  return hour(standing) === hour(Math.max(receivedAt, ambient.now()));
}

/** When the last sign-out of this target was received (milliseconds since the epoch), wherever; null where there was none. */
export async function newestTombstone(store: AccountStore, index: IndexKey): Promise<number | null | Unavailable> {
  let newest: number | null = null;
  for (const read of await Promise.all(atEach(store, index).map(({ tables }) => readTombstone(tables.sids, index)))) {
    if (typeof read === 'object' && read !== null) return read;
    if (read !== null) newest = Math.max(newest ?? read, read);
  }
  return newest;
}

/** The same at one place. */
export async function readTombstone(sids: Table, index: IndexKey): Promise<number | null | Unavailable> {
  const read = await sids.read({ partitionKey: index, rowKey: ROW_KEY });
  switch (read.outcome) {
    case 'found':
      return timeOf(read.entity.properties.receivedAt);
    case 'gone':
      return null;
    case 'unavailable':
      return read;
  }
}

/**
 * For the sweep alone: removes a tombstone that fell due before `dueBefore`, as it was read. One that has moved forward
 * since it was noted stays, and so does one that moves between the look and the deletion; and, with `dueAt` null, one
 * whose time nobody can read.
 */
export async function removeTombstone(
  sids: Table,
  index: IndexKey,
  dueBefore: number,
): Promise<RemoveOutcome | { readonly outcome: 'young'; readonly dueAt: number | null }> {
  const read = await sids.read({ partitionKey: index, rowKey: ROW_KEY });
  if (read.outcome !== 'found') return read;
  const { receivedAt } = read.entity.properties;
  if (!(receivedAt instanceof Date)) return { outcome: 'young', dueAt: null };
  const dueAt = tombstoneDueAt(receivedAt.getTime());
  if (dueAt >= dueBefore) return { outcome: 'young', dueAt };
  return sids.remove(read.entity, read.entity.etag);
}

const tombstoneDueAt = (receivedAt: number): number => receivedAt + TOMBSTONE_MINUTES * 60_000;

/** A tombstone that cannot be read counts as the newest there can be: in doubt a sign-in is refused. */
function timeOf(property: unknown): number {
  return property instanceof Date ? property.getTime() : Number.MAX_SAFE_INTEGER;
}
