import { covers } from '../oidc/scopes.ts';
import type { AccessToken, SessionCache } from '../tokens/token-client.ts';

/** An access token as the cache schema that all MSAL libraries share stores it. */
interface AccessTokenEntity {
  readonly home_account_id?: string;
  readonly client_id?: string;
  readonly target?: string;
  readonly secret?: string;
  /** Seconds since the epoch, in text. */
  readonly cached_at?: string;
  readonly expires_on?: string;
  readonly refresh_on?: string;
}

/**
 * The newest access token of these scopes in a session's cache, read from its JSON. MSAL Node itself calls a token
 * expired five minutes before it is (its offset cannot be set) and then redeems the refresh token, which only the holder
 * of the session's lease may do.
 *
 * @param fits whether a token with some scopes is one of those that are wanted
 * @see msal-common, `AccessTokenEntity`
 */
export function cachedAccessToken(
  cache: SessionCache,
  clientId: string,
  scopes: readonly string[],
  fits: typeof covers = covers,
): AccessToken | null {
  const { AccessToken: entities = {} } = JSON.parse(cache.serialized) as {
    AccessToken?: Record<string, AccessTokenEntity>;
  };
  let newest: AccessToken | null = null;
  for (const entity of Object.values(entities)) {
    if (entity.client_id !== clientId || entity.home_account_id !== cache.homeAccountId || !entity.secret) continue;
    if (!fits((entity.target ?? '').split(' ').filter(Boolean), scopes)) continue;
    const expiresAt = Number(entity.expires_on) * 1_000;
    if (!Number.isFinite(expiresAt) || (newest !== null && newest.expiresAt >= expiresAt)) continue;
    const refreshAt = Number(entity.refresh_on) * 1_000;
    newest = {
      token: entity.secret,
      obtainedAt: Number(entity.cached_at ?? 0) * 1_000,
      expiresAt,
      ...(Number.isFinite(refreshAt) && { refreshAt }),
    };
  }
  return newest;
}
