import type { Ambient } from '../../shared/ambient/ambient.ts';
import type { Op } from '../../shared/application/application.ts';
import { authorizationUrl } from '../../shared/oidc/authorization-url.ts';
import type { AccessToken, SessionCache } from '../../shared/tokens/token-client.ts';
import { NO_KEYS, OP_METADATA } from '../support/application.ts';
import { HOUR } from '../support/records.ts';
import type { Turnstile } from './turnstile.ts';

/** A cache as this OP fills it: a refresh token is one of a family, which dies with the first that comes twice. */
interface RaceCache {
  readonly family: string;
  readonly refreshToken: number;
  readonly accessToken?: AccessToken;
}

const read = ({ serialized }: SessionCache): RaceCache => JSON.parse(serialized) as RaceCache;
export const raceCache = (family: string): string => JSON.stringify({ family, refreshToken: 0 } satisfies RaceCache);
export const familyOf = (serialized: string): string => read({ homeAccountId: '', serialized }).family;
export const tokenOf = (family: string, which: number | 'remembered'): string => `${family}/${which}`;
export const familyOfToken = (token: string): string => token.slice(0, token.lastIndexOf('/'));

/** What the OP knows, whichever instance asks. */
export class OpState {
  readonly #good = new Map<string, number>();
  /** The families of which a refresh token came twice. */
  readonly reused: string[] = [];
  /** Who was told that a refresh token is dead. */
  readonly refused = new Set<string>();

  redeem(family: string, refreshToken: number): number | null {
    const good = this.#good.get(family) ?? 0;
    if (refreshToken === good) {
      this.#good.set(family, good + 1);
      return good + 1;
    }
    if (!Number.isNaN(good)) this.reused.push(family);
    this.revoke(family);
    return null;
  }

  revoke(family: string): void {
    this.#good.set(family, Number.NaN);
  }
}

/** Who signs in when a code is redeemed. */
export interface Person {
  readonly homeAccountId: string;
  readonly sid: string | null;
  /** The OP has revoked the refresh tokens. */
  readonly revoked?: true;
}

/** Whom the OP means by its `sub`. */
export const subjectOf = (homeAccountId: string): string => `sub-of-${homeAccountId}`;

/** The OP as one operation reaches it: each call is a yield point. */
export function raceOp(state: OpState, turnstile: Turnstile, actor: string, ambient: Ambient, person: Person): Op {
  const at = (partitionKey: string) => ({ access: { table: 'op', partitionKey, rowKey: 'tokens', writes: true } });
  return {
    metadata: OP_METADATA,
    keys: NO_KEYS,
    tokens: {
      redeemCode: async () => {
        await turnstile.pass(actor, 'redeems the code', at(`code of ${actor}`));
        const cache = { homeAccountId: person.homeAccountId, serialized: raceCache(actor) };
        return { outcome: 'redeemed', cache, idToken: '' };
      },
      fromCache: (cache) => read(cache).accessToken ?? null,
      refresh: async (cache) => {
        const { family, refreshToken } = read(cache);
        await turnstile.pass(actor, `redeems the refresh token of ${family}`, at(family));
        const next = person.revoked ? null : state.redeem(family, refreshToken);
        if (next === null) {
          state.refused.add(actor);
          return { outcome: 'grant-dead', reason: 'invalid_grant' };
        }
        const obtainedAt = ambient.now();
        const accessToken = { token: tokenOf(family, next), obtainedAt, expiresAt: obtainedAt + HOUR };
        const serialized = JSON.stringify({ family, refreshToken: next, accessToken } satisfies RaceCache);
        return { outcome: 'refreshed', accessToken, cache: { ...cache, serialized } };
      },
      ofApplication: () => Promise.reject(new Error('no API here is called as the application')),
      revocation: 'token',
      revoke: async (cache) => {
        const { family } = read(cache);
        await turnstile.pass(actor, `revokes the refresh token of ${family}`, at(family));
        state.revoke(family);
        return 'revoked';
      },
    },
    authorizationAddress: async (request) => authorizationUrl(request),
    checkIdToken: async () => {
      const { homeAccountId, sid } = person;
      const claims = { iss: OP_METADATA.issuer, sub: subjectOf(homeAccountId), ...(sid !== null && { sid }) };
      return { outcome: 'valid', claims };
    },
  };
}
