import { refreshTokensIn } from '../account/cache-codec.ts';
import { untilItWorks } from '../ambient/until-it-works.ts';
import type { OpMetadata } from '../oidc/metadata.ts';
import type { Revoke } from '../oidc/revocation.ts';
import { covers, coversAlone } from '../oidc/scopes.ts';
import type { Revoked, TokenClient } from '../tokens/token-client.ts';
import { cachedAccessToken } from './cached-access-token.ts';
import type { OpClient } from './op-client.ts';
import type { Failed } from './redemptions.ts';

/**
 * MSAL Node behind the {@link TokenClient} port. MSAL itself is loaded when the OP is first to be asked: a token that a cache
 * holds is read without it.
 *
 * @param revoke null where the OP cannot
 * @param ofApis the scopes of all APIs: Entra ID itself gives no token for several
 */
export function createMsalTokenClient(
  op: OpClient,
  metadata: OpMetadata,
  now: () => number,
  revoke: Revoke | null,
  fetchIt: typeof fetch = fetch,
  ofApis: ReadonlySet<string> = new Set(),
): TokenClient {
  const fits = op.protocol === 'entra' ? covers : coversAlone(ofApis);
  const revokeAll = async (tokens: readonly string[]): Promise<Revoked> => {
    const done = await Promise.all(tokens.map((token) => revoke?.(token)));
    return done.every((one) => one === 'revoked') ? 'revoked' : 'failed';
  };
  /** What came in vain. Whose it is nobody knows here, and so not what would end with it: only a token by itself is revoked. */
  const failed: Failed = async (failure, got) => {
    if (op.revocation === 'token') await revokeAll(got);
    return failure;
  };
  const redemptions = untilItWorks(async () => {
    const { createRedemptions } = await import('./sdk.ts');
    return createRedemptions(op, metadata, now, failed, fetchIt);
  });

  return {
    redeemCode: async (code) => (await redemptions()).redeemCode(code),
    fromCache: (cache, scopes) => cachedAccessToken(cache, op.clientId, scopes, fits),
    refresh: async (cache, scopes, claims) => (await redemptions()).refresh(cache, scopes, claims),
    ofApplication: async (scope, claims) => (await redemptions()).ofApplication(scope, claims),
    revocation: revoke === null || op.revocation === 'off' ? null : op.revocation,
    revoke: ({ serialized }) => revokeAll(refreshTokensIn(serialized)),
  };
}
