import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify, type ProtectedHeaderParameters } from 'jose';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import { hasUniqueMembers } from '../settings/unique-members.ts';

/** Any that OPs are known to send are far smaller; one of more characters is not looked at. */
const JWT_CHARACTERS_MAX = 64 * 1024;

/** Header, payload and signature in base64url, the last perhaps missing (RFC 7515 sections 2 and 7.1). Decoders read past white space. */
const COMPACT_FORM = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export interface JwtExpectations {
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** Claims that must be there. */
  readonly requiredClaims: readonly string[];
  /** The header's media type (RFC 8725 section 3.11), with or without `application/`; null: it may be anything. */
  readonly typ: string | null;
  /** How long ago its `iat` may be; null: its `exp` alone says. */
  readonly ageSecondsMax: number | null;
  /** How far ahead of ours its maker's clock may be, where that is more than clocks differ by. */
  readonly aheadSecondsMax?: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type JwtVerified =
  | { readonly outcome: 'verified'; readonly claims: JWTPayload; readonly header: ProtectedHeaderParameters }
  /** `reason`: for the log, and never what the token carries. */
  | { readonly outcome: 'invalid'; readonly reason: string }
  | { readonly outcome: 'op-unavailable'; readonly reason: string };

/**
 * The header's type as it is compared: in lower case, without `application/` (RFC 7515 section 4.1.9). For those who take
 * several; null where it is no text, which jose lets pass where it is told no type.
 */
export function typeOf({ typ }: ProtectedHeaderParameters): string | null {
  return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : null;
}

/**
 * Verifies a JWT that came from outside: form, signature, algorithm, `aud`, `exp`, `nbf`, `iat` where they are there, and that
 * what must be there is. Whose it is (`iss`) is the caller's to say, since an issuer may be a template. Never throws.
 *
 * @see RFC 7519 section 7.2; RFC 8725
 */
export async function verifyJwt(jwt: string, keys: JWTVerifyGetKey, expected: JwtExpectations): Promise<JwtVerified> {
  if (jwt.length > JWT_CHARACTERS_MAX) return { outcome: 'invalid', reason: 'too-large' };
  if (!COMPACT_FORM.test(jwt)) return { outcome: 'invalid', reason: 'malformed' };
  // Two readers could take a member that is there twice each their way (RFC 7519 section 4).
  if (!jwt.split('.').slice(0, 2).every(readsOneWay)) return { outcome: 'invalid', reason: 'malformed' };
  const { audience, algorithms, requiredClaims, typ, ageSecondsMax, now } = expected;
  const { aheadSecondsMax = CLOCK_SKEW_MILLISECONDS / 1_000 } = expected;
  try {
    const { payload, protectedHeader } = await jwtVerify(jwt, keys, {
      audience,
      algorithms: [...algorithms],
      requiredClaims: [...requiredClaims],
      clockTolerance: CLOCK_SKEW_MILLISECONDS / 1_000,
      currentDate: new Date(now),
      ...(typ !== null && { typ }),
      ...(ageSecondsMax !== null && { maxTokenAge: ageSecondsMax }),
    });
    // jose asks this only of a token that may not be old.
    if (payload.iat !== undefined && payload.iat > now / 1_000 + aheadSecondsMax) {
      return { outcome: 'invalid', reason: 'claim-iat' };
    }
    return { outcome: 'verified', claims: payload, header: protectedHeader };
  } catch (error) {
    return failureOf(error);
  }
}

/**
 * Whether a part of a JWT, in base64url, is JSON without a member that is there twice.
 *
 * @see RFC 7519 section 4; RFC 8725 section 2.4
 */
function readsOneWay(part: string): boolean {
  const json = Buffer.from(part, 'base64url').toString('utf8');
  try {
    JSON.parse(json);
  } catch {
    return false;
  }
  return hasUniqueMembers(json);
}

function failureOf(error: unknown): JwtVerified {
  if (error instanceof errors.JWKSTimeout || error instanceof errors.JWKSInvalid)
    return { outcome: 'op-unavailable', reason: error.code };
  if (error instanceof errors.JWKSNoMatchingKey) return { outcome: 'invalid', reason: error.code };
  if (error instanceof errors.JWTClaimValidationFailed) return { outcome: 'invalid', reason: `claim-${error.claim}` };
  // jose names a JWKS that did not come, or is no JSON, by its generic code; all else it throws is about the token.
  if (error instanceof errors.JOSEError && error.code !== 'ERR_JOSE_GENERIC')
    return { outcome: 'invalid', reason: error.code };
  return { outcome: 'op-unavailable', reason: 'jwks-unreachable' };
}
