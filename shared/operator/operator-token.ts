import type { JWTPayload, JWTVerifyGetKey, ProtectedHeaderParameters } from 'jose';
import { TENANT_TEMPLATE } from '../oidc/issuer.ts';
import { typeOf, verifyJwt } from '../oidc/verify-jwt.ts';
import type { OperatorSettings } from '../settings/settings.ts';

/** The app role, as it stands in `roles`. */
export const OPERATOR_ROLE = 'Exeunt.Operator';

/**
 * What no access token has that a bearer may use: `nonce`, `at_hash` and `c_hash` are an ID token's, `events` a logout
 * token's or a security event's, and `cnf` binds a token to a key that a bearer does not prove to have.
 */
const FOREIGN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 'events', 'cnf'] as const;
/** What Entra ID documents for access tokens and for no ID token, beside `azp`. */
const ACCESS_TOKEN_CLAIMS = ['scp', 'azpacr', 'idtyp'] as const;

export interface OperatorExpectations extends OperatorSettings {
  readonly protocol: 'entra' | 'oidc';
  /** As discovery gives it: the one issuer believed. A token of Entra ID's version 1 has another, and is refused. */
  readonly issuer: string;
  readonly algorithms: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export type OperatorVerified =
  /** `operator`: who it is, within the OP: the object id, else the subject. */
  | { readonly outcome: 'operator'; readonly operator: string }
  /** `reason`: for the log, and never what the token carries. */
  | { readonly outcome: 'invalid-token' | 'insufficient-scope'; readonly reason: string }
  | { readonly outcome: 'op-unavailable'; readonly reason: string };

/**
 * Verifies an operator's access token: signed by the OP, for this API, of the operators' tenant, with the role. In Entra ID
 * the audience of a version 2 access token and of an ID token are the same client id, and both may carry `roles`: that it is
 * an access token has to be shown too.
 *
 * @see RFC 6750; RFC 9068 section 4; RFC 8725 section 3.12
 * @see https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
 */
export async function verifyOperatorToken(
  token: string,
  keys: JWTVerifyGetKey,
  expected: OperatorExpectations,
): Promise<OperatorVerified> {
  const { audience, algorithms, now } = expected;
  const verified = await verifyJwt(token, keys, {
    audience,
    algorithms,
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat'],
    // Which types may come depends on the claims: `accessTokenMistake` says.
    typ: null,
    ageSecondsMax: null,
    now,
  });
  if (verified.outcome === 'invalid') return { outcome: 'invalid-token', reason: verified.reason };
  if (verified.outcome === 'op-unavailable') return verified;
  const { claims, header } = verified;
  const reason = accessTokenMistake(claims, header, expected) ?? issuerMistake(claims, expected);
  if (reason !== null) return { outcome: 'invalid-token', reason };
  if (!hasRole(claims.roles)) return { outcome: 'insufficient-scope', reason: 'claim-roles' };
  return { outcome: 'operator', operator: isText(claims.oid) ? claims.oid : String(claims.sub) };
}

/** Null where it is an access token by its type (RFC 9068), or at Entra ID, whose type is always `JWT`, by its claims. */
function accessTokenMistake(
  claims: JWTPayload,
  header: ProtectedHeaderParameters,
  { protocol }: OperatorExpectations,
): string | null {
  const foreign = FOREIGN_CLAIMS.find((name) => claims[name] !== undefined);
  if (foreign !== undefined) return `claim-${foreign}`;
  // Who else takes it could bring it here.
  if (Array.isArray(claims.aud) && claims.aud.length !== 1) return 'claim-aud';
  if (!isText(claims.sub)) return 'claim-sub';
  switch (typeOf(header)) {
    case 'at+jwt':
      return null;
    case 'jwt':
      if (protocol !== 'entra') return 'header-typ';
      // An ID token may have `azp` by the standard (OpenID Connect Core section 2), hence a second one.
      if (!isText(claims.azp)) return 'claim-azp';
      return ACCESS_TOKEN_CLAIMS.some((name) => isText(claims[name])) ? null : 'not-an-access-token';
    default:
      return 'header-typ';
  }
}

/** With a template issuer the tenant is what makes it one issuer: without a tenant nobody is believed. */
function issuerMistake({ iss, tid }: JWTPayload, { issuer, tenant }: OperatorExpectations): string | null {
  if (tenant !== null && (!isText(tid) || tid.toLowerCase() !== tenant.toLowerCase())) return 'claim-tid';
  if (!issuer.includes(TENANT_TEMPLATE)) return iss === issuer ? null : 'claim-iss';
  return tenant !== null && iss === issuer.replace(TENANT_TEMPLATE, tenant.toLowerCase()) ? null : 'claim-iss';
}

/** A list of texts with the role among them; a text that merely contains its name is none. */
function hasRole(roles: unknown): boolean {
  return Array.isArray(roles) && roles.every((role) => typeof role === 'string') && roles.includes(OPERATOR_ROLE);
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
