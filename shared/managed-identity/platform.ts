import { untilItWorks } from '../ambient/until-it-works.ts';
import type { AskPlatform } from '../identity/identities.ts';

/**
 * Asks for tokens of managed identities where Azure gives them out. The library is loaded for the first: it is most of the
 * start-up time, and who has connection strings and a secret needs none of it.
 *
 * @see https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 */
export const askPlatform: AskPlatform = (clientId, scope) => {
  const credential = untilItWorks(async () => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return clientId === null ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  });
  return async (wishes) => (await credential()).getToken(scope, wishes);
};
