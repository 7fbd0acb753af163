import { describe, expect, it } from '@jest/globals';
import { expiryBucket } from '../../../shared/store/expiry-buckets.ts';

describe('an expiry bucket', () => {
  it.each([
    ['2026-11-21T09:00:00.000Z', '2026-11-21T09'],
    ['2026-11-21T09:59:59.999Z', '2026-11-21T09'],
    ['2026-11-21T10:00:00.000Z', '2026-11-21T10'],
    ['2026-12-31T23:59:59.999Z', '2026-12-31T23'],
  ])('of %s is the hour %s', (time, bucket) => {
    expect(expiryBucket(Date.parse(time))).toBe(bucket);
  });

  it('sorts as time does, so that a sweep reads from the oldest on', () => {
    const times = ['2026-09-30T23:10:00Z', '2026-10-01T00:00:00Z', '2026-10-01T09:00:00Z', '2026-10-01T10:00:00Z'];
    const buckets = times.map((time) => expiryBucket(Date.parse(time)));
    expect(buckets.toSorted()).toEqual(buckets);
  });
});
