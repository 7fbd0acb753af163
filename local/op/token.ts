import { type EntraCode, entraCodeOf, entraErrorBody, REVOKED_GRANT } from './errors.ts';
import { proveByFederation } from './federated.ts';
import { readForm, replaceForm } from './form.ts';
import { refusedRefresh } from './refresh.ts';
import { checkRoles, checkScopes, refusalOf } from './resources.ts';
import { OFFLINE_SCOPE, parseScope, type ScopeRequest } from './scopes.ts';
import { applicationOf, type Next, type OpContext, type OpState, userOf } from './state.ts';

interface TokenResponse {
  readonly access_token: string;
  readonly expires_in: number;
  readonly id_token?: string;
  readonly refresh_token?: string;
  readonly scope?: string;
}

/** The token endpoint in Entra's shape around the library's: what goes in, what comes out, and how it fails. */
export async function token(state: OpState, ctx: OpContext, next: Next): Promise<void> {
  const failure = await state.faults.meet('token');
  if (failure) return answerError(ctx, failure.status, failure.error, entraCodeOf(failure.error));

  const form = await readForm(ctx);
  const application = applicationOf(state, form.get('client_id') ?? basicClientId(ctx));
  if (!application) return answerError(ctx, 400, 'unauthorized_client', entraCodeOf('unauthorized_client'));
  const unproven = await proveByFederation(state, ctx, form, application);
  if (unproven) return answerError(ctx, 401, 'invalid_client', unproven);
  const request = parseScope(form.get('scope'));
  if (form.get('grant_type') === 'client_credentials') form.set('resource', checkRoles(ctx, request, application));
  else if (request.resources.size > 0)
    form.set('resource', checkScopes(ctx, request, application, state.dialect === 'entra'));
  else form.delete('resource');
  // Not narrowed to what was asked for: Entra's access tokens carry every consented scope of the resource.
  form.delete('scope');
  const wanting =
    form.get('grant_type') === 'refresh_token' && (await refusedRefresh(state, application, form, request));
  if (wanting) return answerError(ctx, 400, 'invalid_grant', wanting.code, wanting.claims);
  ctx.state.claims = form.get('claims');
  replaceForm(ctx, form);
  await next();

  const body = ctx.body as (TokenResponse & { readonly error?: string }) | undefined;
  if (ctx.status !== 200 || !body) {
    const error = body?.error ?? 'invalid_request';
    return answerError(ctx, ctx.status, error, codeOf(state, ctx, error, form.get('refresh_token')));
  }
  ctx.body = success(state, ctx, body, form, request);
}

function codeOf(state: OpState, ctx: OpContext, error: string, refreshToken: string | null): EntraCode {
  if (refreshToken && state.storage.isRevoked(refreshToken)) return REVOKED_GRANT;
  const refusal = refusalOf(ctx);
  return refusal?.error === error ? refusal.code : entraCodeOf(error);
}

function answerError(ctx: OpContext, status: number, error: string, code: EntraCode, claims?: string): void {
  ctx.status = status;
  ctx.set('Cache-Control', 'no-store');
  ctx.body = entraErrorBody(error, code, new Date(), claims);
}

/** Entra's token response: `client_info` where it is asked for, scopes named the way they were asked for. */
function success(state: OpState, ctx: OpContext, body: TokenResponse, form: URLSearchParams, request: ScopeRequest) {
  const oid = ctx.oidc.account?.accountId;
  const home = userOf(state, oid)?.home ?? { oid, tenantId: state.tenantId };
  const clientInfo =
    oid && form.get('client_info') === '1'
      ? Buffer.from(JSON.stringify({ uid: home.oid, utid: home.tenantId })).toString('base64url')
      : undefined;
  const refreshed = form.get('grant_type') === 'refresh_token';
  if (refreshed) state.refreshCount += 1;
  const application = applicationOf(state, ctx.oidc.client?.clientId);
  const user = userOf(state, oid);
  if (application && user) {
    const kind = refreshed ? 'token-refreshed' : 'code-redeemed';
    state.emit({ kind, application: application.name, user: user.upn });
  }
  state.record(body.access_token, body.id_token, body.refresh_token, clientInfo);
  return {
    token_type: 'Bearer',
    scope: scopeOf(ctx, body, request),
    expires_in: body.expires_in,
    ext_expires_in: body.expires_in,
    access_token: body.access_token,
    ...(body.refresh_token && { refresh_token: body.refresh_token }),
    ...(body.id_token && { id_token: body.id_token }),
    ...(clientInfo && { client_info: clientInfo }),
  };
}

/** The granted scopes of the resource, and the OpenID ones that the grant stands on. */
function scopeOf(ctx: OpContext, body: TokenResponse, request: ScopeRequest): string {
  const resource = ctx.oidc.entities.AccessToken?.aud ?? '';
  const names = (body.scope ?? '').split(' ').filter(Boolean);
  const source = ctx.oidc.entities.AuthorizationCode ?? ctx.oidc.entities.RefreshToken;
  const openid = ['openid', 'profile', 'email'].filter((name) => source?.scopes.has(name));
  if (source?.scopes.has(OFFLINE_SCOPE)) openid.push('offline_access');
  return [...names.map((name) => (request.short ? name : `${resource}/${name}`)), ...openid].join(' ');
}

/** The client id of HTTP Basic authentication (RFC 6749, 2.3.1); the library checks the secret. */
export function basicClientId(ctx: OpContext): string | undefined {
  const [scheme, credentials] = ctx.get('authorization').split(' ');
  if (scheme?.toLowerCase() !== 'basic' || !credentials) return undefined;
  return decodeURIComponent(Buffer.from(credentials, 'base64').toString().split(':')[0] ?? '');
}
