import { noteExpiry } from '../store/expiry-buckets.ts';
import type { Table, Tables, Unavailable } from '../store/table.ts';
import type { IndexKey } from './index-key.ts';

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
  tables: Tables,
  index: IndexKey,
  receivedAt: number,
): Promise<'written' | Unavailable> {
  const dueAt = receivedAt + TOMBSTONE_MINUTES * 60_000;
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
    const created = await sids.create(key, properties);
    if (created.outcome === 'created') return 'written';
    if (created.outcome === 'unavailable') return created;
    const read = await sids.read(key);
    if (read.outcome === 'unavailable') return read;
    if (read.outcome === 'gone') continue;
    if (timeOf(read.entity.properties.receivedAt) >= receivedAt) return 'written';
    const moved = await sids.merge(key, properties, read.entity.etag);
    if (moved.outcome === 'updated') return 'written';
    if (moved.outcome === 'unavailable') return moved;
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

/** When the last sign-out of this target was received (milliseconds since the epoch); null where there is no tombstone. */
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

/** A tombstone that cannot be read counts as the newest there can be: in doubt a sign-in is refused. */
function timeOf(property: unknown): number {
  return property instanceof Date ? property.getTime() : Number.MAX_SAFE_INTEGER;
}
