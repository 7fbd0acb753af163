/** In the metadata of Entra ID's multi-tenant authorities the issuer is a template. */
export const TENANT_TEMPLATE = '{tenantid}';
const TENANT_ID = /^[0-9a-f-]{36}$/i;

/** The tenant that an issuer of the template names; null where the issuer is not of the template, or there is no template. */
export function tenantOf(iss: string, issuer: string): string | null {
  const [before = '', after] = issuer.split(TENANT_TEMPLATE);
  if (after === undefined || !iss.startsWith(before) || !iss.endsWith(after)) return null;
  const tenant = iss.slice(before.length, iss.length - after.length);
  return TENANT_ID.test(tenant) ? tenant.toLowerCase() : null;
}

/**
 * Whether an `iss` is our OP's: the issuer as discovery gives it, or with a template one of any tenant. Which tenants are let
 * in is asked of the ID token alone, which is signed.
 */
export function isOurIssuer(iss: string, issuer: string): boolean {
  return issuer.includes(TENANT_TEMPLATE) ? tenantOf(iss, issuer) !== null : iss === issuer;
}
