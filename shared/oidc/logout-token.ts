import type { JWTPayload, JWTVerifyGetKey, ProtectedHeaderParameters } from 'jose';
import { TENANT_TEMPLATE, tenantOf } from './issuer.ts';
import { SID_CHARACTERS_MAX } from './sid.ts';
import { typeOf, verifyJwt } from './verify-jwt.ts';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const LOGOUT_TYP = 'logout+jwt';
/** Without an `exp` nothing else says until when a logout token may be delivered. */
const LOGOUT_TOKEN_AGE_SECONDS_MAX = 600;

export interface LogoutTokenExpectations {
  /** As discovery gives it; Entra ID's multi-tenant issuer is a template with `{tenantid}`. */
  readonly issuer: string;
  readonly clientId: string;
  /** The tenants let in, asked where the issuer is a template. */
  readonly tenants: readonly string[];
  /** By which it may be signed. */
  readonly algorithms: readonly string[];
  /** What it may lack. */
  readonly mayLack: readonly ('exp' | 'typ')[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Whom a logout token names. */
export interface LogoutNamed {
  readonly kind: 'sid' | 'sub';
  readonly value: string;
}

export type LogoutTokenChecked =
  /** `asOf`: the sign-out counts from then, milliseconds since the epoch. */
  | { readonly outcome: 'valid'; readonly named: LogoutNamed; readonly asOf: number }
  | { readonly outcome: 'invalid'; readonly reason: string }
  | { readonly outcome: 'op-unavailable'; readonly reason: string };

/**
 * Checks a logout token. Its `jti` has to be there and is not kept: a replay acts as of the same `iat` and so ends nothing
 * newer (section 2.6, step 8 is optional).
 *
 * @see OpenID Connect Back-Channel Logout 1.0 sections 2.4 and 2.6
 */
export async function checkLogoutToken(
  logoutToken: string,
  keys: JWTVerifyGetKey,
  expected: LogoutTokenExpectations,
): Promise<LogoutTokenChecked> {
  const { clientId, algorithms, mayLack, now } = expected;
  const [expMayLack, typMayLack] = [mayLack.includes('exp'), mayLack.includes('typ')];
  const verified = await verifyJwt(logoutToken, keys, {
    audience: clientId,
    algorithms,
    requiredClaims: ['iss', 'aud', 'iat', 'jti', 'events', ...(expMayLack ? [] : ['exp'])],
    typ: typMayLack ? null : LOGOUT_TYP,
    ageSecondsMax: null,
    now,
  });
  if (verified.outcome !== 'verified') return verified;
  const { claims, header } = verified;
  if (typMayLack && !saysNoOtherType(header)) return { outcome: 'invalid', reason: 'claim-typ' };
  const reason = whatIsWrong(claims, expected);
  if (reason !== null) return { outcome: 'invalid', reason };
  const named = whomItNames(claims);
  if (named === null) return { outcome: 'invalid', reason: 'claim-sid-sub' };
  return { outcome: 'valid', named, asOf: endOfSecond(claims.iat ?? 0) };
}

/** `JWT` is what libraries write by themselves: it says no more than that this is a JWT. */
function saysNoOtherType(header: ProtectedHeaderParameters): boolean {
  return header.typ === undefined || ['jwt', LOGOUT_TYP].includes(typeOf(header) ?? '');
}

function whatIsWrong(claims: JWTPayload, expected: LogoutTokenExpectations): string | null {
  const { iss, aud, iat = 0, exp, jti, events } = claims as JWTPayload & { readonly events?: unknown };
  if (typeof iss !== 'string' || !isIssuerLetIn(iss, expected)) return 'claim-iss';
  // Another audience would be one that we do not know to trust (OpenID Connect Core 1.0 section 3.1.3.7, step 3).
  if (Array.isArray(aud) && aud.some((one) => one !== expected.clientId)) return 'claim-aud';
  // Before 1970 nothing was signed, and far before it is no time at all.
  const issuedAtLeast = exp === undefined ? expected.now / 1_000 - LOGOUT_TOKEN_AGE_SECONDS_MAX : 0;
  if (iat < issuedAtLeast) return 'claim-iat';
  if (typeof jti !== 'string' || jti === '') return 'claim-jti';
  if (!isObject(events) || !Object.hasOwn(events, LOGOUT_EVENT) || !isObject(events[LOGOUT_EVENT])) {
    return 'claim-events';
  }
  // What keeps an ID token, which is signed with the same keys for the same audience, from being passed off as this.
  return 'nonce' in claims ? 'claim-nonce' : null;
}

function isIssuerLetIn(iss: string, { issuer, tenants }: LogoutTokenExpectations): boolean {
  if (!issuer.includes(TENANT_TEMPLATE)) return iss === issuer;
  const tenant = tenantOf(iss, issuer);
  return tenant !== null && tenants.includes(tenant);
}

/**
 * Where both are there it is the session that is named: all sessions of the person are meant only without `sid` (section
 * 2.4). The `sub` beside it is not asked, since the OP vouches for both with one signature.
 */
function whomItNames({ sid, sub }: JWTPayload & { readonly sid?: unknown }): LogoutNamed | null {
  if ((sid !== undefined && !isName(sid)) || (sub !== undefined && !isName(sub))) return null;
  if (sid !== undefined) return { kind: 'sid', value: sid };
  return sub === undefined ? null : { kind: 'sub', value: sub };
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= SID_CHARACTERS_MAX;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * OPs cut `iat` to the second: what began in that second before the sign-out would else be ended only out of the allowance
 * that is there for clocks. It is of the token alone, and not of when it came in, or a replay would count from later than
 * the first delivery did, and end who signed in right after that one.
 */
const endOfSecond = (iat: number): number => Math.floor(iat) * 1_000 + 999;
