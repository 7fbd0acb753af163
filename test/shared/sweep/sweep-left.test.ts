import { beforeEach, describe, expect, it } from '@jest/globals';
import { type AccountKey, accountKey } from '../../../shared/account/account-key.ts';
import { SWEEP_LIMITS, sweep } from '../../../shared/sweep/sweep.ts';
import type { Hook } from '../../memory-table/memory-table.ts';
import { HOUR } from '../../support/records.ts';
import { signIn } from '../../support/signins.ts';
import { CLIENT_ID, createTestStore, failing, recordOperations, type TestStore } from '../../support/store.ts';
import { cursorOf, notes, SESSION_LIFE, SETTLES_WITHIN, stored } from './support.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const UNLUCKY = accountKey('unlucky', CLIENT_ID);
const person = (at: number): AccountKey => accountKey(`person-${at}`, CLIENT_ID);

/** Everybody's session falls due in the same hour, and that of one more in an hour of its own, before all others. */
async function fill(people: number): Promise<void> {
  await signIn(store, { account: UNLUCKY });
  store.ambient.advance(HOUR);
  for (let at = 0; at < people; at += 1) await signIn(store, { account: person(at) });
  store.ambient.advance(SESSION_LIFE + SETTLES_WITHIN);
}

/** Whenever a write to it is about to come, somebody else has written. */
const contended: Hook = async ({ table, name, partitionKey, rowKey = '', etag }) => {
  if (table !== 'accounts' || name !== 'remove' || partitionKey !== UNLUCKY) return undefined;
  const before = store.tables.before;
  store.tables.before = undefined;
  await store.tables.accounts.merge({ partitionKey, rowKey }, {}, etag ?? '');
  store.tables.before = before;
  return undefined;
};

const silent: Hook = ({ table, partitionKey }) =>
  table === 'accounts' && partitionKey === UNLUCKY ? { outcome: 'unavailable', reason: 'deadline' } : undefined;

describe('an account that others write to without end', () => {
  it('is passed over and counted, and everybody behind it is swept; it goes as soon as it can', async () => {
    await fill(20);
    store.tables.before = contended;
    for (const swept of [20, 0]) {
      expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { accounts: swept, left: 1 } });
      expect(store.tables.rows('accounts')).toMatchObject([{ partitionKey: UNLUCKY }]);
      expect([notes(store), cursorOf(store)]).toMatchObject([{ length: 1 }, '2026-11-21T17']);
    }
    store.tables.before = undefined;
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { accounts: 1, left: 0 } });
    expect(stored(store)).toBe(0);
  });
});

describe('an account that storage does not answer for', () => {
  it('is passed over and counted, and everybody behind it is swept; the run says that it is not done', async () => {
    await fill(20);
    store.tables.before = silent;
    for (const swept of [20, 0]) {
      const counts = { accounts: swept, left: 1 };
      expect(await sweep(store)).toMatchObject({ outcome: 'unavailable', reason: 'deadline', counts });
      expect(store.tables.rows('accounts')).toMatchObject([{ partitionKey: UNLUCKY }]);
      expect([notes(store), cursorOf(store)]).toMatchObject([{ length: 1 }, '2026-11-21T17']);
    }
    store.tables.before = undefined;
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { accounts: 1, left: 0 } });
    expect(stored(store)).toBe(0);
  });

  it('is asked for once a run, however many of its sessions are due, and leaves every one of their notes', async () => {
    for (let session = 0; session < 30; session += 1) await signIn(store, { account: UNLUCKY, sid: `sid-${session}` });
    await fill(8);
    store.tables.before = silent;
    const asked = recordOperations(store);
    const record = store.tables.before;
    store.tables.before = async (operation) => (await record?.(operation)) ?? silent(operation);
    const counts = { accounts: 8, left: 31 };
    expect(await sweep(store, { ...SWEEP_LIMITS, page: 10 })).toMatchObject({ outcome: 'unavailable', counts });
    const ofUnlucky = asked.filter(({ partitionKey }) => partitionKey === UNLUCKY);
    // Those that were under way beside the first.
    expect(ofUnlucky.length).toBeLessThanOrEqual(8);
    expect(notes(store)).toHaveLength(31);
  });
});

describe('storage that answers for nobody', () => {
  it('is asked for a few and no more, and none of their notes is lost', async () => {
    await fill(40);
    failing(store, { table: 'accounts' });
    const fail = store.tables.before;
    let asked = 0;
    store.tables.before = (operation) => {
      asked += Number(operation.table === 'accounts');
      return fail?.(operation);
    };
    expect(await sweep(store)).toMatchObject({ outcome: 'unavailable', reason: 'test-outage' });
    expect(asked).toBeLessThanOrEqual(16);
    expect([notes(store), cursorOf(store)]).toMatchObject([{ length: 41 }, '2026-11-21T17']);
    store.tables.before = undefined;
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { accounts: 41 } });
  });
});
