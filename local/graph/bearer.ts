import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type BearerOptions, bearerToken } from '../api/bearer.ts';

const ROLE = 'User.Read.All';

/**
 * Makes the check of an application's own token: the provider's signature, `iss`, `aud`, `exp`, and the role that may read users.
 *
 * @returns the application's client id; undefined for any token that is not good
 */
export function createApplicationCheck({ jwksUrl, issuer, audience }: BearerOptions) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: 0 });
  return async (authorization: string | undefined): Promise<string | undefined> => {
    const token = bearerToken(authorization);
    if (!token) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, requiredClaims: ['exp', 'roles', 'azp'] });
      return Array.isArray(payload.roles) && payload.roles.includes(ROLE) ? String(payload.azp) : undefined;
    } catch {
      return undefined;
    }
  };
}
