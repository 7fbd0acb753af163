import { authorize } from './authorize.ts';
import { par, revoke } from './client-endpoints.ts';
import { discovery, keys } from './discovery.ts';
import { entraErrorBody, UNKNOWN_TENANT } from './errors.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { indexPage } from './pages/index-page.ts';
import { messagePage } from './pages/message-page.ts';
import { type Next, type OpContext, type OpState, PATHS } from './state.ts';
import { token } from './token.ts';

/** A path under a tenant: `/{tenant}/{endpoint}`, and a last segment where the library or the picker adds one. */
const TENANT_PATH = new RegExp(`^/([^/]+)/(${Object.values(PATHS).join('|').replaceAll('.', '\\.')})(?:/([^/]+))?$`);

const INDEX_PATH = '/';

/** Whether the provider serves this path; anything else on its host is somebody else's. */
export function isOpPath(path: string): boolean {
  return path === INDEX_PATH || TENANT_PATH.test(path);
}

/** Sends a request to its endpoint; the library serves what is left after `next`, under the tenant's GUID. */
export async function route(state: OpState, ctx: OpContext, next: Next): Promise<unknown> {
  if (ctx.path === INDEX_PATH) return indexPage(ctx, state);
  const [, tenant = '', endpoint = '', tail] = TENANT_PATH.exec(ctx.path) ?? [];
  if (!endpoint) {
    ctx.status = 404;
    return messagePage(ctx, 'Nothing here', [
      'This is the local OpenID provider. Open one of the applications instead.',
    ]);
  }
  if (tenant !== state.tenantId && tenant !== state.tenantAlias) return unknownTenant(ctx, endpoint);
  // The library knows the GUID's paths only; an alias is the same tenant.
  ctx.path = `/${state.tenantId}/${endpoint}${tail ? `/${tail}` : ''}`;

  switch (endpoint) {
    case PATHS.authorize:
      return authorize(state, ctx, next);
    case PATHS.token:
      return token(state, ctx, next);
    case PATHS.par:
      return par(state, ctx, next);
    case PATHS.revoke:
      return revoke(state, ctx, next);
    case PATHS.logout:
      return logout(state, ctx);
    case PATHS.keys:
      return keys(state, ctx);
    case PATHS.discovery:
      return discovery(state, ctx);
    case PATHS.login:
      return login(state, ctx, tail ?? '');
    default:
      return next();
  }
}

/** Entra answers 400 for a tenant that it does not know: JSON to a server, a page to a person. */
function unknownTenant(ctx: OpContext, endpoint: string): void {
  ctx.status = 400;
  if (endpoint === PATHS.authorize || endpoint === PATHS.logout || endpoint === PATHS.login) {
    messagePage(ctx, 'Sorry, that did not work', [`AADSTS${UNKNOWN_TENANT.code}: ${UNKNOWN_TENANT.text}`]);
    return;
  }
  ctx.body = entraErrorBody('invalid_tenant', UNKNOWN_TENANT, new Date());
}
