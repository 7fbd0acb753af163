import { raceDeadline } from '../ambient/deadline.ts';
import { untilItWorks } from '../ambient/until-it-works.ts';
import type { GraphToken } from './graph-call.ts';

const TOKEN_DEADLINE_MILLISECONDS = 10_000;

/**
 * Tokens of a user-assigned managed identity, which alone may read users: the application's own credential, which the
 * internet-facing part holds, then may not. The library is loaded when the first is needed; it keeps and renews them.
 *
 * @param scope Graph's `.default`
 */
export function managedIdentityToken(clientId: string, scope: string): GraphToken {
  const credential = untilItWorks(async () => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return new ManagedIdentityCredential({ clientId });
  });
  return async () => {
    try {
      const { token } = await raceDeadline(TOKEN_DEADLINE_MILLISECONDS, async (abortSignal) =>
        (await credential()).getToken(scope, { abortSignal }),
      );
      return { token };
    } catch (error) {
      // A name is a word; a message could carry a URL.
      const { name } = error as { name?: unknown };
      return { failed: typeof name === 'string' && /^[A-Za-z]{1,64}$/.test(name) ? name : 'error' };
    }
  };
}
