import type { ManagedIdentityCredential } from '@azure/identity';
import { aborted, withDeadline } from '../ambient/deadline.ts';
import type { GraphToken } from './graph-call.ts';

const TOKEN_DEADLINE_MILLISECONDS = 10_000;

/**
 * Tokens of a user-assigned managed identity, which alone may read users: the application's own credential, which the
 * internet-facing part holds, then may not. The library is loaded when the first is needed; it keeps and renews them.
 *
 * @param scope Graph's `.default`
 */
export function managedIdentityToken(clientId: string, scope: string): GraphToken {
  let opened: Promise<ManagedIdentityCredential> | undefined;
  const credential = (): Promise<ManagedIdentityCredential> => {
    opened ??= import('@azure/identity').then(
      ({ ManagedIdentityCredential: Credential }) => new Credential({ clientId }),
      (error: unknown) => {
        opened = undefined;
        throw error;
      },
    );
    return opened;
  };
  return async () => {
    try {
      const { token } = await withDeadline(TOKEN_DEADLINE_MILLISECONDS, (abortSignal) => {
        const asked = credential().then((opened) => opened.getToken(scope, { abortSignal }));
        return Promise.race([asked, aborted(abortSignal)]);
      });
      return { token };
    } catch (error) {
      // A name is a word; a message could carry a URL.
      const { name } = error as { name?: unknown };
      return { failed: typeof name === 'string' && /^[A-Za-z]{1,64}$/.test(name) ? name : 'error' };
    }
  };
}
