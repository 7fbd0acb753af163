import { createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

export interface BearerOptions {
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
}

/** How often the keys may be read again for a token that names an unknown one: a rotation is seen at once. */
const JWKS_COOLDOWN_MILLISECONDS = 0;

/**
 * Makes the check of an `Authorization` header: signature against the provider's JWKS, `iss`, `aud`, `exp`, and a `scp`.
 *
 * @returns the token's claims, or nothing for any token that is not good (RFC 6750, 3.1: `invalid_token`)
 */
export function createBearerCheck({ jwksUrl, issuer, audience }: BearerOptions) {
  const keys = createRemoteJWKSet(new URL(jwksUrl), { cooldownDuration: JWKS_COOLDOWN_MILLISECONDS });
  return async (authorization: string | undefined): Promise<JWTPayload | undefined> => {
    const token = bearerToken(authorization);
    if (!token) return undefined;
    try {
      const { payload } = await jwtVerify(token, keys, { issuer, audience, requiredClaims: ['exp', 'scp'] });
      return payload;
    } catch {
      return undefined;
    }
  };
}

/** The token of a bearer `Authorization` header (RFC 6750, 2.1). */
export function bearerToken(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer ([\w.~+/-]+=*)$/i)?.[1];
}
