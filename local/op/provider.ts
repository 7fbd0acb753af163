import type { EventEmitter } from 'node:events';
import { type ClientMetadata, type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider';
import { ASKED_SCOPE } from './authorize.ts';
import { customizeAccessToken, findAccount, idTokenClaims } from './claims.ts';
import { consentedScopes } from './consents.ts';
import { describe, entraCodeOf } from './errors.ts';
import { messagePage } from './pages/message-page.ts';
import { policy } from './policy.ts';
import { resourceIndicators } from './resources.ts';
import { responseModes } from './response-modes.ts';
import { OFFLINE_SCOPE } from './scopes.ts';
import { applicationOf, issuerOf, type OpState, PATHS } from './state.ts';
import type { Application, AuthMethod } from './types.ts';
import { pairwiseSub } from './users.ts';

const DAY_SECONDS = 24 * 60 * 60;

/** Entra's lifetimes, but for the access token's, which is a setting. */
const TTL_SECONDS = {
  AuthorizationCode: 10 * 60,
  Grant: 90 * DAY_SECONDS,
  IdToken: 60 * 60,
  Interaction: 60 * 60,
  RefreshToken: 90 * DAY_SECONDS,
  Session: DAY_SECONDS,
};

/** The cookies of the OP's own host. */
export const COOKIE_NAMES = { session: 'op.session', interaction: 'op.interaction', resume: 'op.resume' };

/** An application that is registered with nowhere to send a browser to is a program, which signs nobody in. */
function client(application: Application, [first]: readonly AuthMethod[]): ClientMetadata {
  const { clientId, clientSecret, federatedCredentials, jwks, name, redirectUris, appRoles } = application;
  const ownTokens = appRoles ? ['client_credentials'] : [];
  const registered = {
    client_id: clientId,
    client_name: name,
    ...(jwks
      ? { token_endpoint_auth_method: 'private_key_jwt' as const, jwks: jwks as ClientMetadata['jwks'] }
      : {
          token_endpoint_auth_method: federatedCredentials ? 'client_secret_post' : first,
          client_secret: clientSecret,
        }),
  };
  if (redirectUris.length === 0) {
    return { ...registered, redirect_uris: [], response_types: [], grant_types: ownTokens };
  }
  return {
    ...registered,
    redirect_uris: [...redirectUris],
    grant_types: ['authorization_code', 'refresh_token', ...ownTokens],
    response_types: ['code'],
    subject_type: 'pairwise',
    // The library wants it for redirect URIs on several hosts; it is never fetched (`sectorIdentifierUriValidate`).
    sector_identifier_uri: `https://${clientId}.example/`,
  };
}

/** One grant an authorization, of everything that was asked for and the person has consented to. */
async function grantConsented(state: OpState, ctx: KoaContextWithOIDC) {
  const { account, client, provider, requestParamOIDCScopes, resourceServers } = ctx.oidc;
  const application = applicationOf(state, client?.clientId);
  if (!account || !client || !application) return undefined;
  const consented = consentedScopes(state, application, account.accountId);
  const grant = new provider.Grant({ accountId: account.accountId, clientId: client.clientId });
  grant.addOIDCScope([...requestParamOIDCScopes].join(' '));
  for (const resource of Object.keys(resourceServers ?? {})) {
    grant.addResourceScope(resource, (consented.get(resource) ?? []).join(' '));
  }
  await grant.save();
  return grant;
}

function configuration(state: OpState): Configuration {
  const { tenantId } = state;
  return {
    adapter: state.storage.adapter,
    acrValues: ['c1', 'c2', 'c3'],
    claims: { openid: idTokenClaims(state.dialect) },
    clientAuthMethods: [...state.authMethods],
    clientBasedCORS: () => false,
    clients: state.applications.map((application) => client(application, state.authMethods)),
    cookies: { keys: [state.cookieKey], names: COOKIE_NAMES },
    // Entra's refresh tokens live on after the browser's sign-out: it is for the application to let go of them.
    expiresWithSession: () => false,
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: {
        enabled: state.par !== 'none',
        requirePushedAuthorizationRequests: state.par === 'required',
      },
      revocation: {
        enabled: state.dialect === 'standard',
        allowedPolicy: (_ctx, { clientId }, token) => token.clientId === clientId,
      },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: false },
      resourceIndicators: resourceIndicators(state),
    },
    // Read here, and not by the library: Entra's go beyond the standard's.
    extraParams: ['claims', ASKED_SCOPE],
    findAccount: findAccount(state),
    formats: { customizers: { jwt: customizeAccessToken(state) } },
    interactions: { policy: policy(state), url: (_ctx, { uid }) => `/${tenantId}/${PATHS.login}/${uid}` },
    issueRefreshToken: (_ctx, _client, source) => source.scopes.has(OFFLINE_SCOPE),
    jwks: { keys: state.keys },
    loadExistingGrant: (ctx) => grantConsented(state, ctx),
    pairwiseIdentifier: (_ctx, oid, { clientId }) => pairwiseSub(oid, clientId),
    pkce: { required: () => true },
    renderError: (ctx, { error }) => messagePage(ctx, 'Sorry, that did not work', [describe(entraCodeOf(error))]),
    responseTypes: ['code'],
    rotateRefreshToken: true,
    routes: {
      authorization: `/${tenantId}/${PATHS.authorize}`,
      token: `/${tenantId}/${PATHS.token}`,
      pushed_authorization_request: `/${tenantId}/${PATHS.par}`,
      revocation: `/${tenantId}/${PATHS.revoke}`,
      jwks: `/${tenantId}/${PATHS.keys}`,
    },
    scopes: ['openid', 'profile', 'email', OFFLINE_SCOPE],
    sectorIdentifierUriValidate: () => false,
    subjectTypes: ['pairwise'],
    ttl: {
      ...TTL_SECONDS,
      AccessToken: () => state.accessTokenSeconds,
      ClientCredentials: () => state.accessTokenSeconds,
    },
  };
}

/** The library's provider for the state as it stands; its storage is the state's, so a new one carries on. */
export function createProvider(state: OpState): Provider {
  const provider = new Provider(issuerOf(state), configuration(state));
  for (const [mode, handler] of Object.entries(responseModes(state))) provider.registerResponseMode(mode, handler);
  // Koa prints errors to the terminal unless somebody listens.
  const failed = (error: Error) => state.emit({ kind: 'failed', detail: error.message });
  (provider as EventEmitter).on('error', failed);
  provider.on('server_error', (_ctx, error) => failed(error));
  return provider;
}
