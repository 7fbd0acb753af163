import type { Ambient } from '../../shared/ambient/ambient.ts';
import type { Op } from '../../shared/application/application.ts';
import type { SessionCache } from '../../shared/tokens/token-client.ts';
import { OP_METADATA } from '../support/application.ts';
import { HOUR } from '../support/records.ts';
import type { Turnstile } from './turnstile.ts';

/** A cache as this OP fills it: a refresh token is one of a family, which dies with the first that comes twice. */
interface RaceCache {
  readonly family: string;
  readonly refreshToken: number;
}

export const raceCache = (family: string): string => JSON.stringify({ family, refreshToken: 0 } satisfies RaceCache);
export const familyOf = (serialized: string): string => (JSON.parse(serialized) as RaceCache).family;

/** What the OP knows, whichever instance asks. */
export class OpState {
  readonly #good = new Map<string, number>();
  /** The families of which a refresh token came twice. */
  readonly reused: string[] = [];

  redeem(family: string, refreshToken: number): number | null {
    const good = this.#good.get(family) ?? 0;
    if (refreshToken === good) {
      this.#good.set(family, good + 1);
      return good + 1;
    }
    this.reused.push(family);
    this.#good.set(family, Number.NaN);
    return null;
  }
}

/** Who signs in when a code is redeemed. */
export interface Person {
  readonly homeAccountId: string;
  readonly sid: string | null;
  /** The OP has revoked the refresh tokens. */
  readonly revoked?: true;
}

/** The OP as one operation reaches it: a redemption is a yield point. */
export function raceOp(state: OpState, turnstile: Turnstile, actor: string, ambient: Ambient, person: Person): Op {
  const at = (partitionKey: string) => ({ access: { table: 'op', partitionKey, rowKey: 'tokens', writes: true } });
  const accessToken = (name: string) => {
    const obtainedAt = ambient.now();
    return { token: name, obtainedAt, expiresAt: obtainedAt + HOUR };
  };
  const issued = (cache: SessionCache, family: string, refreshToken: number) => {
    const serialized = JSON.stringify({ family, refreshToken, accessToken: accessToken(`${family}-${refreshToken}`) });
    return { ...cache, serialized };
  };
  return {
    metadata: OP_METADATA,
    tokens: {
      redeemCode: async () => {
        await turnstile.pass(actor, 'redeems the code', at(`code of ${actor}`));
        const cache = { homeAccountId: person.homeAccountId, serialized: raceCache(actor) };
        return { outcome: 'redeemed', cache, idToken: '' };
      },
      fromCache: (cache) => JSON.parse(cache.serialized).accessToken ?? null,
      refresh: async (cache) => {
        const { family, refreshToken } = JSON.parse(cache.serialized) as RaceCache;
        await turnstile.pass(actor, `redeems the refresh token of ${family}`, at(family));
        const next = person.revoked ? null : state.redeem(family, refreshToken);
        if (next === null) return { outcome: 'grant-dead', reason: 'invalid_grant' };
        const filled = issued(cache, family, next);
        return { outcome: 'refreshed', accessToken: JSON.parse(filled.serialized).accessToken, cache: filled };
      },
      revoke: async () => 'not-supported',
    },
    checkIdToken: async () => {
      const { homeAccountId, sid } = person;
      const claims = { iss: OP_METADATA.issuer, sub: `sub-of-${homeAccountId}`, ...(sid !== null && { sid }) };
      return { outcome: 'valid', claims };
    },
  };
}
