import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { LEASE_MILLISECONDS, lookAgainIn } from '../../../shared/tokens/lease.ts';
import { createTokenMemory, type TokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR } from '../../support/records.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  beforeOnce,
  createTestStore,
  failing,
  losingAnswer,
  type TestStore,
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
const secondToken = { outcome: 'acquired', accessToken: { token: 'access-token-2' }, refreshed: true };
const firstToken = { outcome: 'acquired', accessToken: { token: 'access-token-1' }, refreshed: true };

describe('the lease', () => {
  it('of an instance that died runs out, and the next one redeems', async () => {
    client.during = () => Promise.reject(new Error('the instance died'));
    await expect(acquire()).rejects.toThrow('the instance died');
    client.during = undefined;
    const began = store.ambient.monotonic();
    // The refresh token that the dead one took with it is dead: this OP rotates.
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'refresh-token-dead' });
    expect(store.ambient.monotonic() - began).toBeGreaterThanOrEqual(LEASE_MILLISECONDS);
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('of an instance that died before it redeemed runs out, and one of those who wait redeems in its place', async () => {
    const dying = { ...client, refresh: () => Promise.reject(new Error('the instance died')) };
    const died = acquireAccessToken(store, dying, memory, ticket, SCOPES);
    await expect(died).rejects.toThrow('the instance died');
    const began = store.ambient.monotonic();
    const acquired = await Promise.all(Array.from({ length: 10 }, () => acquire(createTokenMemory())));
    expect(store.ambient.monotonic() - began).toBeGreaterThanOrEqual(LEASE_MILLISECONDS);
    for (const each of acquired) expect(each).toMatchObject({ accessToken: { token: 'access-token-1' } });
    expect(client.redemptions()).toBe(1);
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

describe('one that waits for another’s refresh', () => {
  it.each([200, 300, 1_000, 3_000, 8_000])(
    'that takes %i ms sees it before a fifth as long again has passed',
    (took) => {
      let waited = 0;
      while (waited < took) waited += lookAgainIn(waited);
      expect(waited).toBeLessThanOrEqual(1.2 * took);
    },
  );

  it('does not look more often than some forty times at a refresh that takes as long as it may', () => {
    let looks = 0;
    for (let waited = 0; waited < LEASE_MILLISECONDS; waited += lookAgainIn(waited)) looks += 1;
    expect(looks).toBeLessThanOrEqual(45);
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
