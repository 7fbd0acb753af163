import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { createReplacedHere } from '../../../shared/account/replaced-here.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { endReplacedSession, signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  beforeOnce,
  createTestStore,
  failing,
  type TestStore,
  target,
  withKeys,
} from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const signOut = (ticket: SessionTicket, scope: 'account' | 'session' = 'account') =>
  signOutOwn(store, ticket, store.ambient.now(), scope);
const tombstones = () => store.tables.rows('sids').filter(({ rowKey }) => rowKey === 'tombstone');

describe("the application's own sign-out", () => {
  it('deletes the account on all devices, says who it was, and leaves a tombstone for its sid', async () => {
    const ticket = await signIn(store);
    await signIn(store, { sid: 'sid-2' });
    const bob = await signIn(store, { account: BOB, sid: 'sid-3' });
    expect(await signOut(ticket)).toMatchObject({
      outcome: 'signed-out',
      sessions: 2,
      deleted: true,
      proved: { loginHint: 'hint-1' },
    });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(bob));
    expect(tombstones()).toMatchObject([{ partitionKey: target('sid', 'sid-1') }]);
  });

  it('ends the sessions of its sid alone where the scope says so', async () => {
    const ticket = await signIn(store);
    await signIn(store);
    const other = await signIn(store, { sid: 'sid-2' });
    expect(await signOut(ticket, 'session')).toMatchObject({ sessions: 2, deleted: false });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('ends itself alone in that scope where the OP gives no sid', async () => {
    const [one, other] = [await signIn(store, { sid: null }), await signIn(store, { sid: null })];
    expect(await signOut(one, 'session')).toMatchObject({ sessions: 1, deleted: false });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('refuses a sign-in of the same OP session that is in flight', async () => {
    const ticket = await signIn(store);
    const { admission } = signinOf(store);
    beforeOnce(store, { table: 'accounts', name: 'remove' }, () => admit(store, admission));
    await signOut(ticket);
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
  });
});

describe('a cookie whose session another tab’s sign-in has just replaced', () => {
  const replaced = async () => {
    const [first, phone] = [await signIn(store), await signIn(store, { sid: 'sid-2' })];
    const { admission, ticket } = signinOf(store, { replaces: first.sessionId });
    store.ambient.advance(3_000);
    return { first, phone, admission, ticket };
  };

  it('ends the account all the same: it was good when it was sent', async () => {
    const { first, admission } = await replaced();
    const receivedAt = store.ambient.now();
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    expect(await signOutOwn(store, first, receivedAt, 'account')).toMatchObject({ sessions: 2, deleted: true });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it.each(['read', 'replace'] as const)('ends what took its place, where that comes before the %s', async (name) => {
    const { first, phone, admission } = await replaced();
    beforeOnce(store, { table: 'accounts', name }, () => admit(store, admission));
    expect(await signOut(first, 'session')).toMatchObject({ outcome: 'signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(phone));
  });

  it('is dead where the sign-out comes in after that: what took its place lives on', async () => {
    const { first, phone, admission, ticket } = await replaced();
    await admit(store, admission);
    store.ambient.advance(1);
    expect(await signOut(first)).toEqual({ outcome: 'already-signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket, phone));
  });

  it('leaves a doubt at another instance, by whose clock the sign-out may have come first: what took its place ends', async () => {
    const { first, admission } = await replaced();
    await admit(store, admission);
    store.ambient.advance(30_000);
    const elsewhere = { ...store, replacedHere: createReplacedHere() };
    const ended = await signOutOwn(elsewhere, first, store.ambient.now(), 'account');
    expect(ended).toMatchObject({ outcome: 'signed-out', sessions: 2 });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('leaves none a minute later, at any instance', async () => {
    const { first, phone, admission, ticket } = await replaced();
    await admit(store, admission);
    store.ambient.advance(61_000);
    const elsewhere = { ...store, replacedHere: createReplacedHere() };
    const ended = await signOutOwn(elsewhere, first, store.ambient.now(), 'account');
    expect(ended).toEqual({ outcome: 'already-signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket, phone));
  });
});

describe('a dead cookie', () => {
  it('does not end the living account: not after its session has ended', async () => {
    const dead = await signIn(store, { sid: 'sid-1' });
    await endReplacedSession(store, dead, store.ambient.now());
    const living = await signIn(store, { sid: 'sid-2' });
    expect(await signOut(dead)).toEqual({ outcome: 'already-signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(living));
    expect(tombstones()).toEqual([]);
  });

  it('does not either with the id of a living session and a wrong secret', async () => {
    const ticket = await signIn(store);
    expect(await signOut({ ...ticket, secret: 'guessed' })).toEqual({ outcome: 'already-signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    expect(tombstones()).toEqual([]);
  });

  it('does nothing where the account is gone', async () => {
    const ticket = await signIn(store);
    await signOut(ticket);
    expect(await signOut(ticket)).toEqual({ outcome: 'already-signed-out' });
  });
});

describe("the application's own sign-out while storage fails", () => {
  it.each([
    ['the account cannot be read', { table: 'accounts', name: 'read' }],
    ['the tombstone cannot be written', { table: 'sids', name: 'create' }],
    ['the account cannot be deleted', { table: 'accounts', name: 'remove' }],
  ] as const)('is not acknowledged where %s, and the next try finishes it', async (_, operation) => {
    const ticket = await signIn(store);
    failing(store, operation);
    expect(await signOut(ticket)).toMatchObject({ outcome: 'unavailable' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    store.tables.before = undefined;
    expect(await signOut(ticket)).toMatchObject({ outcome: 'signed-out' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('takes along what an instance with other keys has sealed: its own session, and one that may be of its sid', async () => {
    const ticket = await signIn(store);
    await signIn(withKeys(store, ['k2']));
    expect(await signOut(ticket, 'session')).toMatchObject({ outcome: 'signed-out', sessions: 2, deleted: true });
    const theirs = await signIn(withKeys(store, ['k2']), { account: BOB, sid: 'sid-3' });
    expect(await signOut(theirs)).toMatchObject({ outcome: 'signed-out', sessions: 1, deleted: true });
    expect([accountProperties(store, ALICE), accountProperties(store, BOB)]).toEqual([null, null]);
  });

  it('ends the account once its session was seen to stand, though that has ended otherwise by the next try', async () => {
    const [ticket, other] = [await signIn(store), await signIn(store, { sid: 'sid-2' })];
    const receivedAt = store.ambient.now();
    failing(store, { table: 'sids', name: 'create' });
    const first = await signOut(ticket);
    store.tables.before = undefined;
    await endReplacedSession(store, ticket, receivedAt);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
    const proved = first.outcome === 'unavailable' ? first.proved : null;
    expect(await signOutOwn(store, ticket, receivedAt, 'account', proved)).toMatchObject({
      sessions: 1,
      deleted: true,
    });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('the next try of an own sign-out that finds the account gone', () => {
  it('lets no sign-in of its OP session in that had looked for the tombstone just before', async () => {
    const ticket = await signIn(store);
    const { admission } = signinOf(store);
    const receivedAt = store.ambient.now();
    await endReplacedSession(store, ticket, receivedAt);
    const [reached, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let signin: Promise<unknown> = Promise.resolve();
    beforeOnce(store, { table: 'sids', name: 'create', rowKey: 'tombstone' }, async () => {
      beforeOnce(store, { table: 'accounts', name: 'merge' }, () => {
        reached.resolve();
        return held.promise;
      });
      signin = admit(store, admission);
      await reached.promise;
    });
    const proved = { sessionId: ticket.sessionId, sid: 'sid-1', loginHint: null };
    await signOutOwn(store, ticket, receivedAt, 'account', proved);
    held.resolve();
    expect(await signin).toMatchObject({ outcome: 'signed-out-meanwhile' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('the session that a browser had when it signed in as somebody else', () => {
  it('ends, without a tombstone, and the others of its account stay', async () => {
    const [had, other] = [await signIn(store), await signIn(store)];
    expect(await endReplacedSession(store, had, store.ambient.now())).toBe('ended');
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
    expect(tombstones()).toEqual([]);
  });

  it('stays where the cookie only guesses it', async () => {
    const had = await signIn(store);
    await endReplacedSession(store, { ...had, secret: 'guessed' }, store.ambient.now());
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(had));
  });
});
