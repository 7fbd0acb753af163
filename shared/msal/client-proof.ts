import type { ClientProof } from '../oidc/client-authentication.ts';
import { privateKeyJwt } from '../oidc/private-key-jwt.ts';
import { assertionOf, type OpClient } from './op-client.ts';

/** The application's credential for the requests that do not go by MSAL. @param now milliseconds since the epoch */
export function clientProof(
  op: Pick<OpClient, 'clientId' | 'credential' | 'assertion'>,
  now: () => number,
): ClientProof {
  const { clientId, credential } = op;
  switch (credential.kind) {
    case 'secret':
      return credential;
    case 'certificate':
      return { kind: 'assertion', assertionFor: privateKeyJwt(clientId, credential, now) };
    case 'managed-identity':
      return { kind: 'assertion', assertionFor: assertionOf(op) };
  }
}
