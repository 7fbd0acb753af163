import { beforeEach, describe, expect, it } from '@jest/globals';
import { type AccountKey, accountKey } from '../../../shared/account/account-key.ts';
import { admit } from '../../../shared/account/admit.ts';
import { applicationTables } from '../../../shared/account/application-tables.ts';
import { SETTLED_MINUTES } from '../../../shared/account/attempt-life.ts';
import type { Departure } from '../../../shared/account/departures.ts';
import { endInAccount } from '../../../shared/account/end.ts';
import { writeTombstone } from '../../../shared/account/tombstone.ts';
import { checkSession } from '../../../shared/session/check.ts';
import { SWEEP_LIMITS, sweep } from '../../../shared/sweep/sweep.ts';
import { movingApplication, signInBy } from '../../support/moving.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  beforeOnce,
  CLIENT_ID,
  createTestStore,
  failing,
  losingAnswer,
  recordOperations,
  type TestStore,
  target,
  withKeys,
} from '../../support/store.ts';
import { callsOf, createShell, noteKinds, SETTLES_WITHIN, stored } from './support.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const SETTLED = SETTLED_MINUTES * MINUTE;

/** The same instance, told that nothing counts that began before. */
const told = (notBefore: number): TestStore => ({ ...store, sessionsNotBefore: notBefore });

/** Some time later, and the instant between then and now; all that was under way then has come to its end. */
function later(): number {
  store.ambient.advance(MINUTE);
  const notBefore = store.ambient.now();
  store.ambient.advance(SETTLED + MINUTE);
  return notBefore;
}

const cursor = () => store.tables.rows('expiries').find(({ rowKey }) => rowKey === 'sweep')?.properties;

const people = (count: number): AccountKey[] =>
  Array.from({ length: count }, (_, at) => accountKey(`person-${String(at).padStart(3, '0')}`, CLIENT_ID));

describe('with an instant before which no session counts, the sweep', () => {
  it('takes what began before it with all its tokens, long before that is due, and keeps what began since', async () => {
    await signIn(store);
    await signIn(store, { account: BOB, sid: 'sid-b' });
    const notBefore = later();
    const young = await signIn(store, { account: BOB, sid: 'sid-c' });
    expect(await sweep(told(notBefore))).toMatchObject({ outcome: 'swept', counts: { accounts: 1, sessions: 2 } });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(young));
    expect(await checkSession(told(notBefore), young, 60)).toMatchObject({ outcome: 'live' });
  });

  it('writes nothing to an account in which everything began since, nor to one that is being made', async () => {
    const notBefore = later();
    await signIn(store);
    await createShell(store, BOB);
    const before = store.tables.rows('accounts');
    await sweep(told(notBefore));
    expect(store.tables.rows('accounts')).toEqual(before);
  });

  it('finds what has lost its note, as a failover may bring back the one without the other', async () => {
    await signIn(store);
    for (const note of store.tables.rows('expiries')) await store.tables.expiries.remove(note, note.etag);
    await sweep(told(later()));
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('looks once more through the hours that it has been through: notes may have come back there', async () => {
    await signIn(store);
    const rows = [...store.tables.rows('expiries'), ...store.tables.rows('sids')];
    const [note, index] = rows;
    await endInAccount(store, ALICE, { receivedAt: store.ambient.now(), scope: 'account', names: () => true });
    store.ambient.advance(10 * HOUR);
    await sweep(store);
    expect(stored(store)).toBe(0);
    if (note) store.tables.load('expiries', [note]);
    if (index) store.tables.load('sids', [index]);
    await sweep(store);
    expect(stored(store)).toBe(2);
    await sweep(told(store.ambient.now() - HOUR));
    expect(stored(store)).toBe(0);
  });

  it('does not go on before the sweep is back there, whatever fails meanwhile', async () => {
    await signIn(store);
    const instance = told(later());
    await sweep(store);
    const { bucket } = cursor() ?? {};
    failing(store, { table: 'expiries', name: 'merge', rowKey: 'sweep' }, 1);
    expect(await sweep(instance)).toMatchObject({ outcome: 'unavailable', counts: { sessions: 0 } });
    beforeOnce(store, { table: 'accounts', name: 'partitionKeys' }, async () => {
      expect(String(cursor()?.bucket) < String(bucket)).toBe(true);
    });
    expect(await sweep(instance)).toMatchObject({ outcome: 'swept', counts: { sessions: 1 } });
    expect(cursor()).toEqual({ bucket });
  });

  it('does so once: then a run costs one read more, and an instance that was told nothing reads nothing', async () => {
    for (const account of people(3)) await signIn(store, { account });
    const instance = told(later());
    await sweep(instance);
    const calls = callsOf(store);
    await sweep(instance);
    expect(calls).toEqual(['expiries.read', 'expiries.read']);
    calls.length = 0;
    await sweep(store);
    expect(calls).toEqual(['expiries.read']);
  });

  it('goes through all in pages, within the limits of a run, and goes on where the last one ended', async () => {
    for (const account of people(40)) await signIn(store, { account });
    const instance = told(later());
    const limits = { ...SWEEP_LIMITS, notes: 16, page: 10 };
    const runs: number[] = [];
    let outcome = 'more';
    const seen: string[] = [];
    store.tables.before = ({ table, name, partitionKey }) => {
      if (table === 'accounts' && name === 'read') seen.push(partitionKey);
      return undefined;
    };
    for (let run = 0; run < 9 && outcome === 'more'; run += 1) {
      const swept = await sweep(instance, limits);
      outcome = swept.outcome;
      runs.push(swept.counts.sessions);
    }
    expect(outcome).toBe('swept');
    // By eights within a page of ten: half of a run, and the other half where nothing else is due.
    expect(runs).toEqual([16, 16, 8]);
    expect(seen.toSorted()).toEqual(people(40));
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('is as good after whatever breaks a run off: nobody is passed by', async () => {
    for (const account of people(25)) await signIn(store, { account });
    const instance = told(later());
    const [, , , , , , , , , , , , unlucky] = people(25);
    failing(store, { table: 'accounts', name: 'remove', partitionKey: unlucky ?? '' }, 1);
    expect(await sweep(instance, { ...SWEEP_LIMITS, page: 10 })).toMatchObject({ outcome: 'unavailable' });
    expect(store.tables.rows('accounts').length).toBeGreaterThan(0);
    losingAnswer(store, { table: 'expiries', name: 'merge', rowKey: 'not-before' });
    expect((await sweep(instance, { ...SWEEP_LIMITS, page: 10 })).outcome).toBe('unavailable');
    expect(await sweep(instance, { ...SWEEP_LIMITS, page: 10 })).toMatchObject({ outcome: 'swept' });
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('stops at the end of its time, with what it has done kept', async () => {
    for (const account of people(20)) await signIn(store, { account });
    const instance = told(later());
    store.tables.after = ({ name }) => {
      if (name === 'remove') store.ambient.advance(1_000);
      return undefined;
    };
    const limits = { ...SWEEP_LIMITS, milliseconds: 8_000 };
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'more', counts: { sessions: 8 } });
    const read = recordOperations(store);
    expect(await sweep(instance, { ...limits, milliseconds: 60_000 })).toMatchObject({ counts: { sessions: 12 } });
    expect(read.filter(({ table, name }) => table === 'accounts' && name === 'read')).toHaveLength(12);
  });
});

/** Somebody else writes to an account whenever one is about to. */
const contended = (account: AccountKey): void => {
  store.tables.before = ({ table, name, partitionKey }) =>
    table === 'accounts' && name === 'remove' && partitionKey === account
      ? { outcome: 'unavailable', reason: 'contention' }
      : undefined;
};

describe('a walk that cannot end what is in one account', () => {
  it('ends what is in all others, keeps the sweep from nothing that is due, and is not held for done', async () => {
    const [unlucky = ALICE, ...others] = people(20);
    for (const account of others) await signIn(store, { account });
    store.ambient.advance(4 * HOUR);
    await signIn(store, { account: unlucky });
    const instance = told(later());
    store.ambient.advance(4 * HOUR + SETTLES_WITHIN);
    contended(unlucky);
    expect(await sweep(instance, { ...SWEEP_LIMITS, page: 10 })).toMatchObject({
      outcome: 'unavailable',
      counts: { sessions: 19, indexRows: 19, left: 1 },
    });
    expect(store.tables.rows('accounts')).toMatchObject([{ partitionKey: unlucky }]);
    store.tables.before = undefined;
    expect(await sweep(instance)).toMatchObject({ outcome: 'swept', counts: { sessions: 1 } });
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('does not end as done in a later run either, which has not met it', async () => {
    const [unlucky = ALICE, ...others] = people(20);
    for (const account of [unlucky, ...others]) await signIn(store, { account });
    const instance = told(later());
    contended(unlucky);
    const limits = { ...SWEEP_LIMITS, notes: 8, page: 8 };
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'more', counts: { sessions: 7 } });
    store.tables.before = undefined;
    expect(await sweep(instance, limits)).toMatchObject({ counts: { sessions: 8 } });
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'unavailable', counts: { sessions: 4 } });
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'swept', counts: { sessions: 1 } });
    expect(store.tables.rows('accounts')).toEqual([]);
  });
});

describe('a walk that storage breaks off within a page', () => {
  it('goes on there, and not at the beginning of the page', async () => {
    for (const account of people(40)) await signIn(store, { account });
    const instance = told(later());
    for (const account of people(40)) await signIn(store, { account });
    failing(store, { table: 'accounts', name: 'replace', partitionKey: people(40)[30] ?? '' }, 1);
    expect(await sweep(instance)).toMatchObject({ outcome: 'unavailable', counts: { sessions: 31 } });
    const operations = recordOperations(store);
    expect(await sweep(instance)).toMatchObject({ outcome: 'swept', counts: { sessions: 9 } });
    const read = operations.filter(({ table, name }) => table === 'accounts' && name === 'read');
    expect(read.map(({ partitionKey }) => partitionKey)).toEqual(people(40).slice(24));
  });
});

describe('a walk that storage does not answer for about one account', () => {
  it('goes on there with the next run, and then passes it: everybody behind it is ended, and it is counted', async () => {
    const all = people(40);
    const unlucky = all[30] ?? ALICE;
    for (const account of all) await signIn(store, { account });
    const instance = told(later());
    failing(store, { table: 'accounts', name: 'read', partitionKey: unlucky });
    expect(await sweep(instance)).toMatchObject({
      outcome: 'unavailable',
      reason: 'test-outage',
      counts: { sessions: 31, left: 0 },
    });
    expect(await sweep(instance)).toMatchObject({
      outcome: 'unavailable',
      reason: 'accounts-left',
      counts: { sessions: 8, left: 1 },
    });
    expect(store.tables.rows('accounts')).toMatchObject([{ partitionKey: unlucky }]);
    store.tables.before = undefined;
    expect(await sweep(instance)).toMatchObject({ outcome: 'swept', counts: { sessions: 1, left: 0 } });
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('does not pass all of a page because storage is away', async () => {
    for (const account of people(40)) await signIn(store, { account });
    const instance = told(later());
    failing(store, { table: 'accounts', name: 'read' });
    for (const _ of [1, 2])
      expect(await sweep(instance)).toMatchObject({ outcome: 'unavailable', reason: 'test-outage' });
    store.tables.before = undefined;
    expect(await sweep(instance)).toMatchObject({ outcome: 'swept', counts: { sessions: 40, left: 0 } });
  });
});

describe('a run whose time is over with its first list', () => {
  it('has not come to the end of it', async () => {
    await signIn(store);
    const instance = told(later());
    store.tables.after = ({ name }) => {
      if (name === 'partitionKeys') store.ambient.advance(10_000);
      return undefined;
    };
    expect(await sweep(instance, { ...SWEEP_LIMITS, milliseconds: 10_000 })).toMatchObject({ outcome: 'more' });
    store.tables.after = undefined;
    expect(await sweep(instance)).toMatchObject({ counts: { sessions: 1 } });
  });
});

describe('a raised instant', () => {
  it('is walked for anew, a lowered one is not: what is done is good for it', async () => {
    await signIn(store);
    const first = later();
    await sweep(told(first));
    await signIn(store);
    const second = later();
    expect(await sweep(told(first))).toMatchObject({ counts: { sessions: 0 } });
    expect(await sweep(told(second))).toMatchObject({ counts: { sessions: 1 } });
    const calls = callsOf(store);
    await sweep(told(first));
    expect(calls).toEqual(['expiries.read', 'expiries.read']);
  });

  it('while it rolls out, instances of both values sweep, and neither undoes what the other did', async () => {
    const first = later();
    await sweep(told(first));
    for (const account of people(20)) await signIn(store, { account });
    const second = later();
    const limits = { ...SWEEP_LIMITS, notes: 8, page: 8 };
    expect(await sweep(told(second), limits)).toMatchObject({ outcome: 'more', counts: { sessions: 8 } });
    expect(await sweep(told(first), limits)).toMatchObject({ counts: { sessions: 0 } });
    expect(await sweep(store, limits)).toMatchObject({ counts: { sessions: 0 } });
    expect(await sweep(told(second), limits)).toMatchObject({ counts: { sessions: 8 } });
    await sweep(told(second), limits);
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('that is taken back before its walk has come to the end leaves nothing of the earlier one standing', async () => {
    for (const account of people(20)) await signIn(store, { account });
    const first = later();
    const second = later();
    const limits = { ...SWEEP_LIMITS, notes: 8, page: 8 };
    expect(await sweep(told(second), limits)).toMatchObject({ outcome: 'more', counts: { sessions: 8 } });
    // By a note what is left would go when it is due.
    for (const row of store.tables.rows('expiries'))
      if (!['sweep', 'not-before'].includes(row.rowKey)) await store.tables.expiries.remove(row, row.etag);
    store.ambient.advance(24 * HOUR);
    expect(await sweep(told(first))).toMatchObject({ outcome: 'swept', counts: { sessions: 12 } });
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('is walked for although the row of walks speaks of a time to come', async () => {
    await signIn(store);
    const notBefore = later();
    await sweep(told(notBefore));
    await signIn(store);
    const raised = later();
    const row = store.tables.rows('expiries').find(({ rowKey }) => rowKey === 'not-before');
    if (row) await store.tables.expiries.merge(row, { notBefore: new Date(store.ambient.now() + HOUR) }, row.etag);
    expect(await sweep(told(raised))).toMatchObject({ counts: { sessions: 1 } });
  });

  it('has two that are at it at once come to one end', async () => {
    for (const account of people(20)) await signIn(store, { account });
    const instance = told(later());
    const both = await Promise.all([sweep(instance), sweep(instance)]);
    for (const swept of both) expect(swept.outcome).toBe('swept');
    const last = await sweep(instance);
    expect(both.reduce((sum, { counts }) => sum + counts.sessions, last.counts.sessions)).toBeGreaterThanOrEqual(20);
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('is walked for a second time where a sign-in of before could still be let in by an instance that had not heard', async () => {
    const { admission } = signinOf(store);
    store.ambient.advance(MINUTE);
    const notBefore = store.ambient.now();
    await sweep(told(notBefore));
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    await sweep(told(notBefore));
    expect(accountProperties(store, ALICE)).not.toBeNull();
    store.ambient.advance(SETTLED);
    expect(await sweep(told(notBefore))).toMatchObject({ counts: { sessions: 1 } });
    expect(accountProperties(store, ALICE)).toBeNull();
    const calls = callsOf(store);
    await sweep(told(notBefore));
    expect(calls.filter((call) => call === 'accounts.partitionKeys')).toEqual([]);
  });
});

describe('over several storage accounts', () => {
  it('each is walked through by itself, and one that is away is not held for done', async () => {
    const application = movingApplication();
    const { ambient, tables } = application;
    for (const [by, account] of [
      [application.about, ALICE],
      [application.moving, ALICE],
      [application.about, BOB],
    ] as const) {
      await signInBy(by, { account });
    }
    ambient.advance(SETTLED + MINUTE);
    const told = { ...application.moving, sessionsNotBefore: ambient.now() - SETTLED };
    tables.new.before = ({ name }) =>
      name === 'partitionKeys' ? { outcome: 'unavailable', reason: 'test' } : undefined;
    expect(await sweep(told)).toMatchObject({ outcome: 'unavailable', counts: { sessions: 2, accounts: 2 } });
    expect([tables.old.rows('accounts').length, tables.new.rows('accounts').length]).toEqual([0, 1]);
    tables.new.before = undefined;
    expect(await sweep(told)).toMatchObject({ outcome: 'swept', counts: { sessions: 1, accounts: 1 } });
    expect(tables.new.rows('accounts')).toEqual([]);
  });
});

describe('beside everything else, the walk', () => {
  it('takes no session that joins between its look and its write', async () => {
    await signIn(store);
    const notBefore = later();
    let young = '';
    beforeOnce(store, { table: 'accounts', name: 'remove' }, async () => {
      const { admission } = signinOf(store, { sid: 'sid-young' });
      expect(await admit(told(notBefore), admission)).toEqual({ outcome: 'admitted' });
      young = admission.sessionId;
    });
    expect(await sweep(told(notBefore))).toMatchObject({ counts: { sessions: 1, accounts: 0 } });
    expect(accountProperties(store, ALICE)).toEqual([`c_${young}`, 'expiresOn', `s_${young}`]);
  });

  it('brings nothing back that a sign-out ends meanwhile', async () => {
    const old = await signIn(store);
    const notBefore = later();
    await signIn(store);
    beforeOnce(store, { table: 'accounts', name: 'replace' }, async () => {
      const receivedAt = store.ambient.now();
      await writeTombstone(store, target('account', ALICE), receivedAt);
      await endInAccount(store, ALICE, { receivedAt, scope: 'account', names: () => true });
    });
    await sweep(told(notBefore));
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(old.account).toBe(ALICE);
  });

  it('leaves alone what it cannot read: of a key that is gone, or of another application on the same tables', async () => {
    await signIn(withKeys(store, ['k9']));
    const other = createTestStore();
    await signIn(other, { account: BOB });
    const notBefore = later();
    const before = store.tables.rows('accounts');
    await sweep(told(notBefore));
    expect(store.tables.rows('accounts')).toEqual(before);
  });

  it('takes what it can read from beside what it cannot', async () => {
    await signIn(store);
    const unreadable = await signIn(withKeys(store, ['k9']));
    expect(await sweep(told(later()))).toMatchObject({ outcome: 'swept', counts: { sessions: 1, accounts: 0 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(unreadable));
  });

  it('looks into the accounts of its own application alone', async () => {
    const [own, foreign] = [accountKey('alice.contoso', 'mine'), accountKey('alice.contoso', 'theirs')];
    for (const account of [own, foreign]) await signIn(store, { account });
    const notBefore = later();
    const operations = recordOperations(store);
    await sweep({ ...told(notBefore), tables: applicationTables(store.tables, 'mine') });
    const touched = operations.filter(({ table, name }) => table === 'accounts' && name !== 'partitionKeys');
    expect(new Set(touched.map(({ partitionKey }) => partitionKey))).toEqual(new Set([own]));
    expect(store.tables.rows('accounts')).toMatchObject([{ partitionKey: foreign }]);
  });

  it('tells of the tokens that leave, so that they are revoked', async () => {
    await signIn(store, { cache: '{"tokens":1}' });
    const notBefore = later();
    const departures: Departure[] = [];
    await sweep({ ...told(notBefore), departed: (departure) => void departures.push(departure) });
    expect(departures).toMatchObject([{ tokens: [{ serialized: '{"tokens":1}', sid: 'sid-1' }], standing: [] }]);
  });

  it('leaves index rows and notes to those who take them when they are due', async () => {
    await signIn(store);
    const instance = told(later());
    await sweep(instance);
    expect([store.tables.rows('sids').length, noteKinds(store)]).toEqual([1, ['session']]);
    store.ambient.advance(8 * HOUR + SETTLES_WITHIN);
    await sweep(instance);
    expect(stored(store)).toBe(0);
  });
});
