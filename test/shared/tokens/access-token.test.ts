import { beforeEach, describe, expect, it } from '@jest/globals';
import { leaseProperty } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { acquireAccessToken, type Need, rememberedAccessToken } from '../../../shared/tokens/access-token.ts';
import { createTokenMemory, type TokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, failing, type TestStore } from '../../support/store.ts';

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
const withLease = (...tickets: SessionTicket[]) =>
  [...propertiesWith(...tickets), leaseProperty(ticket.sessionId)].sort();
const secondToken = { outcome: 'acquired', accessToken: { token: 'access-token-2' }, refreshed: true };
const firstToken = { outcome: 'acquired', accessToken: { token: 'access-token-1' }, refreshed: true };

describe('an access token', () => {
  it('is redeemed where there is none, and stored with the new refresh token', async () => {
    expect(await acquire()).toMatchObject(firstToken);
    expect(accountProperties(store, ALICE)).toEqual(withLease(ticket));
    store.ambient.advance(HOUR);
    expect(await acquire()).toMatchObject(secondToken);
  });

  it('is remembered by the instance that got it, until the last minute of its life', async () => {
    const remembered = (tokens = memory) => rememberedAccessToken(store, tokens, ticket, SCOPES);
    expect(remembered()).toBeNull();
    await acquire();
    expect(remembered()).toMatchObject({ accessToken: { token: 'access-token-1' }, refreshed: false });
    expect(remembered(createTokenMemory())).toBeNull();
    store.ambient.advance(HOUR - MINUTE);
    expect(remembered()).toBeNull();
  });

  it('comes from the stored cache on another instance, without the OP', async () => {
    await acquire();
    expect(await acquire(createTokenMemory())).toMatchObject({ outcome: 'acquired', refreshed: false });
    expect(client.redemptions()).toBe(1);
  });

  it('is redeemed once for all who need it at the same moment, also where the OP names its scopes otherwise', async () => {
    client.fromCache = () => null;
    client.during = () => store.ambient.sleep(1_000);
    const acquired = await Promise.all(Array.from({ length: 20 }, () => acquire()));
    expect(new Set(acquired.map((each) => each.outcome))).toEqual(new Set(['acquired']));
    expect(client.redemptions()).toBe(1);
    store.ambient.advance(HOUR);
    expect(await acquire()).toMatchObject(secondToken);
  });

  it('is used until the last minute of its life, and then replaced', async () => {
    await acquire();
    store.ambient.advance(HOUR - MINUTE - 1);
    expect(await acquire()).toMatchObject({ refreshed: false });
    store.ambient.advance(1);
    expect(await acquire()).toMatchObject({ refreshed: true });
  });

  it('that a caller needs newer than the stored one is redeemed, however good the stored one is', async () => {
    await acquire();
    const before = store.ambient.now();
    store.ambient.advance(1);
    const need: Need = { suffices: () => true, vouchedAfter: before };
    expect(await acquireAccessToken(store, client, memory, ticket, SCOPES, need)).toMatchObject(secondToken);
    expect(await acquireAccessToken(store, client, memory, ticket, SCOPES, need)).toMatchObject({ refreshed: false });
    expect(client.redemptions()).toBe(2);
  });

  it('of one session is never given to another of the same account', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    await acquire();
    expect(await acquire(memory, other)).not.toMatchObject({ accessToken: { token: 'access-token-1' } });
  });

  it('is not given for a wrong secret', async () => {
    expect(await acquire(memory, { ...ticket, secret: 'guessed' })).toEqual({
      outcome: 'signed-out',
      reason: 'session-gone',
    });
    expect(client.redemptions()).toBe(0);
  });
});

describe('of ten concurrent calls with an expired token', () => {
  it.each([
    ['in one instance', (): TokenMemory => memory],
    ['in ten instances', createTokenMemory],
  ])('%s, one redeems and all get its token', async (_, tokens) => {
    const acquired = await Promise.all(Array.from({ length: 10 }, () => acquire(tokens())));
    expect(client.redemptions()).toBe(1);
    for (const each of acquired) expect(each).toMatchObject({ accessToken: { token: 'access-token-1' } });
  });

  it('one redeems the refresh token though the OP takes its time', async () => {
    client.during = () => store.ambient.sleep(5_000);
    const acquired = await Promise.all(Array.from({ length: 10 }, () => acquire(createTokenMemory())));
    expect(client.redemptions()).toBe(1);
    expect(new Set(acquired.map(({ outcome }) => outcome))).toEqual(new Set(['acquired']));
  });
});

describe('a dead refresh token', () => {
  beforeEach(() => {
    client.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
  });

  it('ends the session that it served, and the account with the last one', async () => {
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'refresh-token-dead' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('leaves the other sessions of the account', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    await acquire();
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('ended nothing where a sign-out was first', async () => {
    client.during = () => signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'session-gone' });
  });

  it('does not say signed out where the session could not be deleted', async () => {
    failing(store, { table: 'accounts', name: 'remove' });
    expect(await acquire()).toMatchObject({ outcome: 'unavailable' });
  });
});

describe('an OP that gives no token', () => {
  it.each(['interaction-required', 'op-unavailable', 'op-refused'] as const)(
    '(%s) ends nothing, and the lease is given back at once',
    async (outcome) => {
      client.failure = { outcome, reason: 'reason' };
      expect(await acquire()).toEqual({ outcome, reason: 'reason' });
      client.failure = undefined;
      expect(await acquire()).toMatchObject(firstToken);
      expect(store.ambient.sleeps).toEqual([]);
    },
  );
});
