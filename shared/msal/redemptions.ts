import type { AccountInfo, AuthenticationResult, ConfidentialClientApplication } from '@azure/msal-node';
import { refreshTokensIn } from '../account/cache-codec.ts';
import type { OpMetadata } from '../oidc/metadata.ts';
import type { CodeFailure, TokenClient } from '../tokens/token-client.ts';
import { accessTokenOf, redeemCredential } from './application-token.ts';
import { confidentialClients } from './confidential-client.ts';
import { codeFailure, refreshFailure } from './failure.ts';
import type { OpClient } from './op-client.ts';
import { sessionCachePlugin } from './session-cache-plugin.ts';

/**
 * That claims challenges are understood here: APIs of Entra ID's continuous access evaluation send none to whoever does not
 * say so, and take tokens of theirs for an hour whatever happens.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge#client-capabilities
 */
const CAPABILITIES = ['CP1'];

/** What became of a redemption that failed, after `got` had come of it: refresh tokens. */
export type Failed = <F extends CodeFailure>(failure: F, got: readonly string[]) => Promise<F>;

/**
 * What of a {@link TokenClient} is MSAL's. Each operation has a `ConfidentialClientApplication` of its own (it costs
 * microseconds), so that no two sessions ever meet in one memory.
 */
export function createRedemptions(
  op: OpClient,
  metadata: OpMetadata,
  now: () => number,
  failed: Failed,
  fetchIt: typeof fetch,
): Pick<TokenClient, 'redeemCode' | 'refresh' | 'ofApplication'> {
  const application = confidentialClients(op, metadata, fetchIt, op.protocol === 'entra' ? CAPABILITIES : []);
  return {
    async redeemCode({ code, codeVerifier, nonce, redirectUri, scopes, claims }) {
      const plugin = sessionCachePlugin('');
      const got: string[] = [];
      try {
        const result = await application(plugin, (token) => got.push(token)).acquireTokenByCode(
          { code, codeVerifier, redirectUri, scopes: [...scopes], nonce, ...(claims && { claims }) } as CodeRequest,
          { code, nonce },
        );
        if (!result.account) return failed({ outcome: 'id-token-refused', reason: 'no-account' }, got);
        return {
          outcome: 'redeemed',
          cache: { homeAccountId: result.account.homeAccountId, serialized: plugin.serialized() },
          idToken: result.idToken,
        };
      } catch (error) {
        return failed(codeFailure(error), got);
      }
    },

    async refresh(cache, scopes, claims) {
      const plugin = sessionCachePlugin(cache.serialized);
      const got: string[] = [];
      // One that came back as it was is stored all the same.
      const kept = refreshTokensIn(cache.serialized);
      const client = application(plugin, (token) => {
        if (!kept.includes(token)) got.push(token);
      });
      const accounts = await client.getTokenCache().getAllAccounts();
      const [account] = accounts;
      if (accounts.length !== 1 || account?.homeAccountId !== cache.homeAccountId) {
        throw new Error("a session's cache holds its own account and no other");
      }
      try {
        const result = await client.acquireTokenSilent({
          account,
          scopes: [...scopes],
          forceRefresh: true,
          ...(claims && { claims }),
        });
        if (!isForTheSame(account, result)) {
          return failed({ outcome: 'grant-dead', reason: 'refreshed-for-another' }, got);
        }
        return {
          outcome: 'refreshed',
          accessToken: accessTokenOf(result, now()),
          cache: { ...cache, serialized: plugin.serialized() },
        };
      } catch (error) {
        return failed(refreshFailure(error, op.protocol), got);
      }
    },

    ofApplication: (scope, claims) => redeemCredential(application(), now, scope, claims),
  };
}

/** MSAL reads the nonce from here, though its type does not list it; the one in the payload is dropped. */
type CodeRequest = Parameters<ConfidentialClientApplication['acquireTokenByCode']>[0] & { readonly nonce: string };

/**
 * Whether what came of a refresh is for whom it was asked (OpenID Connect Core 1.0 section 12.2: `iss` and `sub` stay). With
 * the tokens of somebody else, one person's session would speak for another. No ID token has to come with a refresh, and a
 * cache may have shed the one of before to fit.
 */
function isForTheSame({ homeAccountId, idTokenClaims: before }: AccountInfo, after: AuthenticationResult): boolean {
  if (after.idToken === '') return true;
  if (after.account?.homeAccountId !== homeAccountId) return false;
  const claims = after.idTokenClaims as Record<string, unknown>;
  return before === undefined || (claims.iss === before.iss && claims.sub === before.sub);
}
