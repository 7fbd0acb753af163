import { X509Certificate } from 'node:crypto';
import type { NodeAuthOptions } from '@azure/msal-node';
import type { ClientCredential } from '../settings/settings.ts';

/** The audience of a federated credential in Azure's public cloud. */
const TOKEN_EXCHANGE_SCOPE = 'api://AzureADTokenExchange/.default';

type MsalCredential = Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;

/** The application's credential in MSAL's terms. */
export function msalCredential(credential: ClientCredential): MsalCredential {
  switch (credential.kind) {
    case 'secret':
      return { clientSecret: credential.secret };
    case 'certificate': {
      const { fingerprint256 } = new X509Certificate(credential.certificatesPem);
      return {
        clientCertificate: {
          thumbprintSha256: fingerprint256.replaceAll(':', ''),
          privateKey: credential.privateKeyPem,
          x5c: credential.certificatesPem,
        },
      };
    }
    case 'managed-identity':
      return { clientAssertion: managedIdentityAssertion(credential.managedIdentityClientId) };
  }
}

/** A managed identity's token as the client assertion: no secret anywhere. The credential object keeps and renews it. */
function managedIdentityAssertion(clientId: string): () => Promise<string> {
  const credential = import('@azure/identity').then(
    ({ ManagedIdentityCredential }) => new ManagedIdentityCredential({ clientId }),
  );
  // Awaited where it is used; this only keeps a failed import from ending the process first.
  credential.catch(() => undefined);
  return async () => (await (await credential).getToken(TOKEN_EXCHANGE_SCOPE)).token;
}
