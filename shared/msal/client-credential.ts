import { X509Certificate } from 'node:crypto';
import { ClientAuthError, type NodeAuthOptions } from '@azure/msal-node';
import { type Assertion, assertionOf, type OpClient } from './op-client.ts';

/** The error code of a managed identity that gives no token: MSAL has none, and passes on what is thrown. */
export const NO_CREDENTIAL = 'credential';

type MsalCredential = Pick<NodeAuthOptions, 'clientSecret' | 'clientCertificate' | 'clientAssertion'>;

/** The application's credential in MSAL's terms. */
export function msalCredential(op: Pick<OpClient, 'credential' | 'assertion'>): MsalCredential {
  const { credential } = op;
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
      const assertion = assertionOf(op);
      return { clientAssertion: () => inMsalsTerms(assertion) };
    }
  }
}

/** MSAL knows no error but its own. The words of another are of this platform's insides. */
async function inMsalsTerms(assertion: Assertion): Promise<string> {
  try {
    return await assertion();
  } catch {
    throw new ClientAuthError(NO_CREDENTIAL, '');
  }
}
