import { createHash } from 'node:crypto';
import type { Ambient } from '../../shared/ambient/ambient.ts';
import type { Op } from '../../shared/application/application.ts';
import { authorizationUrl } from '../../shared/oidc/authorization-url.ts';
import type { AccessToken, SessionCache } from '../../shared/tokens/token-client.ts';
import { NO_KEYS, OP_METADATA } from '../../test/support/application.ts';

const TOKEN_LIFE_MILLISECONDS = 60 * 60_000;
/** About what MSAL's cache of one resource comes to when it is compressed: tokens do not compress well. */
const CACHE_BYTES = 4_500;

/** Who is at the OP just now. */
export interface AtOp {
  homeAccountId: string;
  sid: string;
}

/** An OP that lets everybody in, and whose caches are as large as MSAL's. */
export function simulatedOp(ambient: Ambient, person: AtOp): Op {
  let issued = 0;
  const newToken = (): AccessToken => {
    issued += 1;
    const obtainedAt = ambient.now();
    return { token: `token-${issued}`, obtainedAt, expiresAt: obtainedAt + TOKEN_LIFE_MILLISECONDS };
  };
  const cacheOf = (homeAccountId: string, accessToken: AccessToken): SessionCache => {
    const filling = createHash('shake256', { outputLength: CACHE_BYTES })
      .update(accessToken.token)
      .digest()
      .toString('latin1');
    return { homeAccountId, serialized: JSON.stringify({ accessToken, filling }) };
  };
  return {
    metadata: OP_METADATA,
    keys: NO_KEYS,
    tokens: {
      redeemCode: async () => {
        return { outcome: 'redeemed', cache: cacheOf(person.homeAccountId, newToken()), idToken: '' };
      },
      fromCache: ({ serialized }) => (JSON.parse(serialized) as { accessToken: AccessToken }).accessToken,
      refresh: async ({ homeAccountId }) => {
        const accessToken = newToken();
        return { outcome: 'refreshed', accessToken, cache: cacheOf(homeAccountId, accessToken) };
      },
      ofApplication: () => Promise.reject(new Error('no API here is called as the application')),
      revocation: null,
      revoke: () => Promise.reject(new Error('nothing is revoked here')),
    },
    authorizationAddress: async (request) => authorizationUrl(request),
    checkIdToken: async () => {
      const { homeAccountId, sid } = person;
      return { outcome: 'valid', claims: { iss: OP_METADATA.issuer, sub: `sub-of-${homeAccountId}`, sid } };
    },
  };
}
