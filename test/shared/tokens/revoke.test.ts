import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Departure, OfOpSession } from '../../../shared/account/departures.ts';
import { REVOCATIONS_MILLISECONDS_MAX, revokeDeparted, worthRevoking } from '../../../shared/tokens/revoke.ts';
import type { Revoked, SessionCache, TokenClient } from '../../../shared/tokens/token-client.ts';
import { cacheWith, namesIn } from '../../support/refresh-tokens.ts';

const tokens = (name: string, sid: OfOpSession) => ({ homeAccountId: 'alice', serialized: cacheWith(name), sid });
const departed = (names: readonly string[], standing: readonly OfOpSession[] = []): Departure => ({
  tokens: names.map((name) => tokens(name, `sid-of-${name}`)),
  standing,
});
const clientThat =
  (revoke: (cache: SessionCache) => Promise<Revoked>, revocation: TokenClient['revocation'] = 'token') =>
  async () =>
    ({ revocation, revoke }) as TokenClient;

describe('what is worth revoking', () => {
  const LAPTOP = { tokens: [tokens('laptop', 'one')], standing: [] };
  it.each([
    ['with nothing left standing', [], { token: 1, session: 1, account: 1 }],
    ['beside another OP session', ['two'], { token: 1, session: 1, account: 0 }],
    ['beside the same OP session', ['two', 'one'], { token: 1, session: 0, account: 0 }],
    ['beside one without a sid', ['two', null], { token: 1, session: 0, account: 0 }],
    ['beside one that cannot be read', [undefined], { token: 1, session: 0, account: 0 }],
  ] as const)('%s, by how far the OP goes', (_, standing, counts) => {
    for (const [reach, count] of Object.entries(counts)) {
      expect(worthRevoking({ ...LAPTOP, standing }, reach as 'token')).toHaveLength(count);
    }
  });

  it('of tokens without a sid is nothing as long as something stands', () => {
    for (const sid of [null, undefined]) {
      const unknown = [tokens('laptop', sid)];
      expect(worthRevoking({ tokens: unknown, standing: ['two'] }, 'session')).toEqual([]);
      expect(worthRevoking({ tokens: unknown, standing: [] }, 'session')).toEqual(unknown);
    }
  });
});

describe('revoking what has left', () => {
  it('counts what the OP did, and asks for no OP where nothing left', async () => {
    const seen: SessionCache[] = [];
    const client = clientThat(async (cache) => {
      seen.push(cache);
      return cache.serialized.includes('phone') ? 'failed' : 'revoked';
    });
    expect(await revokeDeparted(client, [departed(['laptop', 'phone']), departed(['tab'])])).toEqual({
      revoked: 2,
      failed: 1,
    });
    expect(namesIn(seen)).toEqual(['laptop', 'phone', 'tab']);
    const nobody = () => Promise.reject(new Error('asked for'));
    expect(await revokeDeparted(nobody, [])).toEqual({ revoked: 0, failed: 0 });
    expect(await revokeDeparted(nobody, [departed([])])).toEqual({ revoked: 0, failed: 0 });
  });

  it('asks the OP for no more than sixteen at once', async () => {
    let [now, most] = [0, 0];
    const client = clientThat(async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return 'revoked';
    });
    const names = Array.from({ length: 50 }, (_, index) => `device-${index}`);
    expect(await revokeDeparted(client, [departed(names)])).toEqual({ revoked: 50, failed: 0 });
    expect(most).toBe(16);
  });

  describe('at an OP that hangs', () => {
    beforeEach(() => {
      jest.useFakeTimers();
    });
    afterEach(() => {
      jest.useRealTimers();
    });

    it.each([
      ['whose revocation endpoint does', clientThat(() => new Promise<never>(() => {}))],
      ['whose metadata does', () => new Promise<never>(() => {})],
    ])('%s, is over within a bound, however many there are', async (_, client) => {
      const names = Array.from({ length: 50 }, (_each, index) => `device-${index}`);
      const revoking = revokeDeparted(client, [departed(names)]);
      await jest.advanceTimersByTimeAsync(REVOCATIONS_MILLISECONDS_MAX);
      expect(await revoking).toEqual({ revoked: 0, failed: 50 });
    });
  });
});
