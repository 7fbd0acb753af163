import { beforeEach, describe, expect, it } from '@jest/globals';
import { createApplicationTokens, type RedeemOwn } from '../../../shared/tokens/application-tokens.ts';
import type { ApplicationRedeemed, TokenFailure } from '../../../shared/tokens/token-client.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { createTestStore } from '../../support/store.ts';

const SCOPE = 'https://graph.microsoft.us/.default';
const DOWN: TokenFailure = { outcome: 'op-unavailable', reason: 'network_error' };

const { ambient } = createTestStore();
let tokens: ReturnType<typeof createApplicationTokens>;
let asked: string[];
let failure: TokenFailure | undefined;
beforeEach(() => {
  tokens = createApplicationTokens(ambient);
  asked = [];
  failure = undefined;
});
const redeem: RedeemOwn = async (scope, claims) => {
  asked.push([scope, claims ?? ''].join(' ').trim());
  const obtainedAt = ambient.now();
  const accessToken = { token: `token-${asked.length}`, obtainedAt, expiresAt: obtainedAt + HOUR };
  return failure ?? { outcome: 'redeemed', accessToken };
};
const acquire = async (...[scope = SCOPE, need]: readonly [string?, Parameters<typeof tokens.acquire>[2]?]) => {
  const answer = await tokens.acquire(redeem, scope, need);
  return answer.outcome === 'redeemed' ? answer.accessToken.token : answer.outcome;
};
const settled = () => new Promise(setImmediate);

describe('a token of the application’s own', () => {
  it('is got once for all who need it at the same moment, and kept', async () => {
    expect(await Promise.all([acquire(), acquire(), acquire()])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(await acquire()).toBe('token-1');
    expect(asked).toEqual([SCOPE]);
  });

  it('for one resource never serves another', async () => {
    expect([await acquire('a/.default'), await acquire('b/.default')]).toEqual(['token-1', 'token-2']);
    expect([await acquire('a/.default'), await acquire('b/.default')]).toEqual(['token-1', 'token-2']);
  });

  it('is replaced beside the call shortly before its end, once', async () => {
    await acquire();
    ambient.advance(HOUR - 4 * MINUTE);
    expect([await acquire(), asked.length]).toEqual(['token-1', 2]);
    await settled();
    expect([await acquire(), asked.length]).toEqual(['token-2', 2]);
  });

  it('is sent to its end where the OP is down, which is not asked with every call', async () => {
    await acquire();
    failure = DOWN;
    ambient.advance(HOUR - 4 * MINUTE);
    for (let calls = 0; calls < 3; calls += 1) {
      expect(await acquire()).toBe('token-1');
      await settled();
    }
    expect(asked).toHaveLength(2);
    ambient.advance(4 * MINUTE);
    expect(await acquire()).toBe('op-unavailable');
  });

  it('that is refused gives way to another, with the claims that are wanted', async () => {
    await acquire();
    expect(await acquire(SCOPE, { unlike: 'token-1', claims: '{}' })).toBe('token-2');
    expect(await acquire(SCOPE, { unlike: 'token-1' })).toBe('token-2');
    expect(asked).toEqual([SCOPE, `${SCOPE} {}`]);
  });

  it('that could not be got is asked for again', async () => {
    failure = DOWN;
    expect(await acquire()).toBe('op-unavailable');
    failure = undefined;
    expect(await acquire()).toBe('token-2');
  });

  it('that fails to come by a bug is no one’s for ever', async () => {
    const broken = () => Promise.reject<ApplicationRedeemed>(new Error('a bug'));
    await expect(tokens.acquire(broken, SCOPE)).rejects.toThrow('a bug');
    expect(await acquire()).toBe('token-1');
  });
});
