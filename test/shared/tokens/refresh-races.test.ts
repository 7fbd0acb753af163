import { beforeEach, describe, expect, it } from '@jest/globals';
import { leaseProperty } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { endReplacedSession, signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { createTokenMemory, type TokenMemory } from '../../../shared/tokens/token-memory.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, beforeOnce, createTestStore, type TestStore, target } from '../../support/store.ts';

const SCOPES = ['User.Read'];
let store: TestStore;
let client: ScriptedTokenClient;
let memory: TokenMemory;
let ticket: SessionTicket;
beforeEach(async () => {
  store = createTestStore();
  client = scriptedTokenClient(store.ambient);
  memory = createTokenMemory();
  ticket = await signIn(store, { cache: scriptedCache() });
});

const acquire = (tokens = memory, of = ticket) => acquireAccessToken(store, client, tokens, of, SCOPES);
const signOut = () => signOutTarget(store, target('sid', 'sid-1'), store.ambient.now(), 'account');
const withLease = (...tickets: SessionTicket[]) =>
  [...propertiesWith(...tickets), leaseProperty(ticket.sessionId)].sort();
const firstToken = { outcome: 'acquired', accessToken: { token: 'access-token-1' }, refreshed: true };

describe('a refresh that a sign-out overtakes', () => {
  it('finds the row gone, revokes its token, throws it away and answers signed out', async () => {
    client.during = signOut;
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'session-gone' });
    expect(client.revoked.map(({ serialized }) => JSON.parse(serialized))).toMatchObject([{ refreshToken: 1 }]);
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(memory.get(ticket.sessionId, SCOPES)).toBeUndefined();
  });

  it('leaves nothing to those who wait for it: they are signed out, and get no token', async () => {
    client.during = async () => {
      await store.ambient.sleep(1_000);
      await signOut();
    };
    const answers = await Promise.all(Array.from({ length: 10 }, () => acquire(createTokenMemory())));
    expect(answers).toEqual(Array(10).fill({ outcome: 'signed-out', reason: 'session-gone' }));
    expect(client.redemptions()).toBe(1);
  });

  it('finds its session gone where the account stands, and leaves the other session as it is', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    client.during = () => endReplacedSession(store, ticket, store.ambient.now());
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'session-gone' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('finds a new account of the same person, and puts nothing into it', async () => {
    let next: SessionTicket | undefined;
    client.during = async () => {
      await signOutOwn(store, ticket, store.ambient.now(), 'account');
      store.ambient.advance(3_000);
      next = await signIn(store, { cache: scriptedCache() });
    };
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'session-gone' });
    expect(accountProperties(store, ALICE)).toEqual(next && propertiesWith(next));
  });

  it('does not begin where the sign-out comes before its lease', async () => {
    beforeOnce(store, { table: 'accounts', name: 'merge' }, signOut);
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'session-gone' });
    expect(client.redemptions()).toBe(0);
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it.each(['sign-in', 'renewal'])('keeps its token where only a %s came between', async (between) => {
    let other: SessionTicket | undefined;
    client.during = async () => {
      if (between === 'sign-in') other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
      else await signOutTarget(store, target('sid', 'sid-9'), store.ambient.now(), 'account');
    };
    expect(await acquire()).toMatchObject(firstToken);
    expect(client.revoked).toEqual([]);
    expect(accountProperties(store, ALICE)).toEqual(withLease(ticket, ...(other ? [other] : [])));
  });
});
