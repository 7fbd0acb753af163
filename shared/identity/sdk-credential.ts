import type { BearerToken, BearerTokens } from './bearer-tokens.ts';

/** What the Azure SDKs call a `TokenCredential`. */
export interface SdkCredential {
  getToken(scopes: string | string[]): Promise<Pick<BearerToken, 'token' | 'expiresOnTimestamp'>>;
}

/**
 * Has an SDK's client use the tokens that others use too, and not ask for some of its own.
 *
 * @param tokensFor by a scope
 */
export function sdkCredential(tokensFor: (scope: string) => BearerTokens): SdkCredential {
  return {
    async getToken(scopes) {
      const [scope, ...more] = [scopes].flat();
      if (scope === undefined || more.length > 0) throw new RangeError('a token of an identity is for one resource');
      const { token, expiresOnTimestamp } = await tokensFor(scope).take();
      return { token, expiresOnTimestamp };
    },
  };
}
