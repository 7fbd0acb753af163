import { entraCodeOf, entraErrorBody } from './errors.ts';
import { publicJwks } from './keys.ts';
import { issuerOf, type OpContext, type OpState, PATHS } from './state.ts';

/**
 * The discovery document in Entra's words. What a browser opens is on the browser's origin, what a server calls on the
 * back-channel's.
 *
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata
 */
export function metadata(state: OpState): Record<string, unknown> {
  const front = `${state.origin}/${state.tenantId}`;
  const back = `${state.backchannelOrigin}/${state.tenantId}`;
  return {
    issuer: issuerOf(state),
    authorization_endpoint: `${front}/${PATHS.authorize}`,
    end_session_endpoint: `${front}/${PATHS.logout}`,
    token_endpoint: `${back}/${PATHS.token}`,
    jwks_uri: `${back}/${PATHS.keys}`,
    token_endpoint_auth_methods_supported: state.authMethods,
    response_modes_supported: ['query', 'form_post'],
    response_types_supported: ['code'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'nonce',
      'name',
      'oid',
      'tid',
      'sid',
      'login_hint',
      'preferred_username',
    ],
    code_challenge_methods_supported: ['S256'],
    request_uri_parameter_supported: false,
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    ...(state.dialect === 'standard' && {
      frontchannel_logout_session_supported: true,
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
      revocation_endpoint: `${back}/${PATHS.revoke}`,
      claims_parameter_supported: true,
      acr_values_supported: ['c1', 'c2', 'c3'],
    }),
    ...(state.par !== 'none' && { pushed_authorization_request_endpoint: `${back}/${PATHS.par}` }),
    ...(state.par === 'required' && { require_pushed_authorization_requests: true }),
    ...(state.issParameter && { authorization_response_iss_parameter_supported: true }),
    tenant_region_scope: null,
  };
}

/** Serves the discovery document. */
export async function discovery(state: OpState, ctx: OpContext): Promise<void> {
  await answer(state, ctx, 'discovery', () => metadata(state));
}

/** Serves the signing keys: after a rotation the earlier ones too, so that tokens out there can still be verified. */
export async function keys(state: OpState, ctx: OpContext): Promise<void> {
  await answer(state, ctx, 'keys', () => publicJwks(state.keys));
}

async function answer(
  state: OpState,
  ctx: OpContext,
  endpoint: 'discovery' | 'keys',
  body: () => object,
): Promise<void> {
  const failure = await state.faults.meet(endpoint);
  ctx.status = failure?.status ?? 200;
  ctx.body = failure ? entraErrorBody(failure.error, entraCodeOf(failure.error), new Date()) : body();
}
