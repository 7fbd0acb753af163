import { beforeEach, describe, expect, it } from '@jest/globals';
import { accountKey } from '../../../shared/account/account-key.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  CLIENT_ID,
  createTestStore,
  failing,
  type TestStore,
  target,
} from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const signOut = (sid = 'sid-1', scope: 'account' | 'session' = 'account', receivedAt = store.ambient.now()) =>
  signOutTarget(store, target('sid', sid), receivedAt, scope);

describe('a sign-out by sid', () => {
  it('deletes the account, on all its devices, and no other', async () => {
    await signIn(store);
    await signIn(store, { sid: 'sid-2' });
    const bob = await signIn(store, { account: BOB, sid: 'sid-3' });
    expect(await signOut()).toEqual({ outcome: 'signed-out', accounts: [ALICE], sessions: 2, tokenCaches: 2 });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(bob));
  });

  it('deletes every account that signed in under it, as with an account picker', async () => {
    await signIn(store);
    await signIn(store, { account: BOB });
    expect(await signOut()).toEqual({
      outcome: 'signed-out',
      accounts: expect.arrayContaining([ALICE, BOB]),
      sessions: 2,
      tokenCaches: 2,
    });
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('leaves a younger session of the account, and its tokens', async () => {
    await signIn(store);
    const receivedAt = store.ambient.now() + MINUTE;
    store.ambient.advance(2 * MINUTE);
    const young = await signIn(store, { sid: 'sid-2' });
    expect(await signOut('sid-1', 'account', receivedAt)).toMatchObject({ accounts: [ALICE], sessions: 1 });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });

  it('leaves a younger session of the very same sid: a retry ends no newer sign-in', async () => {
    await signIn(store);
    const receivedAt = store.ambient.now();
    await signOut('sid-1', 'account', receivedAt);
    store.ambient.advance(MINUTE);
    const young = await signIn(store);
    expect(await signOut('sid-1', 'account', receivedAt)).toMatchObject({ accounts: [], sessions: 0 });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });

  it('does not even touch an account into which only younger sign-ins of its sid went', async () => {
    const receivedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    await signIn(store);
    const rows = store.tables.rows('accounts');
    await signOut('sid-1', 'account', receivedAt);
    expect(store.tables.rows('accounts')).toEqual(rows);
  });

  it('ends only its own sessions where the scope says so, and the account with the last one', async () => {
    await signIn(store);
    await signIn(store);
    const other = await signIn(store, { sid: 'sid-2' });
    expect(await signOut('sid-1', 'session')).toMatchObject({ sessions: 2 });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
    await signOut('sid-2', 'session');
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('ends forty accounts, never more than sixteen at once, and all but the one that cannot be deleted', async () => {
    const accounts = Array.from({ length: 40 }, (_, each) => accountKey(`person-${each}`, CLIENT_ID));
    for (const account of accounts) await signIn(store, { account });
    let underway = 0;
    let most = 0;
    store.tables.before = async ({ table, name, partitionKey }) => {
      if (table !== 'accounts') return undefined;
      underway += 1;
      most = Math.max(most, underway);
      await store.ambient.sleep(1);
      if (name !== 'remove' || partitionKey !== accounts[0]) return undefined;
      underway -= 1;
      return { outcome: 'unavailable', reason: 'test-outage' };
    };
    store.tables.after = ({ table }) => {
      if (table === 'accounts') underway -= 1;
      return undefined;
    };
    expect(await signOut()).toEqual({ outcome: 'unavailable', reason: 'test-outage' });
    expect(most).toBe(16);
    expect(store.tables.rows('accounts').map(({ partitionKey }) => partitionKey)).toEqual([accounts[0]]);
  });

  it('that nobody knows succeeds, ends nobody, and is remembered for a sign-in in flight', async () => {
    const ticket = await signIn(store);
    expect(await signOut('sid-9')).toEqual({ outcome: 'signed-out', accounts: [], sessions: 0, tokenCaches: 0 });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    expect(store.tables.rows('sids').map(({ partitionKey }) => partitionKey)).toContain(target('sid', 'sid-9'));
  });

  it('that comes twice succeeds twice', async () => {
    await signIn(store);
    await signOut();
    expect(await signOut()).toEqual({ outcome: 'signed-out', accounts: [], sessions: 0, tokenCaches: 0 });
  });

  it('that comes many times at once leaves nothing, and each says so', async () => {
    await signIn(store);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => signOut()));
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(['signed-out']));
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it.each([
    ['the tombstone cannot be written', { table: 'sids', name: 'create' }],
    ['the sweep’s note cannot be written', { table: 'expiries', name: 'create' }],
    ['the index cannot be read', { table: 'sids', name: 'list' }],
    ['the account cannot be read', { table: 'accounts', name: 'read' }],
    ['the account cannot be deleted', { table: 'accounts', name: 'remove' }],
  ] as const)('is not acknowledged where %s, and the next try finishes it', async (_, operation) => {
    await signIn(store);
    const receivedAt = store.ambient.now();
    failing(store, operation);
    expect(await signOut('sid-1', 'account', receivedAt)).toMatchObject({ outcome: 'unavailable' });
    store.tables.before = undefined;
    expect(await signOut('sid-1', 'account', receivedAt)).toMatchObject({ outcome: 'signed-out', sessions: 1 });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('of two accounts is not acknowledged where one of them cannot be deleted, and the other is gone', async () => {
    await signIn(store);
    await signIn(store, { account: BOB });
    failing(store, { table: 'accounts', name: 'remove', partitionKey: BOB });
    expect(await signOut()).toMatchObject({ outcome: 'unavailable' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});
