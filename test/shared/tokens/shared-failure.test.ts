import { beforeEach, describe, expect, it } from '@jest/globals';
import { createAccountCodec } from '../../../shared/account/account.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { LEASE_MILLISECONDS } from '../../../shared/tokens/lease.ts';
import type { TokenFailure } from '../../../shared/tokens/token-client.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { type ScriptedTokenClient, scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { beforeOnce, createTestStore, failing, type TestStore } from '../../support/store.ts';

const SCOPES = ['User.Read'];
const FAILURES = ['interaction-required', 'op-unavailable', 'op-refused'] as const;
let store: TestStore;
let client: ScriptedTokenClient;
let ticket: SessionTicket;
beforeEach(async () => {
  store = createTestStore();
  client = scriptedTokenClient(store.ambient);
  ticket = await signIn(store, { cache: scriptedCache() });
});

/** A call in an instance of its own. */
const acquire = (scopes: readonly string[] = SCOPES) =>
  acquireAccessToken(store, client, createTokenMemory(), ticket, scopes);
const oneHundred = () => Promise.all(Array.from({ length: 100 }, () => acquire()));
const fail = (outcome: (typeof FAILURES)[number]): TokenFailure => {
  const failure = { outcome, reason: 'reason' };
  client.failure = failure;
  return failure;
};
/** While one redemption is at the OP, those who came meanwhile have looked and wait. */
const whileOthersWait = () => store.ambient.sleep(2_000);

describe.each(FAILURES)('of a hundred calls at once that the OP fails (%s)', (outcome) => {
  it('one asks, and all have its answer', async () => {
    const failure = fail(outcome);
    client.during = whileOthersWait;
    expect(await oneHundred()).toEqual(Array(100).fill(failure));
    expect(client.redemptions()).toBe(1);
  });

  it('none keeps the answer: a call that comes later asks anew', async () => {
    fail(outcome);
    await oneHundred();
    client.failure = undefined;
    expect(await acquire()).toMatchObject({ outcome: 'acquired', refreshed: true });
    expect(store.ambient.monotonic()).toBeLessThan(LEASE_MILLISECONDS);
  });
});

describe('an answer that was not meant for those who wait', () => {
  it('(for claims that an API wants) is not taken: they ask without', async () => {
    fail('interaction-required');
    client.during = async () => {
      client.during = undefined;
      await whileOthersWait();
      client.failure = undefined;
    };
    const claims = { suffices: () => false, vouchedAfter: Number.NEGATIVE_INFINITY, claims: '{}' };
    const challenged = acquireAccessToken(store, client, createTokenMemory(), ticket, SCOPES, claims);
    const [first, second] = await Promise.all([challenged, acquire()]);
    expect([first.outcome, second.outcome]).toEqual(['interaction-required', 'acquired']);
    expect(client.claimed).toEqual(['{}', null]);
  });

  it.each(['interaction-required', 'op-refused'] as const)(
    '(%s, for other scopes) is not taken: they ask for their own',
    async (outcome) => {
      const failure = fail(outcome);
      client.during = async () => {
        client.during = undefined;
        await whileOthersWait();
        client.failure = undefined;
      };
      const [first, second] = await Promise.all([acquire(['Mail.Read']), acquire()]);
      expect(first).toEqual(failure);
      expect(second).toMatchObject({ outcome: 'acquired', refreshed: true });
    },
  );

  it('(an OP that does not answer) is taken whatever the scopes', async () => {
    const failure = fail('op-unavailable');
    client.during = whileOthersWait;
    expect(await Promise.all([acquire(['Mail.Read']), acquire()])).toEqual([failure, failure]);
    expect(client.redemptions()).toBe(1);
  });
});

describe('a failure in the lease', () => {
  it('is sealed: the row says neither reason nor scope', async () => {
    client.failure = { outcome: 'interaction-required', reason: 'reason-for-the-log' };
    await acquire();
    const stored = store.tables.rows('accounts').flatMap(({ properties }) => Object.values(properties));
    for (const value of stored) {
      const text = value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value);
      for (const plain of ['reason-for-the-log', 'User.Read']) expect(text).not.toContain(plain);
    }
  });

  it('reaches those who wait where another wrote while the OP was asked', async () => {
    const failure = fail('op-unavailable');
    client.during = async () => {
      await whileOthersWait();
      await signIn(store, { sid: 'sid-2', cache: scriptedCache() });
    };
    expect(await Promise.all([acquire(), acquire()])).toEqual([failure, failure]);
    expect(client.redemptions()).toBe(1);
    expect(store.ambient.monotonic()).toBeLessThan(LEASE_MILLISECONDS);
  });

  it('reaches those who look only when the next try is under way, and that one goes on', async () => {
    const failure = fail('op-unavailable');
    client.during = whileOthersWait;
    const [first, waiting] = [acquire(), acquire()];
    const atOp = Promise.withResolvers<void>();
    let next: Promise<unknown> | undefined;
    void first.then(() => {
      client.failure = undefined;
      client.during = async () => {
        atOp.resolve();
        await waiting;
      };
      store.tables.before = async () => {
        store.tables.before = undefined;
        next = acquire();
        await atOp.promise;
        return undefined;
      };
    });
    expect(await Promise.all([first, waiting])).toEqual([failure, failure]);
    expect(await next).toMatchObject({ outcome: 'acquired', refreshed: true });
  });

  it('brings nothing back where the session was signed out while the OP was asked', async () => {
    fail('op-unavailable');
    client.during = async () => {
      const [row] = store.tables.rows('accounts');
      if (row) await store.tables.accounts.remove(row, row.etag);
    };
    await acquire();
    expect(store.tables.rows('accounts')).toEqual([]);
  });

  it('that cannot be stored costs those who wait the rest of the lease, and the caller nothing', async () => {
    const failure = fail('op-unavailable');
    client.during = async () => failing(store, { table: 'accounts', name: 'merge' }, 1);
    expect(await acquire()).toEqual(failure);
    const began = store.ambient.monotonic();
    client.failure = undefined;
    expect(await acquire()).toMatchObject({ outcome: 'acquired' });
    expect(store.ambient.monotonic() - began).toBeGreaterThanOrEqual(LEASE_MILLISECONDS);
  });

  it('leaves what was known of the last redemption, and the next success clears it', async () => {
    const lease = async () => {
      const [row] = store.tables.rows('accounts');
      const opened = row && createAccountCodec(store.keyring, ticket.account).openLease(row, ticket.sessionId);
      return opened?.outcome === 'opened' ? opened.value : null;
    };
    await acquire();
    const redeemedAt = store.ambient.now();
    store.ambient.advance(60 * 60_000);
    fail('op-unavailable');
    await acquire();
    expect(await lease()).toMatchObject({ redeemedAt, failure: { outcome: 'op-unavailable', scopes: SCOPES } });
    client.failure = undefined;
    await acquire();
    expect(await lease()).toEqual({ holder: '', until: 0, redeemedAt: store.ambient.now(), failure: null });
  });
});

it('a lease that another takes right before ours is waited for like any other', async () => {
  let other: Promise<unknown> | undefined;
  beforeOnce(store, { table: 'accounts', name: 'merge' }, async () => {
    other = acquire();
    await store.ambient.sleep(1);
  });
  expect(await acquire()).toMatchObject({ accessToken: { token: 'access-token-1' } });
  await other;
  expect(client.redemptions()).toBe(1);
});
