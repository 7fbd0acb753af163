import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { LEASE_MILLISECONDS } from '../../../shared/tokens/lease.ts';
import type { TokenClient } from '../../../shared/tokens/token-client.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR } from '../../support/records.ts';
import { cacheWith, namesIn } from '../../support/refresh-tokens.ts';
import { signIn } from '../../support/signins.ts';
import { createTestStore, failing, recordOperations, type TestStore } from '../../support/store.ts';

let store: TestStore;
let ticket: SessionTicket;
/** What the OP gives for a refresh token, and what happens meanwhile. */
let next: string;
let during: (() => Promise<unknown>) | undefined;
const revoked: string[] = [];
beforeEach(async () => {
  store = createTestStore();
  ticket = await signIn(store, { cache: cacheWith('first') });
  [next, during] = ['second', undefined];
  revoked.length = 0;
});

const client = (revocation: TokenClient['revocation']): TokenClient => ({
  redeemCode: () => Promise.reject(new Error('no code is redeemed here')),
  fromCache: () => null,
  async refresh(cache) {
    const obtainedAt = store.ambient.now();
    await during?.();
    const accessToken = { token: 'access', obtainedAt, expiresAt: obtainedAt + HOUR };
    return { outcome: 'refreshed', accessToken, cache: { ...cache, serialized: cacheWith(next) } };
  },
  ofApplication: () => Promise.reject(new Error('no API here is called as the application')),
  revocation,
  async revoke(cache) {
    revoked.push(...namesIn([cache]));
    return 'revoked';
  },
});
const acquire = (revocation: TokenClient['revocation']) =>
  acquireAccessToken(store, client(revocation), createTokenMemory(), ticket, ['api']);

describe('a refresh token that is overwritten', () => {
  it.each([
    ['token', ['first']],
    ['session', []],
    ['account', []],
    [null, []],
  ] as const)('is revoked where that reaches the token alone: %s', async (reach, names) => {
    expect(await acquire(reach)).toMatchObject({ outcome: 'acquired', refreshed: true });
    expect(revoked).toEqual(names);
  });

  it('is not where the OP gave the same again', async () => {
    next = 'first';
    expect(await acquire('token')).toMatchObject({ outcome: 'acquired', refreshed: true });
    expect(revoked).toEqual([]);
  });

  it('takes no more of storage than where nothing is revoked', async () => {
    const operations = recordOperations(store);
    await acquire(null);
    const without = operations.splice(0).length;
    await acquire('token');
    expect(operations).toHaveLength(without);
  });
});

it('a refresh token that the OP calls dead ends its session, and is not named to the OP again', async () => {
  const dead: TokenClient = {
    ...client('token'),
    refresh: async () => ({ outcome: 'grant-dead', reason: 'invalid_grant' }),
  };
  const acquired = await acquireAccessToken(store, dead, createTokenMemory(), ticket, ['api']);
  expect(acquired).toEqual({ outcome: 'signed-out', reason: 'refresh-token-dead' });
  expect(revoked).toEqual([]);
});

describe('a refresh token that was got and comes too late', () => {
  it.each([
    ['token', ['second']],
    ['session', ['second']],
    ['account', ['second']],
    [null, []],
  ] as const)('is revoked where the account is gone: %s', async (reach, names) => {
    during = () => signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await acquire(reach)).toMatchObject({ outcome: 'signed-out' });
    expect(revoked).toEqual(names);
  });

  it.each([
    ['token', ['second']],
    ['session', []],
    ['account', []],
  ] as const)(
    'is left alone where its revocation would end the session that took its place: %s',
    async (reach, names) => {
      during = () => signIn(store, { cache: cacheWith('newer'), replaces: ticket.sessionId });
      expect(await acquire(reach)).toMatchObject({ outcome: 'signed-out' });
      expect(revoked).toEqual(names);
    },
  );

  it.each([
    ['token', ['second']],
    ['session', []],
  ] as const)(
    'is revoked where its lease was lost, unless the session that stands would go with it: %s',
    async (reach, names) => {
      during = async () => {
        // Another writes, and then the lease is over.
        await signIn(store, { cache: cacheWith('phone'), sid: 'sid-2' });
        store.ambient.advance(LEASE_MILLISECONDS + 1);
      };
      expect(await acquire(reach)).toEqual({ outcome: 'unavailable', reason: 'lease-lost' });
      expect(revoked).toEqual(names);
    },
  );

  it('is not where storage does not say whether it is stored', async () => {
    during = async () => {
      store.ambient.advance(LEASE_MILLISECONDS + 1);
      failing(store, { table: 'accounts' });
    };
    expect(await acquire('token')).toMatchObject({ outcome: 'unavailable' });
    expect(revoked).toEqual([]);
  });
});
