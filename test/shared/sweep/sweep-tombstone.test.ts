import { beforeEach, describe, expect, it } from '@jest/globals';
import { readTombstone, TOMBSTONE_MINUTES, writeTombstone } from '../../../shared/account/tombstone.ts';
import { expiryBucket } from '../../../shared/store/expiry-buckets.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { beforeOnce, createTestStore, type TestStore, target } from '../../support/store.ts';
import { noteKinds, notes, SETTLES_WITHIN, stored } from './support.ts';

const INDEX = target('sid', 'sid-1');
let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const bury = () => writeTombstone(store, INDEX, store.ambient.now());
const whenDue = () => store.ambient.advance(TOMBSTONE_MINUTES * MINUTE + SETTLES_WITHIN);
/** Moves the tombstone, as a sign-out does that dies before it has noted it. */
async function moveWithoutNote(): Promise<void> {
  const [row] = store.tables.rows('sids');
  if (row) await store.tables.sids.merge(row, { receivedAt: new Date(store.ambient.now()) }, row.etag);
}

describe('a tombstone', () => {
  it('goes with its note when no attempt is left that it could refuse', async () => {
    await bury();
    whenDue();
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { tombstones: 1, notes: 1 } });
    expect(stored(store)).toBe(0);
  });

  it('that was moved forward stays, until its new time has passed too', async () => {
    await bury();
    whenDue();
    const receivedAt = store.ambient.now();
    await bury();
    await sweep(store);
    expect(await readTombstone(store.tables.sids, INDEX)).toBe(receivedAt);
    expect(noteKinds(store)).toEqual(['tombstone']);
    whenDue();
    await sweep(store);
    expect(stored(store)).toBe(0);
  });

  it('that was moved forward and not noted is noted again', async () => {
    await bury();
    whenDue();
    await moveWithoutNote();
    await sweep(store);
    const dueAt = store.ambient.now() + TOMBSTONE_MINUTES * MINUTE;
    expect(notes(store)).toMatchObject([{ partitionKey: expiryBucket(dueAt), properties: { index: INDEX } }]);
    whenDue();
    await sweep(store);
    expect(stored(store)).toBe(0);
  });

  it('is noted again in no hour that has passed, which a run elsewhere may have cleared already', async () => {
    await bury();
    store.ambient.setWallClock(TEST_EPOCH + 10 * HOUR - (TOMBSTONE_MINUTES + 1) * MINUTE);
    await moveWithoutNote();
    store.ambient.setWallClock(TEST_EPOCH + 10 * HOUR);
    await sweep(store);
    expect(notes(store)).toMatchObject([{ partitionKey: expiryBucket(store.ambient.now()) }]);
  });

  it('that moves between the look and the deletion stays', async () => {
    await bury();
    whenDue();
    beforeOnce(store, { table: 'sids', name: 'remove' }, moveWithoutNote);
    await sweep(store);
    expect(await readTombstone(store.tables.sids, INDEX)).toBe(store.ambient.now());
    expect(noteKinds(store)).toEqual(['tombstone']);
  });

  it('that a sign-out finds gone under its hands is written all the same', async () => {
    await bury();
    whenDue();
    beforeOnce(store, { table: 'sids', name: 'merge' }, () => sweep(store));
    expect(await bury()).toBe('written');
    expect(await readTombstone(store.tables.sids, INDEX)).toBe(store.ambient.now());
  });

  it('that is noted twice goes once', async () => {
    await bury();
    store.ambient.advance(2 * HOUR);
    await bury();
    whenDue();
    expect(await sweep(store)).toMatchObject({ counts: { tombstones: 1, notes: 2 } });
    expect(stored(store)).toBe(0);
  });

  it('that cannot be read as a time stays, and is looked at again', async () => {
    await bury();
    const [row] = store.tables.rows('sids');
    if (row) await store.tables.sids.replace(row, { receivedAt: 'soon' }, row.etag);
    whenDue();
    await sweep(store);
    expect(store.tables.rows('sids')).toHaveLength(1);
    expect(notes(store)).toMatchObject([{ partitionKey: expiryBucket(store.ambient.now()) }]);
  });
});
