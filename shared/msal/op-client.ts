import { raceDeadline } from '../ambient/deadline.ts';
import type { BearerTokens } from '../identity/bearer-tokens.ts';
import type { Identities } from '../identity/identities.ts';
import { tokenExchangeAudience } from '../settings/authority.ts';
import type { OpSettings } from '../settings/settings.ts';

/** The platform gives one at once, or tries for minutes; a lease may be held meanwhile. */
const ASSERTION_DEADLINE_MILLISECONDS = 5_000;

/** Gives what the application shows the OP in the place of a secret. */
export type Assertion = () => Promise<string>;

/** The application at its OP. */
export interface OpClient extends OpSettings {
  /** There where its credential is a managed identity. */
  readonly assertion?: Assertion;
}

/**
 * The application with all that it proves itself by. A managed identity's token is the client assertion: no secret anywhere.
 *
 * @see https://learn.microsoft.com/entra/workload-id/workload-identity-federation-config-app-trust-managed-identity
 */
export function opClient(op: OpSettings, identities: Identities): OpClient {
  const { authority, credential } = op;
  if (credential.kind !== 'managed-identity') return op;
  const scope = `${tokenExchangeAudience(authority)}/.default`;
  return { ...op, assertion: assertionBy(identities.tokens(credential.managedIdentityClientId, scope)) };
}

function assertionBy(tokens: BearerTokens): Assertion {
  return () => raceDeadline(ASSERTION_DEADLINE_MILLISECONDS, () => tokens.get());
}

/** @throws where an application that has nothing else to show was put together without: a bug */
export function assertionOf({ assertion }: Pick<OpClient, 'assertion'>): Assertion {
  if (assertion === undefined) throw new Error('an application whose credential is an identity has no assertion');
  return assertion;
}
