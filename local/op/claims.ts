import type { Configuration } from 'oidc-provider';
import { contextsMet } from './contexts.ts';
import { rolesAt } from './scopes.ts';
import { applicationOf, issuerOf, type OpState, userOf } from './state.ts';
import type { Dialect } from './types.ts';
import { loginHintOf, pairwiseSub } from './users.ts';

/**
 * The claims of an ID token beyond what the library sets itself. `sid`, `login_hint`, `auth_time` and `acrs` are optional claims
 * in Entra, where several contexts can be met; the standard has one `acr`.
 */
export const idTokenClaims = (dialect: Dialect): string[] => [
  dialect === 'entra' ? 'acrs' : 'acr',
  'auth_time',
  'sub',
  'oid',
  'tid',
  'sid',
  'login_hint',
  'preferred_username',
  'name',
  'email',
  'ver',
  'nbf',
];

/** Finds a user for the library, with the claims of the ID token that is made from a code or a refresh token. */
export function findAccount(state: OpState): NonNullable<Configuration['findAccount']> {
  return (_ctx, oid, token) => {
    const user = userOf(state, oid);
    if (!user) return undefined;
    const { sessionUid: uid, acr } = (token ?? {}) as { readonly sessionUid?: string; readonly acr?: string };
    const acrs = contextsMet(acr);
    const claims = {
      sub: oid,
      oid,
      tid: state.tenantId,
      ...(uid && { sid: state.sessions.of(uid).sid }),
      ...(acrs.length > 0 && { acrs }),
      login_hint: loginHintOf(user),
      preferred_username: user.upn,
      name: user.name,
      email: user.upn,
      ver: '2.0',
      nbf: Math.floor(Date.now() / 1000),
    };
    return { accountId: oid, claims: () => claims };
  };
}

/** Reshapes an access token (RFC 9068 as the library makes it) into Entra's: `scp` or `roles`, `azp`, `oid`, `tid`, `sid`. */
export function customizeAccessToken(
  state: OpState,
): NonNullable<NonNullable<NonNullable<Configuration['formats']>['customizers']>['jwt']> {
  return (ctx, token, jwt) => {
    const { scope, client_id: clientId, jti, ...rest } = jwt.payload as Record<string, unknown>;
    const source = token as { readonly kind?: string; readonly accountId?: string; readonly sessionUid?: string };
    const { appRoles = [] } = applicationOf(state, String(clientId)) ?? {};
    const roles = source.kind === 'ClientCredentials' ? rolesAt(appRoles, String(rest.aud)) : undefined;
    const user = userOf(state, source.accountId);
    const { AuthorizationCode: code, RefreshToken: refreshToken } = ctx.oidc.entities;
    const acrs = contextsMet((code ?? refreshToken)?.acr);
    const capabilities = capabilitiesAsked(ctx.state.claims);
    jwt.header = { typ: 'JWT' };
    jwt.payload = {
      ...rest,
      iss: issuerOf(state),
      ver: '2.0',
      tid: state.tenantId,
      azp: clientId,
      azpacr: '1',
      nbf: rest.iat,
      uti: jti,
      ...(scope ? { scp: scope } : {}),
      ...(roles && { roles, idtyp: 'app' }),
      ...(acrs.length > 0 && { acrs }),
      ...(capabilities.length > 0 && { xms_cc: capabilities }),
      ...(user && {
        oid: user.oid,
        sub: pairwiseSub(user.oid, String(clientId)),
        name: user.name,
        preferred_username: user.upn,
      }),
      ...(source.sessionUid && { sid: state.sessions.of(source.sessionUid).sid }),
    };
  };
}

/** What an application says that it can do, which Entra puts into its access tokens: to understand claims challenges is `CP1`. */
function capabilitiesAsked(claims: unknown): readonly string[] {
  try {
    return JSON.parse(String(claims)).access_token?.xms_cc?.values ?? [];
  } catch {
    return [];
  }
}
