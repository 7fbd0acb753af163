import { NoToken } from './vault.ts';

/**
 * Tokens of whoever is signed in at this machine, with azd or with the Azure CLI; of a pipeline that signed in by OIDC too. Loaded
 * when it is first wanted.
 *
 * @returns gives the token for a scope, `https://vault.azure.net/.default`
 * @throws NoToken where nobody is
 */
export function signedIn(tenantId: string | undefined): (scope: string) => Promise<string> {
  const options = tenantId ? { tenantId } : {};
  let credential: Promise<{ getToken(scope: string): Promise<{ readonly token: string }> }> | undefined;
  return async (scope) => {
    credential ??= import('@azure/identity').then(
      ({ AzureCliCredential, AzureDeveloperCliCredential, ChainedTokenCredential }) =>
        new ChainedTokenCredential(new AzureDeveloperCliCredential(options), new AzureCliCredential(options)),
    );
    try {
      return (await (await credential).getToken(scope)).token;
    } catch {
      // What the credentials say of it can hold what they were told by programs.
      throw new NoToken(`no token for ${scope}: sign in with "azd auth login" or "az login"`);
    }
  };
}
