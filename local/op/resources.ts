import { errors } from 'oidc-provider';
import { registeredScopes } from './consents.ts';
import { describe, type EntraCode, entraCodeOf, NO_ROLE, SEVERAL_RESOURCES } from './errors.ts';
import { DEFAULT_RESOURCE, rolesAt, type ScopeRequest, scopesByResource, unregisteredScopes } from './scopes.ts';
import { applicationOf, type OpContext, type OpState } from './state.ts';
import type { Application } from './types.ts';

/** Why a request is refused once the library has checked client and redirect URI, so that the answer goes the right way. */
interface Refusal {
  readonly error: string;
  readonly code: EntraCode;
}

/** Has the request refused from inside the library's own flow: by redirect at authorize, by JSON at the token endpoint. */
export function refuseLater(ctx: OpContext, refusal: Refusal): void {
  ctx.state.refusal = refusal;
}

/** The refusal that waits for this request, if there is one. */
export function refusalOf(ctx: OpContext): Refusal | undefined {
  return ctx.state.refusal as Refusal | undefined;
}

/**
 * Checks the scopes of a request against the application's registration and notes what is wrong with them.
 *
 * @param single Entra's token endpoint takes the scopes of one resource only
 * @returns the resource asked for first; the default one, where only OpenID scopes were asked for
 */
export function checkScopes(ctx: OpContext, request: ScopeRequest, application: Application, single: boolean): string {
  if (single && request.resources.size > 1) refuseLater(ctx, { error: 'invalid_scope', code: SEVERAL_RESOURCES });
  if (unregisteredScopes(request, registeredScopes(application)).length > 0) {
    refuseLater(ctx, { error: 'invalid_scope', code: entraCodeOf('invalid_scope') });
  }
  return [...request.resources.keys()][0] ?? DEFAULT_RESOURCE;
}

/**
 * Checks a request of an application for a token of its own: one resource, `.default`, and at least one role.
 *
 * @returns the resource
 */
export function checkRoles(ctx: OpContext, request: ScopeRequest, application: Application): string {
  const [[resource, names] = [DEFAULT_RESOURCE, []], ...more] = request.resources;
  const asksForDefault = more.length === 0 && names.length === 1 && names[0] === '.default';
  if (!asksForDefault) refuseLater(ctx, { error: 'invalid_scope', code: entraCodeOf('invalid_scope') });
  else if (rolesAt(application.appRoles ?? [], resource).length === 0)
    refuseLater(ctx, { error: 'unauthorized_client', code: NO_ROLE });
  return resource;
}

/** The library's resource indicators (RFC 8707), which carry Entra's scopes-with-a-resource. */
export function resourceIndicators(state: OpState) {
  return {
    enabled: true,
    /** Several were granted and none was asked for: the first, which is the one that authorize asked for. */
    defaultResource: (_ctx: OpContext, _client: unknown, granted?: string | readonly string[]) =>
      (Array.isArray(granted) ? granted[0] : granted) ?? DEFAULT_RESOURCE,
    getResourceServerInfo(ctx: OpContext, resource: string, client: { readonly clientId: string }) {
      const refusal = refusalOf(ctx);
      if (refusal) throw new errors.CustomOIDCProviderError(refusal.error, describe(refusal.code));
      const application = applicationOf(state, client.clientId);
      return {
        scope: (scopesByResource(application ? registeredScopes(application) : []).get(resource) ?? []).join(' '),
        audience: resource,
        accessTokenFormat: 'jwt' as const,
        accessTokenTTL: state.accessTokenSeconds,
      };
    },
  };
}
