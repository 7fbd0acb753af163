import type { OpMetadata } from '../oidc/metadata.ts';
import type { OpSettings } from '../settings/settings.ts';
import type { Revoked, SessionCache } from '../tokens/token-client.ts';

/** Somebody who is signed out waits for it: a slow OP is not worth more. */
const REVOCATION_DEADLINE_MILLISECONDS = 3_000;

/**
 * Revokes the refresh token of a cache that came too late for its session, where the OP can (Entra ID cannot) and takes a
 * client secret for it. Best effort: the token is thrown away in any case.
 *
 * @see RFC 7009 section 2.1
 */
export async function revokeRefreshToken(
  { clientId, credential }: OpSettings,
  { revocation_endpoint: endpoint }: OpMetadata,
  cache: SessionCache,
  fetchIt: typeof fetch,
): Promise<Revoked> {
  const token = refreshTokenOf(cache);
  if (endpoint === undefined || credential.kind !== 'secret' || token === null) return 'not-supported';
  try {
    const response = await fetchIt(endpoint, {
      method: 'POST',
      redirect: 'error',
      signal: AbortSignal.timeout(REVOCATION_DEADLINE_MILLISECONDS),
      body: new URLSearchParams({
        token,
        token_type_hint: 'refresh_token',
        client_id: clientId,
        client_secret: credential.secret,
      }),
    });
    await response.body?.cancel();
    return response.ok ? 'revoked' : 'failed';
  } catch {
    return 'failed';
  }
}

/** As the cache schema that all MSAL libraries share stores it. A session's cache holds one account's, and so one. */
function refreshTokenOf({ serialized }: SessionCache): string | null {
  const { RefreshToken: entities = {} } = JSON.parse(serialized) as {
    RefreshToken?: Record<string, { readonly secret?: string }>;
  };
  const [entity] = Object.values(entities);
  return entity?.secret ?? null;
}
