import { beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT_ROW_KEY, cacheProperty, createAccountCodec, leaseProperty } from '../../../shared/account/account.ts';
import { cachedAccessToken } from '../../../shared/msal/cached-access-token.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import type { Entity } from '../../../shared/store/table.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import type { AccessToken, Refreshed, SessionCache, TokenClient } from '../../../shared/tokens/token-client.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR } from '../../support/records.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
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
const KEY = { partitionKey: ALICE, rowKey: ACCOUNT_ROW_KEY };
/** What a cache may well grow to; thirty of these are more than an account holds. */
const GROWN_BYTES = 40_000;

let store: TestStore;
/** What each refresh token is long, and how long an access token for something else is that the cache also holds. */
let lengths: { refreshToken: number; otherAccessToken: number };
/** Happens while a redemption is at the OP. */
let during: (() => Promise<unknown>) | undefined;
let redemptions: number;
let ticket: SessionTicket;
let others: SessionTicket[];

/** Text that does not compress, as tokens do not. */
const noise = (characters: number) =>
  Buffer.from(store.ambient.randomBytes(characters)).toString('base64url').slice(0, characters);
/** A cache in MSAL's schema: the access token asked for, one for something else that is as new, and the refresh token. */
const cacheOf = (token: string, now: number): string => {
  const entity = {
    home_account_id: 'alice.contoso',
    client_id: 'client-1',
    cached_at: `${now / 1_000}`,
    expires_on: `${(now + HOUR) / 1_000}`,
  };
  return JSON.stringify({
    AccessToken: {
      other: { ...entity, target: 'Mail.Read', secret: noise(lengths.otherAccessToken) },
      asked: { ...entity, target: 'User.Read', secret: token },
    },
    RefreshToken: { r: { secret: `refresh-of-${token}-${noise(lengths.refreshToken)}` } },
  });
};

const client: TokenClient = {
  redeemCode: () => Promise.reject(new Error('no code is redeemed here')),
  fromCache: (cache, scopes) => cachedAccessToken(cache, 'client-1', scopes),
  async refresh(cache: SessionCache): Promise<Refreshed> {
    redemptions += 1;
    const now = store.ambient.now();
    const accessToken: AccessToken = { token: `access-${redemptions}`, obtainedAt: now, expiresAt: now + HOUR };
    const serialized = cacheOf(accessToken.token, now);
    await during?.();
    return { outcome: 'refreshed', accessToken, cache: { ...cache, serialized } };
  },
  ofApplication: () => Promise.reject(new Error('no API here is called as the application')),
  revocation: null,
  revoke: async () => 'failed',
};
const acquire = (of = ticket) => acquireAccessToken(store, client, createTokenMemory(), of, SCOPES);

async function readAccount(): Promise<Entity> {
  const read = await store.tables.accounts.read(KEY);
  if (read.outcome !== 'found') throw new Error(read.outcome);
  return read.entity;
}

/** Lets properties, the others' caches if not said, grow by merges as refreshes do, until fewer than `leaving` bytes are left. */
async function fill(leaving: number, names = others.map(({ sessionId }) => cacheProperty(sessionId))): Promise<void> {
  const grow = async (name: string, bytes: number) =>
    (await store.tables.accounts.merge(KEY, { [name]: new Uint8Array(bytes) }, (await readAccount()).etag)).outcome;
  let bytes = GROWN_BYTES;
  for (const name of names) {
    while (bytes > leaving && (await grow(name, bytes)) === 'too-large') bytes = Math.floor(bytes / 2);
  }
  expect(bytes).toBeLessThanOrEqual(leaving);
}

async function cacheStored(): Promise<SessionCache> {
  const opened = createAccountCodec(store.keyring, ALICE).openCache(await readAccount(), ticket.sessionId);
  return { homeAccountId: 'alice.contoso', serialized: opened.outcome === 'opened' ? opened.value : opened.outcome };
}

const standing = () =>
  others.filter(({ sessionId }) => accountProperties(store, ALICE)?.includes(cacheProperty(sessionId)));
/** What the account holds when these others stand beside the session that was refreshed. */
const withLease = (...left: SessionTicket[]) =>
  [...propertiesWith(ticket, ...left), leaseProperty(ticket.sessionId)].sort();

beforeEach(async () => {
  store = createTestStore();
  lengths = { refreshToken: 1_000, otherAccessToken: 10 };
  during = undefined;
  redemptions = 0;
  ticket = await signIn(store, { cache: '{}' });
  others = [];
  for (let sessions = 0; sessions < 30; sessions += 1) {
    store.ambient.advance(1_000);
    others.push(await signIn(store, { sid: `sid-of-${sessions}`, cache: '{}' }));
  }
});

describe('a refresh that outgrows the account', () => {
  it('sheds the access tokens that were not asked for, and nobody has to leave', async () => {
    lengths.otherAccessToken = 40_000;
    await fill(8_000);
    expect(await acquire()).toMatchObject({ outcome: 'acquired', accessToken: { token: 'access-1' }, refreshed: true });
    expect(accountProperties(store, ALICE)).toEqual(withLease(...others));
    expect(await acquire()).toMatchObject({ accessToken: { token: 'access-1' }, refreshed: false });
    expect(client.fromCache(await cacheStored(), ['Mail.Read'])).toBeNull();
  });

  it('makes the sessions leave that were not used for longest, with their tokens, and keeps its own heir', async () => {
    lengths.refreshToken = 40_000;
    await fill(8_000);
    expect(await acquire()).toMatchObject({ outcome: 'acquired', accessToken: { token: 'access-1' }, refreshed: true });
    const left = standing();
    expect(left.length).toBeGreaterThan(5);
    expect(accountProperties(store, ALICE)).toEqual(withLease(...others.slice(-left.length)));
    expect((await cacheStored()).serialized).toContain('refresh-of-access-1-');
  });

  it('can be followed by the others’: whoever still stands finds room', async () => {
    lengths.refreshToken = 55_000;
    for (const other of others.toReversed()) {
      const outcome = standing().includes(other) ? 'acquired' : 'signed-out';
      expect(await acquire(other)).toMatchObject({ outcome });
    }
    expect(standing().length).toBeGreaterThan(5);
    expect(redemptions).toBeGreaterThanOrEqual(standing().length);
  });

  it('reads again where another wrote before its Replace, and overwrites nothing of theirs', async () => {
    lengths.refreshToken = 40_000;
    await fill(8_000);
    const theirs = others.slice(-1).map(({ sessionId }) => cacheProperty(sessionId))[0] ?? '';
    const refreshed = Uint8Array.of(1, 2, 3);
    beforeOnce(store, { table: 'accounts', name: 'replace' }, async () =>
      store.tables.accounts.merge(KEY, { [theirs]: refreshed }, (await readAccount()).etag),
    );
    expect(await acquire()).toMatchObject({ outcome: 'acquired' });
    expect((await readAccount()).properties[theirs]).toEqual(refreshed);
    expect((await cacheStored()).serialized).toContain('refresh-of-access-1-');
  });

  it.each(['read', 'replace'] as const)(
    'keeps trying where a %s fails, and nobody leaves for nothing',
    async (name) => {
      lengths.refreshToken = 40_000;
      await fill(8_000);
      during = async () => failing(store, { table: 'accounts', name }, 5);
      expect(await acquire()).toMatchObject({ outcome: 'acquired' });
      expect(store.ambient.sleeps.length).toBeGreaterThanOrEqual(5);
      expect(standing().length).toBeGreaterThan(5);
      expect(accountProperties(store, ALICE)).toEqual(withLease(...standing()));
    },
  );

  it('recognises its own Replace where the answer was lost', async () => {
    lengths.refreshToken = 40_000;
    await fill(8_000);
    losingAnswer(store, { table: 'accounts', name: 'replace' });
    expect(await acquire()).toMatchObject({ outcome: 'acquired', accessToken: { token: 'access-1' } });
  });

  it('gives up with its lease, and gives no token that is not stored', async () => {
    lengths.refreshToken = 40_000;
    await fill(8_000);
    during = async () => failing(store, { table: 'accounts', name: 'replace' });
    expect(await acquire()).toEqual({ outcome: 'unavailable', reason: 'lease-lost' });
    expect(standing()).toEqual(others);
  });

  it('brings nothing back where a sign-out came between', async () => {
    lengths.refreshToken = 40_000;
    await fill(8_000);
    beforeOnce(store, { table: 'accounts', name: 'replace' }, async () => {
      await store.tables.accounts.remove(KEY, (await readAccount()).etag);
    });
    expect(await acquire()).toEqual({ outcome: 'signed-out', reason: 'session-gone' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('a refresh token that has outgrown its property', () => {
  it('is unavailable, not an error: nothing is half written, and the lease is given back', async () => {
    lengths.refreshToken = 100_000;
    const before = await cacheStored();
    expect(await acquire()).toEqual({ outcome: 'unavailable', reason: 'cache-too-large' });
    expect(await cacheStored()).toEqual(before);
    lengths.refreshToken = 1_000;
    expect(await acquire()).toMatchObject({ outcome: 'acquired', refreshed: true });
    expect(store.ambient.sleeps).toEqual([]);
  });
});

describe('an account that is full to the brim', () => {
  it('makes the oldest sessions leave for the lease, and those do not come back with the tokens', async () => {
    // This session's own cache is large, and smaller once it is refreshed: there is room again, and it is not theirs.
    lengths.refreshToken = 84_000;
    const large = createAccountCodec(store.keyring, ALICE).sealCache(ticket.sessionId, cacheOf('expired', 0));
    await store.tables.accounts.merge(KEY, large ?? {}, (await readAccount()).etag);
    lengths.refreshToken = 1_000;
    await fill(64);
    let left: SessionTicket[] = [];
    during = async () => {
      left = standing();
    };
    expect(await acquire()).toMatchObject({ outcome: 'acquired', accessToken: { token: 'access-1' }, refreshed: true });
    expect(redemptions).toBe(1);
    expect(left.length).toBeLessThan(others.length);
    expect(left).toEqual(others.slice(-left.length));
    expect(accountProperties(store, ALICE)).toEqual(withLease(...left));
  });

  it('is unavailable where it would not be less by anybody’s leaving, and no refresh token is spent', async () => {
    await fill(
      64,
      Array.from({ length: 40 }, (_, each) => `nobodys_${each}`),
    );
    expect(await acquire()).toEqual({ outcome: 'unavailable', reason: 'account-too-large' });
    expect(redemptions).toBe(0);
  });
});
