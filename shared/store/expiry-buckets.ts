import type { Properties, Table, Unavailable } from './table.ts';

export const BUCKET_MILLISECONDS = 60 * 60 * 1000;

/** The PartitionKey in `expiries` of all that falls due within one hour: its beginning, e.g. `2026-11-21T09`. */
export function expiryBucket(dueAt: number): string {
  const begin = Math.floor(dueAt / BUCKET_MILLISECONDS) * BUCKET_MILLISECONDS;
  return new Date(begin).toISOString().slice(0, 13);
}

/** When a bucket's hour begins (milliseconds since the epoch); null for what names no bucket. */
export function parseExpiryBucket(bucket: string): number | null {
  const begin = Date.parse(`${bucket}:00:00.000Z`);
  return Number.isNaN(begin) || expiryBucket(begin) !== bucket ? null : begin;
}

/** Notes what the sweep will find due at `dueAt` (milliseconds since the epoch). Noting the same again changes nothing. */
export async function noteExpiry(
  expiries: Table,
  dueAt: number,
  rowKey: string,
  properties: Properties,
): Promise<'noted' | Unavailable> {
  const created = await expiries.create({ partitionKey: expiryBucket(dueAt), rowKey }, properties);
  switch (created.outcome) {
    case 'created':
    case 'exists':
      return 'noted';
    case 'too-large':
      throw new RangeError('an expiry note is too large');
    case 'unavailable':
      return created;
  }
}
