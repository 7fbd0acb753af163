import { X509Certificate } from 'node:crypto';
import { ClientAuthError, type NodeAuthOptions } from '@azure/msal-node';
import type { OpSettings } from '../settings/settings.ts';
import { managedIdentityAssertion } from './client-proof.ts';

/** The error code of a managed identity that gives no token: MSAL has none, and passes on what is thrown. */
export const NO_CREDENTIAL = 'credential';

type MsalCredential = Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;
type Registration = Pick<OpSettings, 'authority' | 'credential'>;

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
    case 'managed-identity': {
      const assertion = managedIdentityAssertion(authority, credential.managedIdentityClientId);
      return { clientAssertion: () => assertionOf(assertion) };
    }
  }
}

/** MSAL knows no error but its own. The words of another are of this platform's insides. */
async function assertionOf(assertion: () => Promise<string>): Promise<string> {
  try {
    return await assertion();
  } catch {
    throw new ClientAuthError(NO_CREDENTIAL, '');
  }
}
