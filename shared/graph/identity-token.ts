import type { BearerTokens } from '../identity/bearer-tokens.ts';
import type { GraphToken } from './graph-call.ts';

/**
 * Tokens of a user-assigned managed identity, which alone may read users: the application's own credential, which the
 * internet-facing part holds, then may not.
 *
 * @param tokens for Graph
 */
export function identityToken(tokens: BearerTokens): GraphToken {
  return async () => {
    try {
      return { token: await tokens.get() };
    } catch (error) {
      // A name is a word; a message could carry a URL.
      const { name } = error as { name?: unknown };
      return { failed: typeof name === 'string' && /^[A-Za-z]{1,64}$/.test(name) ? name : 'error' };
    }
  };
}
