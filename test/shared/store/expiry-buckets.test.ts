import { describe, expect, it } from '@jest/globals';
import { expiryBucket, parseExpiryBucket } from '../../../shared/store/expiry-buckets.ts';

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

  it('says when its hour begins', () => {
    expect(parseExpiryBucket('2026-11-21T09')).toBe(Date.parse('2026-11-21T09:00:00Z'));
  });

  it.each(['', 'soon', 'cursor', '2026-11-21', '2026-11-21T9', '2026-11-21T24', '2026-02-30T09', '2026-11-21T09:00'])(
    'is not named by %j',
    (text) => {
      expect(parseExpiryBucket(text)).toBeNull();
    },
  );
});
