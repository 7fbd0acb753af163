import { X509Certificate } from 'node:crypto';
import type { NodeAuthOptions } from '@azure/msal-node';
import type { ClientProof } from '../oidc/client-authentication.ts';
import { privateKeyJwt } from '../oidc/private-key-jwt.ts';
import { tokenExchangeAudience } from '../settings/authority.ts';
import type { OpSettings } from '../settings/settings.ts';

type MsalCredential = Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;
type Registration = Pick<OpSettings, 'authority' | 'clientId' | 'credential'>;

/** The application's credential in MSAL's terms. */
export function msalCredential({ authority, credential }: Registration): MsalCredential {
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
      return { clientAssertion: managedIdentityAssertion(authority, credential.managedIdentityClientId) };
  }
}

/** The same credential for the requests that do not go by MSAL. @param now milliseconds since the epoch */
export function clientProof({ authority, clientId, credential }: Registration, now: () => number): ClientProof {
  switch (credential.kind) {
    case 'secret':
      return credential;
    case 'certificate':
      return { kind: 'assertion', assertionFor: privateKeyJwt(clientId, credential, now) };
    case 'managed-identity':
      return {
        kind: 'assertion',
        assertionFor: managedIdentityAssertion(authority, credential.managedIdentityClientId),
      };
  }
}

/** A managed identity's token as the client assertion: no secret anywhere. The credential object keeps and renews it. */
function managedIdentityAssertion(authority: string, clientId: string): () => Promise<string> {
  const credential = import('@azure/identity').then(
    ({ ManagedIdentityCredential }) => new ManagedIdentityCredential({ clientId }),
  );
  // Awaited where it is used; this only keeps a failed import from ending the process first.
  credential.catch(() => undefined);
  const scope = `${tokenExchangeAudience(authority)}/.default`;
  return async () => (await (await credential).getToken(scope)).token;
}
