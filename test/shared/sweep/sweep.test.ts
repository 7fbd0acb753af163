import { beforeEach, describe, expect, it } from '@jest/globals';
import { SETTLED_MINUTES } from '../../../shared/account/attempt-life.ts';
import { writeTombstone } from '../../../shared/account/tombstone.ts';
import { SWEEP_LIMITS, sweep } from '../../../shared/sweep/sweep.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, BOB, createTestStore, failing, type TestStore, target } from '../../support/store.ts';
import { callsOf, cursorOf, noteKinds, notes, SESSION_LIFE, SETTLES_WITHIN, stored, useAttempt } from './support.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

describe('a run of the sweep', () => {
  it('reads no bucket whose hour has not passed by as long as a sign-in can take', async () => {
    await useAttempt(store, 'a');
    store.ambient.setWallClock(TEST_EPOCH + HOUR + SETTLED_MINUTES * MINUTE - 1);
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { notes: 0 } });
    expect(noteKinds(store)).toEqual(['attempt']);
    store.ambient.setWallClock(TEST_EPOCH + HOUR + SETTLED_MINUTES * MINUTE);
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { notes: 1 } });
    expect(notes(store)).toEqual([]);
  });

  it('removes an attempt when it is due, and none that is not', async () => {
    await useAttempt(store, 'old');
    store.ambient.advance(SETTLES_WITHIN);
    await useAttempt(store, 'young');
    await sweep(store);
    expect(notes(store)).toMatchObject([{ rowKey: 'attempt~young' }]);
  });

  it('leaves everything that lives as it is', async () => {
    await signIn(store);
    await writeTombstone(store, target('sid', 'sid-9'), store.ambient.now());
    const before = [store.tables.rows('accounts'), store.tables.rows('sids'), notes(store)];
    await sweep(store);
    expect([store.tables.rows('accounts'), store.tables.rows('sids'), notes(store)]).toEqual(before);
  });

  it('leaves a note of a kind that only a later version knows, and does the rest', async () => {
    await store.tables.expiries.create({ partitionKey: '2026-11-21T09', rowKey: 'anew~1' }, { later: true });
    await useAttempt(store, 'a');
    store.ambient.advance(SETTLES_WITHIN);
    await sweep(store);
    expect(noteKinds(store)).toEqual(['anew']);
    expect(cursorOf(store)).toBe('2026-11-21T09');
  });

  it.each([
    ['session~no-id', { account: ALICE, indexes: '' }],
    [`session~${'0'.repeat(32)}`, { account: 'no/account', indexes: '' }],
    [`session~${'0'.repeat(32)}`, { account: ALICE }],
    ['tombstone~x', { index: 'not-an-index' }],
  ])('removes a note that leads nowhere: %s %j', async (rowKey, properties) => {
    await store.tables.expiries.create({ partitionKey: '2026-11-21T09', rowKey }, properties);
    store.ambient.advance(SETTLES_WITHIN);
    expect(await sweep(store)).toMatchObject({ outcome: 'swept' });
    expect(notes(store)).toEqual([]);
  });
});

describe('the cursor of the sweep', () => {
  it('comes to the oldest bucket that is not settled', async () => {
    await sweep(store);
    expect(cursorOf(store)).toBe('2026-11-21T08');
    store.ambient.advance(3 * HOUR);
    await sweep(store);
    expect(cursorOf(store)).toBe('2026-11-21T11');
  });

  it('catches up after days without a run', async () => {
    await sweep(store);
    for (const account of [ALICE, BOB]) {
      await signIn(store, { account });
      store.ambient.advance(30 * HOUR);
    }
    store.ambient.advance(20 * 24 * HOUR);
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { accounts: 2, sessions: 2, indexRows: 2 } });
    expect(stored(store)).toBe(0);
  });

  it('makes a run cost what is due, not what is stored', async () => {
    await sweep(store);
    for (let person = 0; person < 20; person += 1) await signIn(store, { sid: `sid-${person}` });
    const calls = callsOf(store);
    await sweep(store);
    expect(calls).toEqual(['expiries.read']);
    store.ambient.advance(HOUR);
    calls.length = 0;
    await sweep(store);
    expect(calls).toEqual(['expiries.read', 'expiries.list', 'expiries.merge']);
  });

  it('does not move past what was left', async () => {
    await useAttempt(store, 'a');
    store.ambient.advance(HOUR);
    await useAttempt(store, 'b');
    store.ambient.advance(SETTLES_WITHIN);
    failing(store, { table: 'expiries', name: 'remove', rowKey: 'attempt~a' }, 1);
    const counts = { notes: 1, left: 1 };
    expect(await sweep(store)).toMatchObject({ outcome: 'unavailable', reason: 'test-outage', counts });
    expect(cursorOf(store)).toBe('2026-11-21T09');
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { notes: 1, left: 0 } });
    expect(cursorOf(store)).toBe('2026-11-21T11');
  });

  it('does not move back for a run whose look is older', async () => {
    await sweep(store);
    const late = { ...store, ambient: { ...store.ambient, now: () => TEST_EPOCH + HOUR } };
    store.ambient.advance(5 * HOUR);
    const { before } = store.tables;
    store.tables.before = async ({ name }) => {
      if (name !== 'merge') return undefined;
      store.tables.before = before;
      await sweep(store);
      return undefined;
    };
    expect(await sweep(late)).toMatchObject({ outcome: 'swept' });
    expect(cursorOf(store)).toBe('2026-11-21T13');
  });

  it('that names no bucket is set anew', async () => {
    await store.tables.expiries.create({ partitionKey: 'cursor', rowKey: 'sweep' }, { bucket: 'soon' });
    await sweep(store);
    expect(cursorOf(store)).toBe('2026-11-21T08');
  });
});

describe('the limits of a run', () => {
  it('hold for notes, and the next run goes on', async () => {
    for (let attempt = 0; attempt < 40; attempt += 1) await useAttempt(store, `${attempt}`);
    store.ambient.advance(SETTLES_WITHIN);
    const limits = { ...SWEEP_LIMITS, notes: 16, page: 10 };
    const runs: unknown[] = [];
    while (noteKinds(store).length > 0) runs.push(await sweep(store, limits));
    expect(runs).toMatchObject([{ outcome: 'more' }, { outcome: 'more' }, { outcome: 'swept' }]);
    expect(runs).toMatchObject([{ counts: { notes: 18 } }, { counts: { notes: 18 } }, { counts: { notes: 4 } }]);
  });

  it('hold for time', async () => {
    for (let attempt = 0; attempt < 40; attempt += 1) await useAttempt(store, `${attempt}`);
    store.ambient.advance(SETTLES_WITHIN);
    store.tables.before = ({ name }) => {
      if (name === 'remove') store.ambient.advance(1_000);
      return undefined;
    };
    expect(await sweep(store, { ...SWEEP_LIMITS, milliseconds: 10_000 })).toMatchObject({ outcome: 'more' });
    expect(notes(store)).toHaveLength(24);
    expect(cursorOf(store)).toBe('2026-11-21T09');
  });

  it('do not let what stays hide what is behind it', async () => {
    const later = Array.from({ length: 7 }, (_, at) => `anew~${at}`);
    for (const rowKey of later) await store.tables.expiries.create({ partitionKey: '2026-11-21T09', rowKey }, {});
    for (let attempt = 0; attempt < 7; attempt += 1) await useAttempt(store, `${attempt}`);
    store.ambient.advance(SETTLES_WITHIN);
    await sweep(store, { ...SWEEP_LIMITS, page: 3 });
    expect(notes(store).map(({ rowKey }) => rowKey)).toEqual(later);
  });
});

describe('several runs at once', () => {
  it('clear the same as one', async () => {
    for (const sid of ['sid-1', 'sid-2']) await signIn(store, { sid });
    await signIn(store, { account: BOB });
    await writeTombstone(store, target('sid', 'sid-1'), store.ambient.now());
    store.ambient.advance(SESSION_LIFE + SETTLES_WITHIN);
    await Promise.all([sweep(store), sweep(store), sweep(store)]);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });
});

describe('a run that breaks off', () => {
  /** Something of every kind, all due. */
  async function fill(): Promise<void> {
    await useAttempt(store, 'a');
    await signIn(store);
    await signIn(store, { sid: 'sid-2' });
    await writeTombstone(store, target('sid', 'sid-1'), store.ambient.now());
    store.ambient.advance(SESSION_LIFE + SETTLES_WITHIN);
  }

  it.each(['before', 'after'] as const)('%s any call leaves nothing that the next cannot find', async (when) => {
    await sweep(store);
    await fill();
    const calls = callsOf(store);
    await sweep(store);
    const callsMax = calls.length;
    expect(callsMax).toBeGreaterThan(15);
    for (let crash = 0; crash < callsMax; crash += 1) {
      store = createTestStore();
      await sweep(store);
      await fill();
      let count = 0;
      store.tables[when] = () => {
        count += 1;
        return count > crash ? { outcome: 'unavailable', reason: 'test-crash' } : undefined;
      };
      expect(await sweep(store)).toMatchObject({ outcome: 'unavailable', reason: 'test-crash' });
      store.tables[when] = undefined;
      expect(await sweep(store)).toMatchObject({ outcome: 'swept' });
      expect(stored(store)).toBe(0);
    }
  });

  it.each([
    ['accounts', ['session', 'session']],
    ['sids', ['session', 'session', 'tombstone']],
    ['expiries', ['attempt', 'session', 'session', 'tombstone']],
  ] as const)('because %s is out keeps the note of everything that is not done', async (table, kinds) => {
    await fill();
    failing(store, { table });
    expect(await sweep(store)).toMatchObject({ outcome: 'unavailable', reason: 'test-outage' });
    expect(noteKinds(store).toSorted()).toEqual(kinds);
    store.tables.before = undefined;
    expect(await sweep(store)).toMatchObject({ outcome: 'swept' });
    expect(stored(store)).toBe(0);
  });
});
