import { beforeEach, describe, expect, it } from '@jest/globals';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import {
  type BearerToken,
  type BearerTokens,
  createBearerTokens,
  type TokenWishes,
} from '../../../shared/identity/bearer-tokens.ts';

const HOUR = 3_600_000;
const CHALLENGE = 'Bearer authorization_uri=https://login.example/tenant/oauth2/authorize';

let clock = 0;
const ambient = { ...systemAmbient, now: () => clock, monotonic: () => clock };
let asked: TokenWishes[] = [];
/** What the credential does when it is asked: by default a token of an hour, the next number each time. */
let give: () => Promise<BearerToken | null>;
let tokens: BearerTokens;

const tokenOf = (ttl = HOUR): BearerToken => ({ token: `token-${asked.length}`, expiresOnTimestamp: clock + ttl });
/** Lets what is under way come to its end. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  clock = 1_000_000;
  asked = [];
  give = async () => tokenOf();
  tokens = createBearerTokens((wishes) => {
    asked.push(wishes);
    return give();
  }, ambient);
});

describe('a token', () => {
  it('is asked for once by all who want it first at the same time, and kept', async () => {
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => tokens.get())))).toEqual(new Set(['token-1']));
    clock += HOUR / 2;
    expect(await tokens.get()).toBe('token-1');
    expect(asked).toHaveLength(1);
  });

  it('is renewed two minutes ahead, while the old one serves', async () => {
    await tokens.get();
    clock += HOUR - 119_000;
    const renewed = Promise.withResolvers<BearerToken>();
    give = () => renewed.promise;
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(asked).toHaveLength(2);
    renewed.resolve(tokenOf());
    await settled();
    expect(await tokens.get()).toBe('token-2');
  });

  it('that does not say when it ends is asked for anew each time, and not sent for ever', async () => {
    give = async () => ({ ...tokenOf(), expiresOnTimestamp: Number.NaN });
    expect([await tokens.get(), await tokens.get()]).toEqual(['token-1', 'token-2']);
  });

  it('is renewed when the credential says so, if that is earlier', async () => {
    give = async () => ({ ...tokenOf(), refreshAfterTimestamp: 1_000_000 + HOUR / 2 });
    await tokens.get();
    clock += HOUR / 2 + 1;
    await tokens.get();
    expect(asked).toHaveLength(2);
  });

  it('serves until its end though its renewal fails, which is tried again every three seconds and no more often', async () => {
    await tokens.get();
    clock += HOUR - 60_000;
    give = async () => Promise.reject(new Error('the endpoint of the identity is away'));
    for (let reads = 0; reads < 10; reads += 1) {
      expect(await tokens.get()).toBe('token-1');
      await settled();
    }
    expect(asked).toHaveLength(2);
    clock += 3_000;
    await tokens.get();
    await settled();
    expect(asked).toHaveLength(3);
    give = async () => tokenOf();
    clock += 3_000;
    await tokens.get();
    await settled();
    expect(await tokens.get()).toBe('token-4');
  });

  it('that ends within a second is not sent: whoever asks waits for the next', async () => {
    await tokens.get();
    clock += HOUR - 999;
    expect(await Promise.all([tokens.get(), tokens.get()])).toEqual(['token-2', 'token-2']);
    expect(asked).toHaveLength(2);
  });

  it('that the credential does not give is an error for all who wait, and asked for anew by the next', async () => {
    give = async () => null;
    await expect(tokens.get()).rejects.toThrow('the credential gave no token');
    give = async () => Promise.reject(new TypeError('away'));
    const both = await Promise.allSettled([tokens.get(), tokens.get()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    give = async () => tokenOf();
    expect(await tokens.get()).toBe('token-3');
  });
});

describe('a token that was refused', () => {
  it('is replaced once for all who were refused with it', async () => {
    const refused = await tokens.get();
    clock += 60_000;
    const instead = await Promise.all(Array.from({ length: 20 }, () => tokens.instead(refused, CHALLENGE)));
    expect(new Set(instead)).toEqual(new Set(['token-2']));
    expect(await tokens.instead(refused, CHALLENGE)).toBe('token-2');
    expect(await tokens.get()).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  it('is not replaced by itself', async () => {
    give = async () => ({ token: 'same', expiresOnTimestamp: clock + HOUR });
    const refused = await tokens.get();
    clock += 60_000;
    expect(await tokens.instead(refused, CHALLENGE)).toBeNull();
  });

  it('and whose successors are refused too has the credential asked every three seconds at the most', async () => {
    for (let reads = 0; reads < 50; reads += 1) {
      await tokens.instead(await tokens.get(), CHALLENGE);
      clock += 100;
    }
    expect(asked).toHaveLength(3);
  });

  it('is replaced with the claims that the service wants, and with nothing else that it says', async () => {
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const base64 = Buffer.from(claims).toString('base64');
    for (const challenge of [
      `Bearer error="insufficient_claims", claims="${base64}", resource_id="https://elsewhere.example"`,
      `Bearer claims="${base64}"`,
    ]) {
      clock += 60_000;
      await tokens.instead(await tokens.get(), challenge);
    }
    expect(asked.map((wishes) => wishes.claims)).toEqual([undefined, claims, undefined]);
    for (const { abortSignal, claims: _, ...rest } of asked) {
      expect(abortSignal).toBeInstanceOf(AbortSignal);
      expect(rest).toEqual({ enableCae: true });
    }
  });
});
