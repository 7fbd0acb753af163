import { raceDeadline } from '../ambient/deadline.ts';
import { untilItWorks } from '../ambient/until-it-works.ts';
import type { ClientProof } from '../oidc/client-authentication.ts';
import { privateKeyJwt } from '../oidc/private-key-jwt.ts';
import { tokenExchangeAudience } from '../settings/authority.ts';
import type { OpSettings } from '../settings/settings.ts';

/** The platform gives one at once, or tries for minutes; a lease may be held meanwhile. */
const ASSERTION_DEADLINE_MILLISECONDS = 5_000;

type Registration = Pick<OpSettings, 'authority' | 'clientId' | 'credential'>;

/** The application's credential for the requests that do not go by MSAL. @param now milliseconds since the epoch */
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
export function managedIdentityAssertion(authority: string, clientId: string): () => Promise<string> {
  const credential = untilItWorks(async () => {
    const { ManagedIdentityCredential } = await import('@azure/identity');
    return new ManagedIdentityCredential({ clientId });
  });
  const scope = `${tokenExchangeAudience(authority)}/.default`;
  return () =>
    raceDeadline(ASSERTION_DEADLINE_MILLISECONDS, async () => (await (await credential()).getToken(scope)).token);
}
