import { beforeEach, describe, expect, it } from '@jest/globals';
import { leaseProperty } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { endReplacedSession, signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { LEASE_MILLISECONDS } from '../../../shared/tokens/lease.ts';
import { createTokenMemory, type TokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  beforeOnce,
  createTestStore,
  failing,
  losingAnswer,
  type TestStore,
  target,
} from '../../support/store.ts';

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
const secondToken = { outcome: 'acquired', accessToken: { token: 'access-token-2' }, refreshed: true };
const firstToken = { outcome: 'acquired', accessToken: { token: 'access-token-1' }, refreshed: true };

describe('an access token', () => {
  it('is redeemed where there is none, and stored with the new refresh token', async () => {
    expect(await acquire()).toMatchObject(firstToken);
    expect(accountProperties(store, ALICE)).toEqual(withLease(ticket));
    store.ambient.advance(HOUR);
    expect(await acquire()).toMatchObject(secondToken);
  });

  it('comes from memory while it is fresh, without any storage', async () => {
    await acquire();
    failing(store, {});
    expect(await acquire()).toMatchObject({ outcome: 'acquired', refreshed: false });
  });

  it('comes from the stored cache on another instance, without the OP', async () => {
    await acquire();
    expect(await acquire(createTokenMemory())).toMatchObject({ outcome: 'acquired', refreshed: false });
    expect(client.redemptions()).toBe(1);
  });

  it('is replaced five minutes before its end, or at a tenth of a shorter life', async () => {
    await acquire();
    store.ambient.advance(HOUR - 5 * MINUTE - 1);
    expect(await acquire()).toMatchObject({ refreshed: false });
    store.ambient.advance(1);
    expect(await acquire()).toMatchObject({ refreshed: true });
  });

  it('of one session is never given to another of the same account', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    await acquire();
    expect(await acquire(memory, other)).not.toMatchObject({ accessToken: { token: 'access-token-1' } });
  });

  it('is not given for a wrong secret', async () => {
    expect(await acquire(memory, { ...ticket, secret: 'guessed' })).toEqual({ outcome: 'signed-out' });
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

describe('a refresh that a sign-out overtakes', () => {
  it('finds the row gone, throws its token away and answers signed out', async () => {
    client.during = signOut;
    expect(await acquire()).toEqual({ outcome: 'signed-out' });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(memory.get(ticket.sessionId, SCOPES)).toBeUndefined();
  });

  it('finds its session gone where the account stands, and leaves the other session as it is', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    client.during = () => endReplacedSession(store, ticket, store.ambient.now());
    expect(await acquire()).toEqual({ outcome: 'signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
  });

  it('finds a new account of the same person, and puts nothing into it', async () => {
    let next: SessionTicket | undefined;
    client.during = async () => {
      await signOutOwn(store, ticket, store.ambient.now(), 'account');
      store.ambient.advance(3_000);
      next = await signIn(store, { cache: scriptedCache() });
    };
    expect(await acquire()).toEqual({ outcome: 'signed-out' });
    expect(accountProperties(store, ALICE)).toEqual(next && propertiesWith(next));
  });

  it('does not begin where the sign-out comes before its lease', async () => {
    beforeOnce(store, { table: 'accounts', name: 'merge' }, signOut);
    expect(await acquire()).toEqual({ outcome: 'signed-out' });
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
    expect(accountProperties(store, ALICE)).toEqual(withLease(ticket, ...(other ? [other] : [])));
  });
});

describe('a dead refresh token', () => {
  beforeEach(() => {
    client.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
  });

  it('ends the session that it served, and the account with the last one', async () => {
    expect(await acquire()).toEqual({ outcome: 'signed-out' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('leaves the other sessions of the account', async () => {
    const other = await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    await acquire();
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(other));
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

describe('the lease', () => {
  it('of an instance that died runs out, and the next one redeems', async () => {
    client.during = () => Promise.reject(new Error('the instance died'));
    await expect(acquire()).rejects.toThrow('the instance died');
    client.during = undefined;
    const began = store.ambient.monotonic();
    // The refresh token that the dead one took with it is dead: this OP rotates.
    expect(await acquire()).toEqual({ outcome: 'signed-out' });
    expect(store.ambient.monotonic() - began).toBeGreaterThanOrEqual(LEASE_MILLISECONDS);
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('whose answer came as another’s write is recognised as one’s own, and nobody waits for it', async () => {
    const { merge } = store.tables.accounts;
    let lost = false;
    const accounts: typeof store.tables.accounts = {
      ...store.tables.accounts,
      // The SDK's retry of a write that was done meets its own ETag.
      merge: async (...write) => {
        const merged = await merge(...write);
        if (lost || merged.outcome !== 'updated') return merged;
        lost = true;
        return { outcome: 'changed' };
      },
    };
    const retrying: TestStore = { ...store, tables: { ...store.tables, accounts } };
    expect(await acquireAccessToken(retrying, client, memory, ticket, SCOPES)).toMatchObject(firstToken);
    expect(store.ambient.sleeps).toEqual([]);
  });

  it('that took too long to get is not redeemed under: its end would come first', async () => {
    beforeOnce(store, { table: 'accounts', name: 'merge' }, async () => store.ambient.advance(6_000));
    expect(await acquire()).toMatchObject(firstToken);
    expect(client.redemptions()).toBe(1);
    expect(store.ambient.monotonic()).toBeGreaterThanOrEqual(LEASE_MILLISECONDS);
  });

  it('is not mistaken about time where the wall clock is set back while it is got', async () => {
    beforeOnce(store, { table: 'accounts', name: 'merge' }, async () => {
      store.ambient.advance(6_000);
      store.ambient.setWallClock(store.ambient.now() - 6_000);
    });
    client.during = async () => expect(store.ambient.monotonic()).toBeGreaterThanOrEqual(LEASE_MILLISECONDS);
    expect(await acquire()).toMatchObject(firstToken);
  });
});

describe('a refresh while storage fails', () => {
  it('is not begun where the lease cannot be written', async () => {
    failing(store, { table: 'accounts', name: 'merge' });
    expect(await acquire()).toEqual({ outcome: 'unavailable', reason: 'test-outage' });
    expect(client.redemptions()).toBe(0);
  });

  it('keeps trying to store the new refresh token while the lease holds: the OP has killed the old one', async () => {
    client.during = async () => failing(store, { table: 'accounts', name: 'merge' }, 20);
    expect(await acquire()).toMatchObject(firstToken);
    expect(store.ambient.sleeps.length).toBeGreaterThanOrEqual(20);
    store.ambient.advance(HOUR);
    expect(await acquire()).toMatchObject(secondToken);
  });

  it('keeps trying where the reads fail too', async () => {
    client.during = async () => failing(store, { table: 'accounts' }, 20);
    expect(await acquire()).toMatchObject(firstToken);
  });

  it('gives up with the lease, and gives no token that is not stored', async () => {
    client.during = async () => failing(store, { table: 'accounts' });
    expect(await acquire()).toMatchObject({ outcome: 'unavailable' });
    expect(store.ambient.monotonic()).toBeLessThan(2 * LEASE_MILLISECONDS);
    expect(memory.get(ticket.sessionId, SCOPES)).toBeUndefined();
  });

  it('recognises its own write where the answer was lost', async () => {
    client.during = async () => losingAnswer(store, { table: 'accounts', name: 'merge' });
    expect(await acquire()).toMatchObject(firstToken);
  });
});
