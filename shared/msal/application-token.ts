import { AuthError, type AuthenticationResult, type ConfidentialClientApplication } from '@azure/msal-node';
import type { OpMetadata } from '../oidc/metadata.ts';
import type { AccessToken, ApplicationRedeemed, TokenFailure } from '../tokens/token-client.ts';
import { confidentialClients } from './confidential-client.ts';
import { tokenFailure } from './failure.ts';
import type { OpClient } from './op-client.ts';

/** Gives an application's own token, which is nobody's; never rejects. */
export type ApplicationTokens = () => Promise<{ readonly token: string } | { readonly failed: string }>;

/**
 * The application's own tokens, by the client credentials grant and its one credential. MSAL keeps a token in the memory of
 * the client made here until it is near its end; it is no person's, and lies in no session's cache.
 *
 * @param tenant whose directory the token is for: an authority of many tenants gives none
 * @param scope `.default` of the resource
 * @see RFC 6749 section 4.4
 */
export function applicationTokens(
  op: OpClient,
  metadata: OpMetadata,
  { tenant, scope }: { readonly tenant: string; readonly scope: string },
  fetchIt: typeof fetch = fetch,
): ApplicationTokens {
  const ofTenant = { ...metadata, token_endpoint: inTenant(metadata.token_endpoint, tenant) };
  // Only Entra ID has tenants, and a directory to ask.
  const inDirectory = { ...op, authority: inTenant(op.authority, tenant), protocol: 'entra' } as const;
  const client = confidentialClients(inDirectory, ofTenant, fetchIt)();
  return async () => {
    try {
      const result = await client.acquireTokenByClientCredential({ scopes: [scope] });
      return result === null ? { failed: 'no-token' } : { token: result.accessToken };
    } catch (error) {
      return { failed: error instanceof AuthError ? tokenFailure(error).reason : 'unknown' };
    }
  };
}

/**
 * One token of the application's own, from the OP whatever MSAL remembers: who keeps it is the caller's business.
 *
 * @param scope one, or several with spaces between them (RFC 6749 section 3.3)
 * @param claims a claims request, JSON
 * @see RFC 6749 section 4.4
 */
export async function redeemCredential(
  client: ConfidentialClientApplication,
  now: () => number,
  scope: string,
  claims: string | null = null,
): Promise<ApplicationRedeemed | TokenFailure> {
  try {
    const request = { scopes: scope.split(' '), skipCache: true, ...(claims && { claims }) };
    const result = await client.acquireTokenByClientCredential(request);
    if (result === null) return { outcome: 'op-refused', reason: 'no-token' };
    return { outcome: 'redeemed', accessToken: accessTokenOf(result, now()) };
  } catch (error) {
    return tokenFailure(error);
  }
}

export function accessTokenOf({ accessToken, expiresOn, refreshOn }: AuthenticationResult, now: number): AccessToken {
  return {
    token: accessToken,
    obtainedAt: now,
    expiresAt: expiresOn?.getTime() ?? now,
    ...(refreshOn && { refreshAt: refreshOn.getTime() }),
  };
}

/** Entra ID's URLs have the tenant first: its id, a domain, or a word for many (`common`, `organizations`). */
function inTenant(url: string, tenant: string): string {
  const changed = new URL(url);
  const [, , ...rest] = changed.pathname.split('/');
  changed.pathname = ['', tenant, ...rest].join('/');
  return changed.href;
}
