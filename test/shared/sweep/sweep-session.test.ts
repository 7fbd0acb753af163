import { beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT_ROW_KEY, cacheProperty, sessionProperty } from '../../../shared/account/account.ts';
import { admit } from '../../../shared/account/admit.ts';
import { endInAccount } from '../../../shared/account/end.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  beforeOnce,
  createTestStore,
  type TestStore,
  target,
  withKeys,
} from '../../support/store.ts';
import { noteKinds, notes, SESSION_LIFE, SETTLES_WITHIN, stored } from './support.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const KEY = { partitionKey: ALICE, rowKey: ACCOUNT_ROW_KEY };
const whenDue = () => store.ambient.advance(SESSION_LIFE + SETTLES_WITHIN);
const indexRows = () => store.tables.rows('sids').map(({ rowKey }) => rowKey);
/** Writes into Alice's account what a test says, as somebody else would. */
async function write(properties: Parameters<typeof store.tables.accounts.merge>[1]): Promise<void> {
  const read = await store.tables.accounts.read(KEY);
  if (read.outcome === 'found') await store.tables.accounts.merge(KEY, properties, read.entity.etag);
}

describe('a session that nobody ended', () => {
  it('goes when its absolute end has settled: with its tokens, its account and its index row', async () => {
    await signIn(store);
    store.ambient.advance(SESSION_LIFE);
    await sweep(store);
    expect([accountProperties(store, ALICE), indexRows()]).toMatchObject([{ length: 3 }, { length: 1 }]);
    store.ambient.advance(SETTLES_WITHIN);
    expect(await sweep(store)).toMatchObject({ counts: { accounts: 1, sessions: 1, indexRows: 1, notes: 1 } });
    expect(stored(store)).toBe(0);
  });

  it('goes alone where a younger one stands, whose tokens and index row stay', async () => {
    await signIn(store);
    store.ambient.advance(7 * HOUR);
    const young = await signIn(store, { sid: 'sid-2' });
    store.ambient.advance(HOUR + SETTLES_WITHIN);
    expect(await sweep(store)).toMatchObject({ counts: { accounts: 0, sessions: 1, indexRows: 1 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
    expect(indexRows()).toEqual([young.sessionId]);
  });

  it('touches no other account', async () => {
    await signIn(store);
    store.ambient.advance(7 * HOUR);
    const bob = await signIn(store, { account: BOB });
    const before = store.tables.rows('accounts').find(({ partitionKey }) => partitionKey === BOB);
    store.ambient.advance(HOUR + SETTLES_WITHIN);
    await sweep(store);
    expect(store.tables.rows('accounts')).toEqual([before]);
    expect(indexRows()).toEqual([bob.sessionId]);
  });

  it.each(['remove', 'replace'] as const)(
    'stays until the next run where somebody wrote before the %s',
    async (name) => {
      await signIn(store);
      store.ambient.advance(7 * HOUR);
      const young = name === 'replace' ? [await signIn(store, { sid: 'sid-2' })] : [];
      store.ambient.advance(HOUR + SETTLES_WITHIN);
      beforeOnce(store, { table: 'accounts', name }, () => write({}));
      await sweep(store);
      expect(store.tables.rows('sids')).toHaveLength(1 + young.length);
      expect(noteKinds(store)).toHaveLength(1 + young.length);
      await sweep(store);
      expect(accountProperties(store, ALICE)).toEqual(young.length === 0 ? null : propertiesWith(...young));
      expect(indexRows()).toEqual(young.map(({ sessionId }) => sessionId));
    },
  );

  it('takes no session along that joined between the look and the deletion', async () => {
    await signIn(store);
    whenDue();
    const joined: Awaited<ReturnType<typeof signIn>>[] = [];
    beforeOnce(store, { table: 'accounts', name: 'remove' }, async () => {
      joined.push(await signIn(store, { sid: 'sid-2' }));
    });
    await sweep(store);
    await sweep(store);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(...joined));
    expect(indexRows()).toEqual(joined.map(({ sessionId }) => sessionId));
  });

  it('goes alone as long as the last end of the account has not settled', async () => {
    await signIn(store);
    store.ambient.advance(SETTLES_WITHIN - MINUTE);
    const last = await signIn(store, { sid: 'sid-2' });
    store.ambient.advance(SESSION_LIFE + MINUTE);
    await sweep(store);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(last));
    expect(indexRows()).toEqual([last.sessionId]);
  });

  it('stays where it lasts longer than its note says, and goes when that has passed', async () => {
    const { admission } = signinOf(store);
    const { record, sessionId, account } = admission;
    const endsAt = record.endsAt + 24 * HOUR;
    await admit(store, { ...admission, record: { ...record, endsAt } });
    const note = notes(store)[0];
    const early = { partitionKey: '2026-11-21T17', rowKey: `session~${sessionId}` };
    await store.tables.expiries.create(early, note?.properties ?? {});
    whenDue();
    await sweep(store);
    expect(accountProperties(store, account)).toContain(sessionProperty(sessionId));
    expect([indexRows(), notes(store)]).toMatchObject([[sessionId], [{ partitionKey: '2026-11-22T17' }]]);
    store.ambient.advance(24 * HOUR);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });
});

describe('a session that has ended', () => {
  it('leaves an index row behind, which goes when the session would have', async () => {
    await signIn(store);
    await signOutTarget(store, target('sid', 'sid-1'), store.ambient.now(), 'account');
    whenDue();
    expect(await sweep(store)).toMatchObject({ counts: { accounts: 0, sessions: 0, indexRows: 1, tombstones: 1 } });
    expect(stored(store)).toBe(0);
  });

  it('leaves the account as it is where others stand: not even its ETag changes', async () => {
    const one = await signIn(store);
    store.ambient.advance(7 * HOUR);
    await signIn(store, { sid: 'sid-2' });
    const names = (id: string) => id === one.sessionId;
    await endInAccount(store, ALICE, { receivedAt: store.ambient.now(), scope: 'session', names });
    const before = store.tables.rows('accounts');
    store.ambient.advance(HOUR + SETTLES_WITHIN);
    expect(await sweep(store)).toMatchObject({ counts: { indexRows: 1, accounts: 0 } });
    expect(store.tables.rows('accounts')).toEqual(before);
  });

  it('has all of its index rows removed', async () => {
    const { admission } = signinOf(store);
    await admit(store, { ...admission, indexes: [target('sid', 'sid-1'), target('sub', 'sub-1')] });
    expect(indexRows()).toHaveLength(2);
    whenDue();
    expect(await sweep(store)).toMatchObject({ counts: { indexRows: 2 } });
    expect(stored(store)).toBe(0);
  });
});

describe('a session that this instance cannot read', () => {
  it('stays where it stands beside a younger one, and goes with the account', async () => {
    const theirs = await signIn(withKeys(store, ['k2']));
    store.ambient.advance(7 * HOUR);
    const young = await signIn(store, { sid: 'sid-2' });
    store.ambient.advance(HOUR + SETTLES_WITHIN);
    await sweep(store);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(theirs, young));
    expect(indexRows().toSorted()).toEqual([theirs.sessionId, young.sessionId].toSorted());
    store.ambient.advance(7 * HOUR);
    await sweep(store);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });

  it('goes where nobody can read it', async () => {
    const corrupt = await signIn(store);
    store.ambient.advance(7 * HOUR);
    const young = await signIn(store, { sid: 'sid-2' });
    await write({ [sessionProperty(corrupt.sessionId)]: Buffer.from([1, 2, 3]) });
    store.ambient.advance(HOUR + SETTLES_WITHIN);
    await sweep(store);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });
});

describe('an account too full to be replaced', () => {
  it('keeps its living sessions, and goes as a whole when they have ended', async () => {
    const old = await signIn(store);
    store.ambient.advance(7 * HOUR);
    const young: Awaited<ReturnType<typeof signIn>>[] = [];
    for (let at = 0; at < 14; at += 1)
      young.push(await signIn(store, { sid: `young-${at}`, startedAt: store.ambient.now() }));
    for (const { sessionId } of young) await write({ [cacheProperty(sessionId)]: Buffer.alloc(60_000) });
    store.ambient.advance(HOUR + SETTLES_WITHIN);
    expect(await sweep(store)).toMatchObject({ outcome: 'swept', counts: { sessions: 0 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(old, ...young));
    store.ambient.advance(7 * HOUR);
    await sweep(store);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });
});
