import { beforeEach, describe, expect, it } from '@jest/globals';
import { ATTEMPT_MINUTES } from '../../../shared/account/attempt-life.ts';
import { readTombstone, TOMBSTONE_MINUTES, writeTombstone } from '../../../shared/account/tombstone.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { beforeOnce, createTestStore, failing, losingAnswer, type TestStore, target } from '../../support/store.ts';

const INDEX = target('sid', 'sid-1');
let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const read = () => readTombstone(store.tables.sids, INDEX);

describe('a tombstone', () => {
  it('says when the last sign-out was received', async () => {
    expect(await read()).toBeNull();
    expect(await writeTombstone(store, INDEX, TEST_EPOCH)).toBe('written');
    expect(await read()).toBe(TEST_EPOCH);
  });

  it('moves forward and never back', async () => {
    await writeTombstone(store, INDEX, TEST_EPOCH);
    await writeTombstone(store, INDEX, TEST_EPOCH + 5_000);
    expect(await read()).toBe(TEST_EPOCH + 5_000);
    await writeTombstone(store, INDEX, TEST_EPOCH + 1_000);
    expect(await read()).toBe(TEST_EPOCH + 5_000);
  });

  it('does not move back for one that comes between its look and its write', async () => {
    await writeTombstone(store, INDEX, TEST_EPOCH);
    beforeOnce(store, { table: 'sids', name: 'merge' }, () => writeTombstone(store, INDEX, TEST_EPOCH + 9_000));
    expect(await writeTombstone(store, INDEX, TEST_EPOCH + 5_000)).toBe('written');
    expect(await read()).toBe(TEST_EPOCH + 9_000);
  });

  it('is the newest of many at once', async () => {
    const times = [3, 1, 4, 1, 5, 9, 2, 6].map((seconds) => TEST_EPOCH + seconds * 1_000);
    const written = await Promise.all(times.map((time) => writeTombstone(store, INDEX, time)));
    expect(new Set(written)).toEqual(new Set(['written']));
    expect(await read()).toBe(TEST_EPOCH + 9_000);
  });

  it('outlives every attempt that it may refuse', () => {
    expect(TOMBSTONE_MINUTES).toBeGreaterThan(ATTEMPT_MINUTES);
  });

  it('is noted for the sweep', async () => {
    await writeTombstone(store, INDEX, TEST_EPOCH);
    expect(store.tables.rows('expiries')).toMatchObject([{ rowKey: `tombstone~${INDEX}` }]);
  });

  it.each(['create', 'read'] as const)('is not said to be written where %s fails', async (name) => {
    await writeTombstone(store, INDEX, TEST_EPOCH);
    failing(store, { table: 'sids', name });
    expect(await writeTombstone(store, INDEX, TEST_EPOCH + 1)).toMatchObject({ outcome: 'unavailable' });
  });

  it('that was written though the answer was lost is found by the next try', async () => {
    losingAnswer(store, { table: 'sids', name: 'create' });
    expect(await writeTombstone(store, INDEX, TEST_EPOCH)).toMatchObject({ outcome: 'unavailable' });
    expect(await writeTombstone(store, INDEX, TEST_EPOCH)).toBe('written');
  });

  it('that cannot be read as a time refuses every sign-in', async () => {
    await store.tables.sids.create({ partitionKey: INDEX, rowKey: 'tombstone' }, { receivedAt: 'soon' });
    expect(await read()).toBe(Number.MAX_SAFE_INTEGER);
  });
});
