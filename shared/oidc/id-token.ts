import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { TENANT_TEMPLATE } from './issuer.ts';
import { verifyJwt } from './verify-jwt.ts';

/** Older than this, an ID token that has just come from the token endpoint was not made for this attempt. */
const ID_TOKEN_AGE_SECONDS_MAX = 600;

export interface IdTokenClaims extends JWTPayload {
  readonly sub: string;
}

export interface IdTokenExpectations {
  /** As discovery gives it; Entra ID's multi-tenant issuer is a template with `{tenantid}`. */
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  /** The tenants let in; where the issuer is no template an empty list leaves it to the issuer. */
  readonly tenants: readonly string[];
  /** By which it may be signed. */
  readonly algorithms: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type IdTokenChecked =
  | { readonly outcome: 'valid'; readonly claims: IdTokenClaims }
  | { readonly outcome: 'invalid'; readonly reason: string }
  | { readonly outcome: 'op-unavailable'; readonly reason: string };

/**
 * Checks an ID token as its relying party must, because MSAL Node checks neither signature nor `iss`, `aud`, `exp`.
 *
 * @see OpenID Connect Core 1.0 section 3.1.3.7
 */
export async function checkIdToken(
  idToken: string,
  keys: JWTVerifyGetKey,
  expected: IdTokenExpectations,
): Promise<IdTokenChecked> {
  const verified = await verifyJwt(idToken, keys, {
    audience: expected.clientId,
    algorithms: expected.algorithms,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
    // The code flow's ID token came from the token endpoint itself, which says what it is.
    typ: null,
    ageSecondsMax: ID_TOKEN_AGE_SECONDS_MAX,
    now: expected.now,
  });
  if (verified.outcome !== 'verified') return verified;
  const { claims } = verified;
  const reason = whatIsWrong(claims, expected);
  return reason === null ? { outcome: 'valid', claims: claims as IdTokenClaims } : { outcome: 'invalid', reason };
}

function whatIsWrong(claims: JWTPayload, { issuer, clientId, nonce, tenants }: IdTokenExpectations): string | null {
  const { tid, azp, aud } = claims as Record<string, unknown>;
  const template = issuer.includes(TENANT_TEMPLATE);
  if (template || tenants.length > 0) {
    if (typeof tid !== 'string' || !tenants.includes(tid.toLowerCase())) return 'claim-tid';
  }
  if (claims.iss !== (template ? issuer.replace(TENANT_TEMPLATE, String(tid)) : issuer)) return 'claim-iss';
  if (claims.nonce !== nonce) return 'claim-nonce';
  if (typeof claims.sub !== 'string' || claims.sub === '') return 'claim-sub';
  // Section 3.1.3.7, steps 4 and 5: with several audiences the token must say that it was issued to us.
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined) return 'claim-azp';
  if (azp !== undefined && azp !== clientId) return 'claim-azp';
  return null;
}
