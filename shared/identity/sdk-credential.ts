import type { BearerToken, BearerTokens } from './bearer-tokens.ts';

/** What the Azure SDKs call a `TokenCredential`. */
export interface SdkCredential {
  getToken(scopes: string | string[]): Promise<Pick<BearerToken, 'token' | 'expiresOnTimestamp'>>;
}

/** For every storage account, in all clouds. */
export const STORAGE_SCOPE = 'https://storage.azure.com/.default';
const COSMOS_SCOPE = 'https://cosmos.azure.com/.default';

/**
 * Has an SDK's client of storage use the tokens that others use too, and not ask for some of its own.
 *
 * Whoever refuses a request may name another resource in the challenge, and the SDK for queues then asks for a token for that one, and
 * sends it there. It would be one for the vault, or the client assertion: it gets what it has shown already.
 *
 * @param tokensFor by a scope
 */
export function sdkCredential(tokensFor: (scope: string) => BearerTokens): SdkCredential {
  return {
    async getToken(scopes) {
      const [scope, ...more] = [scopes].flat();
      if (scope === undefined || more.length > 0) throw new RangeError('a token of an identity is for one resource');
      const { token, expiresOnTimestamp } = await tokensFor(scope === COSMOS_SCOPE ? scope : STORAGE_SCOPE).take();
      return { token, expiresOnTimestamp };
    },
  };
}
