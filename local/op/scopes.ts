/** Whose scopes may be asked for by their short name, as Microsoft Graph's may in Entra ID (`User.Read`). */
export const DEFAULT_RESOURCE = 'api://graph';

/**
 * Stands for `offline_access` inside the library, which drops that scope unless `prompt=consent` is there (OpenID Connect
 * Core 11); Entra needs no such prompt.
 */
export const OFFLINE_SCOPE = 'offline';

const OIDC_SCOPES = new Set(['openid', 'profile', 'email', 'offline_access']);

/** A `scope` parameter, taken apart as Entra reads it. */
export interface ScopeRequest {
  readonly openid: readonly string[];
  /** In the order asked for; each value is a scope's short name. */
  readonly resources: ReadonlyMap<string, readonly string[]>;
  /** A scope was asked for by its short name, so the answer names scopes the same way. */
  readonly short: boolean;
}

/** A full scope `api://graph/User.Read` as resource and name; a short one belongs to {@link DEFAULT_RESOURCE}. */
function splitScope(scope: string): { readonly resource: string; readonly name: string } {
  const slash = scope.lastIndexOf('/');
  if (slash === -1) return { resource: DEFAULT_RESOURCE, name: scope };
  return { resource: scope.slice(0, slash), name: scope.slice(slash + 1) };
}

/** Takes a `scope` parameter apart into OpenID scopes and scopes by resource. */
export function parseScope(scope: string | null | undefined): ScopeRequest {
  const openid: string[] = [];
  const resources = new Map<string, string[]>();
  let short = false;
  for (const entry of (scope ?? '').split(' ').filter(Boolean)) {
    if (OIDC_SCOPES.has(entry)) {
      openid.push(entry);
      continue;
    }
    short ||= !entry.includes('/');
    const { resource, name } = splitScope(entry);
    resources.set(resource, [...(resources.get(resource) ?? []), name]);
  }
  return { openid, resources, short };
}

/** The registered scopes of an application, short names by resource. */
export function scopesByResource(apiScopes: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return parseScope(apiScopes.join(' ')).resources;
}

/** The roles that an application has at a resource; one that names no resource counts at any. */
export function rolesAt(appRoles: readonly string[], resource: string): string[] {
  return appRoles
    .filter((role) => !role.includes('/') || role.startsWith(`${resource}/`))
    .map((role) => role.slice(role.lastIndexOf('/') + 1));
}

/** What was asked for and is not registered, in full; `.default` stands for all that is. */
export function unregisteredScopes(request: ScopeRequest, apiScopes: readonly string[]): string[] {
  const registered = scopesByResource(apiScopes);
  return [...request.resources].flatMap(([resource, names]) =>
    names
      .filter(
        (name) => !(registered.get(resource)?.includes(name) || (name === '.default' && registered.has(resource))),
      )
      .map((name) => `${resource}/${name}`),
  );
}
