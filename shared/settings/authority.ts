/** Entra ID's clouds by the host of their authorities, and the audience of a federated credential in each. */
const TOKEN_EXCHANGE_AUDIENCES: ReadonlyMap<string, string> = new Map([
  ['login.microsoftonline.com', 'api://AzureADTokenExchange'],
  ['login.microsoftonline.us', 'api://AzureADTokenExchangeUSGov'],
  ['login.partner.microsoftonline.cn', 'api://AzureADTokenExchangeChina'],
]);
const EXTERNAL_ID = /\.ciamlogin\.com$/;

/** Authorities whose issuer is a template: they sign in anyone's tenant. */
const MANY_TENANTS = /\/(?:common|organizations|consumers)(?:\/v2\.0)?$/i;

/**
 * What a managed identity's token is for when it serves as the client assertion. A wrong one fails only at the exchange. A custom
 * domain is one of the public cloud: the others have none.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function tokenExchangeAudience(authority: string): string {
  return TOKEN_EXCHANGE_AUDIENCES.get(new URL(authority).hostname) ?? 'api://AzureADTokenExchange';
}

/** An external tenant's people sign in there, where no managed identity is: its credential has to be of the same tenant. */
export function isExternalId(authority: string): boolean {
  return EXTERNAL_ID.test(new URL(authority).hostname);
}

export function isOfManyTenants(authority: string): boolean {
  return MANY_TENANTS.test(authority);
}

/**
 * What is wrong with an authority of Entra ID, which is its host and a tenant; null where nothing is, or where the host is none
 * of Microsoft's: an external tenant can have a domain of its own.
 */
export function entraAuthorityProblem(authority: string): string | null {
  const { hostname, pathname } = new URL(authority);
  if (!TOKEN_EXCHANGE_AUDIENCES.has(hostname) && !EXTERNAL_ID.test(hostname)) return null;
  const [tenant, ...more] = pathname.split('/').filter((segment) => segment !== '');
  if (tenant === undefined) return 'names no tenant: its id, a domain of it, or common, organizations or consumers';
  return more.length === 0 ? null : 'must end with the tenant: what comes behind it is added where it belongs';
}
