import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type FetchImplementation,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import { boundedText } from './bounded-text.ts';
import { TENANT_TEMPLATE } from './issuer.ts';

const JWKS_DEADLINE_MILLISECONDS = 5_000;
/** An unknown key id asks the OP for its keys again, at most this often: rotation is met at once, a flood of forgeries is not passed on. */
const JWKS_COOLDOWN_MILLISECONDS = 1_000;
/** Older than this, an ID token that has just come from the token endpoint was not made for this attempt. */
const ID_TOKEN_AGE_SECONDS_MAX = 600;
/** Asymmetric only: with a shared-secret algorithm a public key could be passed off as the secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

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
  readonly now: number;
}

export type IdTokenChecked =
  | { readonly outcome: 'valid'; readonly claims: IdTokenClaims }
  | { readonly outcome: 'invalid'; readonly reason: string }
  | { readonly outcome: 'op-unavailable'; readonly reason: string };

/** The OP's signing keys, fetched when first needed and again when a token names an unknown one. */
export function remoteKeys(jwksUri: string, fetchIt: typeof fetch = fetch): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUri), {
    timeoutDuration: JWKS_DEADLINE_MILLISECONDS,
    cooldownDuration: JWKS_COOLDOWN_MILLISECONDS,
    [customFetch]: boundedKeys(fetchIt),
  });
}

/** jose reads an answer of 200 to its end, however long that takes it: here it gets one that has been read. */
function boundedKeys(fetchIt: typeof fetch): FetchImplementation {
  return async (url, options) => {
    const response = await fetchIt(url, options);
    if (response.status !== 200) return response;
    const text = await boundedText(response);
    if (text === null) throw new RangeError("the OP's keys are too large");
    return new Response(text);
  };
}

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
  try {
    const { payload } = await jwtVerify(idToken, keys, {
      audience: expected.clientId,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_SKEW_MILLISECONDS / 1_000,
      maxTokenAge: ID_TOKEN_AGE_SECONDS_MAX,
      currentDate: new Date(expected.now),
      requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'nonce'],
    });
    const reason = whatIsWrong(payload, expected);
    return reason === null ? { outcome: 'valid', claims: payload as IdTokenClaims } : { outcome: 'invalid', reason };
  } catch (error) {
    if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
      return { outcome: 'op-unavailable', reason: error.code };
    if (error instanceof errors.JWKSNoMatchingKey) return { outcome: 'invalid', reason: error.code };
    if (error instanceof errors.JWTClaimValidationFailed) return { outcome: 'invalid', reason: `claim-${error.claim}` };
    // jose names a JWKS that did not come, or is no JSON, by its generic code; all else it throws is about the token.
    if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC')
      return { outcome: 'invalid', reason: error.code };
    return { outcome: 'op-unavailable', reason: 'jwks-unreachable' };
  }
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
