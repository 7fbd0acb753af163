import { BUCKET_MILLISECONDS, expiryBucket, parseExpiryBucket } from '../store/expiry-buckets.ts';
import type { Table, Unavailable } from '../store/table.ts';

/** Beside the buckets, whose keys begin with a year. */
const KEY = { partitionKey: 'cursor', rowKey: 'sweep' };
/** How far the first run of all looks back: an application may have stored rows before its timer first ran. */
const LOOK_BACK_HOURS = 35 * 24;

/** Where the sweep stands: the oldest bucket that it does not know to be empty. */
export interface Cursor {
  /** When that bucket's hour begins, milliseconds since the epoch. */
  readonly begin: number;
  readonly etag: string;
}

/** Two that move it at once meet here; each loser reads again. */
const TRIES_MAX = 8;

function firstBucket(now: number): number {
  const hour = Math.floor(now / BUCKET_MILLISECONDS);
  return (hour - LOOK_BACK_HOURS) * BUCKET_MILLISECONDS;
}

/** Reads where the last run came to, or sets out. With it no run has to look through the table for what is due. */
export async function openCursor(expiries: Table, now: number): Promise<Cursor | Unavailable> {
  const first = firstBucket(now);
  let read = await expiries.read(KEY);
  if (read.outcome === 'gone') {
    const created = await expiries.create(KEY, { bucket: expiryBucket(first) });
    if (created.outcome === 'unavailable') return created;
    // Ours, or that of another instance that was first.
    read = await expiries.read(KEY);
  }
  switch (read.outcome) {
    case 'found':
      return { begin: beginOf(read.entity.properties.bucket, first, now), etag: read.entity.etag };
    case 'gone':
      return { outcome: 'unavailable', reason: 'cursor-gone' };
    case 'unavailable':
      return read;
  }
}

/**
 * Moves the cursor on to a bucket, never back. Another instance that moved it since it was read keeps its word: in doubt
 * the next run reads some empty buckets once more.
 */
export async function moveCursor(expiries: Table, { begin, etag }: Cursor, to: number): Promise<'moved' | Unavailable> {
  if (to <= begin) return 'moved';
  const moved = await expiries.merge(KEY, { bucket: expiryBucket(to) }, etag);
  return moved.outcome === 'unavailable' ? moved : 'moved';
}

/** Moves the cursor back to where the first run of all sets out: hours that were empty may be so no longer. */
export async function setBackCursor(expiries: Table, now: number): Promise<'set-back' | Unavailable> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const read = await expiries.read(KEY);
    if (read.outcome === 'unavailable') return read;
    if (read.outcome === 'gone') return 'set-back';
    const moved = await expiries.merge(KEY, { bucket: expiryBucket(firstBucket(now)) }, read.entity.etag);
    if (moved.outcome === 'updated') return 'set-back';
    if (moved.outcome === 'unavailable') return moved;
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

/** A cursor that names no bucket is like none; and so is one in time to come, up to which no run would look at anything. */
function beginOf(bucket: unknown, otherwise: number, now: number): number {
  const begin = typeof bucket === 'string' ? parseExpiryBucket(bucket) : null;
  return begin === null || begin > now ? otherwise : begin;
}
