import { beforeEach, describe, expect, it } from '@jest/globals';
import { cacheProperty, sessionProperty } from '../../../shared/account/account.ts';
import { endInAccount } from '../../../shared/account/end.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  beforeOnce,
  createTestStore,
  failing,
  losingAnswer,
  type TestStore,
  withKeys,
} from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const end = (scope: 'account' | 'session', named: readonly SessionTicket[], receivedAt = store.ambient.now()) => {
  const ids = new Set(named.map(({ sessionId }) => sessionId));
  return endInAccount(store, ALICE, { receivedAt, scope, names: (id) => ids.has(id) });
};
const accountRow = () => store.tables.rows('accounts').find(({ partitionKey }) => partitionKey === ALICE);

describe('the end of an account', () => {
  it('is one deletion, of every session and token, though only one of the sessions is named', async () => {
    const [one] = [await signIn(store), await signIn(store, { sid: 'sid-2' })];
    const bob = await signIn(store, { account: BOB });
    expect(await end('account', [one])).toEqual({ outcome: 'ended', sessions: 2, tokenCaches: 2, deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(bob));
  });

  it('leaves a younger session and its tokens, and theirs only', async () => {
    const old = await signIn(store);
    const receivedAt = store.ambient.now() + MINUTE;
    store.ambient.advance(2 * MINUTE);
    const young = await signIn(store, { sid: 'sid-2' });
    expect(await end('account', [old], receivedAt)).toEqual({
      outcome: 'ended',
      sessions: 1,
      tokenCaches: 1,
      deleted: false,
    });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });

  it('is none where only a younger session is named: a late retry ends no newer sign-in', async () => {
    const receivedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    const young = await signIn(store);
    expect(await end('account', [young], receivedAt)).toEqual({ outcome: 'nothing', deleted: false });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });

  it('takes a session along that joined between its look and its deletion', async () => {
    const one = await signIn(store);
    beforeOnce(store, { table: 'accounts', name: 'remove' }, () => signIn(store, { sid: 'sid-2' }));
    expect(await end('account', [one])).toEqual({ outcome: 'ended', sessions: 2, tokenCaches: 2, deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('the end of sessions alone', () => {
  it('takes exactly those that are named, with their tokens', async () => {
    const [one, other] = [await signIn(store), await signIn(store, { sid: 'sid-2' })];
    expect(await end('session', [one])).toEqual({ outcome: 'ended', sessions: 1, tokenCaches: 1, deleted: false });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('deletes the account with the last one out', async () => {
    const [one, other] = [await signIn(store), await signIn(store, { sid: 'sid-2' })];
    await end('session', [one]);
    expect(await end('session', [other])).toEqual({ outcome: 'ended', sessions: 1, tokenCaches: 1, deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('lets the oldest of the others leave too where an account that refreshes have filled is too large to be replaced', async () => {
    const tickets: SessionTicket[] = [];
    for (let sessions = 0; sessions < 20; sessions += 1) {
      store.ambient.advance(1_000);
      tickets.push(await signIn(store, { sid: `sid-of-${sessions}` }));
    }
    for (const { sessionId } of tickets) {
      const grown = { [cacheProperty(sessionId)]: new Uint8Array(50_000) };
      await store.tables.accounts.merge({ partitionKey: ALICE, rowKey: 'account' }, grown, accountRow()?.etag ?? '');
    }
    const [last] = tickets.slice(-1);
    const ended = await end('session', last ? [last] : []);
    const standing = tickets.filter(({ sessionId }) => sessionProperty(sessionId) in (accountRow()?.properties ?? {}));
    const gone = tickets.length - standing.length;
    expect(ended).toEqual({ outcome: 'ended', sessions: gone, tokenCaches: gone, deleted: false });
    expect(standing.length).toBeGreaterThan(10);
    expect(standing).toEqual(tickets.slice(-standing.length - 1, -1));
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(...standing));
  });

  it('brings nothing back that another sign-out has taken meanwhile', async () => {
    const one = await signIn(store);
    const other = await signIn(store, { sid: 'sid-2' });
    const third = await signIn(store, { sid: 'sid-3' });
    beforeOnce(store, { table: 'accounts', name: 'replace' }, () => end('session', [other]));
    await end('session', [one]);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(third));
  });
});

describe('an end that finds nothing to do', () => {
  it('is done where the account is absent', async () => {
    expect(await end('account', [])).toEqual({ outcome: 'nothing', deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('deletes an empty shell, so that the sign-in that made it must look again', async () => {
    await store.tables.accounts.create({ partitionKey: ALICE, rowKey: 'account' }, {});
    expect(await end('account', [])).toEqual({ outcome: 'nothing', deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('counts nothing where somebody else was first to delete the shell', async () => {
    const shell = { partitionKey: ALICE, rowKey: 'account' };
    const created = await store.tables.accounts.create(shell, {});
    const etag = created.outcome === 'created' ? created.etag : '';
    beforeOnce(store, { table: 'accounts', name: 'remove' }, () => store.tables.accounts.remove(shell, etag));
    expect(await end('account', [])).toEqual({ outcome: 'nothing', deleted: true });
  });

  it('touches an account whose sessions it does not name: the ETag changes, nothing else', async () => {
    await signIn(store);
    const before = accountRow();
    expect(await end('account', [])).toEqual({ outcome: 'nothing', deleted: false });
    expect(accountRow()?.etag).not.toBe(before?.etag);
    expect(accountRow()?.properties).toEqual(before?.properties);
  });
});

describe('an end whose write is repeated after its answer was lost', () => {
  it('counts what it ended, though it finds the account changed by itself', async () => {
    const [one] = [await signIn(store), await signIn(store, { sid: 'sid-2' })];
    const before = accountRow();
    beforeOnce(store, { table: 'accounts', name: 'replace' }, () => end('session', [one]));
    expect(await end('session', [one])).toEqual({ outcome: 'ended', sessions: 1, tokenCaches: 1, deleted: false });
    expect(accountRow()?.etag).not.toBe(before?.etag);
  });
});

describe('an end while storage fails', () => {
  it.each(['read', 'remove'] as const)('is not acknowledged where %s fails', async (name) => {
    const one = await signIn(store);
    failing(store, { table: 'accounts', name });
    expect(await end('account', [one])).toEqual({ outcome: 'unavailable', reason: 'test-outage' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(one));
  });

  it('is not acknowledged where the answer is lost, and is done all the same: the next try finds nothing', async () => {
    const one = await signIn(store);
    losingAnswer(store, { table: 'accounts', name: 'remove' });
    expect(await end('account', [one])).toMatchObject({ outcome: 'unavailable' });
    expect(await end('account', [one])).toEqual({ outcome: 'nothing', deleted: true });
  });
});

describe('a session that this instance cannot read', () => {
  it('ends with the account: a deletion takes no key, and what stands while the sign-out comes in began before it', async () => {
    await signIn(withKeys(store, ['k2']));
    const ours = await signIn(store, { sid: 'sid-2' });
    expect(await end('account', [ours])).toEqual({ outcome: 'ended', sessions: 2, tokenCaches: 2, deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('stays where a late retry cannot tell when it began: another instance knows, and the sign-out is not acknowledged', async () => {
    const theirs = await signIn(withKeys(store, ['k2']));
    const ours = await signIn(store, { sid: 'sid-2' });
    const receivedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    const doubt = { outcome: 'unavailable', reason: 'unreadable-session' };
    expect(await end('session', [theirs], receivedAt)).toEqual(doubt);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(theirs, ours));
    // What can be told ends at once; the sign-out as a whole is not done.
    expect(await end('account', [ours], receivedAt)).toEqual(doubt);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(theirs));
  });

  it('keeps no late retry waiting that does not name it', async () => {
    const theirs = await signIn(withKeys(store, ['k2']));
    const receivedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    expect(await end('account', [], receivedAt)).toEqual({ outcome: 'nothing', deleted: false });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(theirs));
  });

  it('ends late too where the index says when it began', async () => {
    const theirs = await signIn(withKeys(store, ['k2']));
    const receivedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    const ended = await endInAccount(store, ALICE, {
      receivedAt,
      scope: 'account',
      names: (id) => id === theirs.sessionId,
      startedAt: () => receivedAt,
    });
    expect(ended).toEqual({ outcome: 'ended', sessions: 1, tokenCaches: 1, deleted: true });
  });

  it('stays where only another session ends', async () => {
    const theirs = await signIn(withKeys(store, ['k2']));
    const ours = await signIn(store, { sid: 'sid-2' });
    expect(await end('session', [ours])).toMatchObject({ outcome: 'ended', sessions: 1 });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(theirs));
  });

  it('leaves with the account where nobody can read it: moved here from elsewhere, or altered', async () => {
    const ours = await signIn(store);
    const bob = await signIn(store, { account: BOB });
    const bobs = store.tables.rows('accounts').find(({ partitionKey }) => partitionKey === BOB)?.properties ?? {};
    const moved = Object.fromEntries(
      [sessionProperty(bob.sessionId), cacheProperty(bob.sessionId)].map((name) => [name, bobs[name] ?? '']),
    );
    await store.tables.accounts.merge({ partitionKey: ALICE, rowKey: 'account' }, moved, accountRow()?.etag ?? '');
    expect(await end('account', [ours])).toEqual({ outcome: 'ended', sessions: 2, tokenCaches: 2, deleted: true });
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(bob));
  });
});
