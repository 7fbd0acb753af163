import { X509Certificate } from 'node:crypto';
import { ClientAuthError, type NodeAuthOptions } from '@azure/msal-node';
import { raceDeadline } from '../ambient/deadline.ts';
import type { ClientProof } from '../oidc/client-authentication.ts';
import { privateKeyJwt } from '../oidc/private-key-jwt.ts';
import { tokenExchangeAudience } from '../settings/authority.ts';
import type { OpSettings } from '../settings/settings.ts';

/** The error code of a managed identity that gives no token: MSAL has none, and passes on what is thrown. */
export const NO_CREDENTIAL = 'credential';
/** The platform gives one at once, or tries for minutes; a lease may be held meanwhile. */
const ASSERTION_DEADLINE_MILLISECONDS = 5_000;

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

/**
 * A managed identity's token as the client assertion: no secret anywhere. The credential object keeps and renews it, and goes on
 * asking for it when nobody waits any longer.
 */
function managedIdentityAssertion(authority: string, clientId: string): () => Promise<string> {
  const credential = import('@azure/identity').then(
    ({ ManagedIdentityCredential }) => new ManagedIdentityCredential({ clientId }),
  );
  // Awaited where it is used; this only keeps a failed import from ending the process first.
  credential.catch(() => undefined);
  const scope = `${tokenExchangeAudience(authority)}/.default`;
  const assertion = async (): Promise<string> => (await (await credential).getToken(scope)).token;
  return async () => {
    try {
      return await raceDeadline(ASSERTION_DEADLINE_MILLISECONDS, assertion);
    } catch {
      // Its words are of this platform's insides.
      throw new ClientAuthError(NO_CREDENTIAL, '');
    }
  };
}
