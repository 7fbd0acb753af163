import { indexKey } from '../account/index-key.ts';
import type { Application } from '../application/application.ts';
import { isOurIssuer } from '../oidc/issuer.ts';
import { type Attempted, attemptSignOut } from '../signout/retry.ts';
import type { DeliveryError } from './delivery.ts';
import { type Interpreted, interpret, type SignOutNamed } from './interpret.ts';
import { type Transmitter, verifySet } from './security-event-token.ts';

export type Received =
  | Attempted
  /** Genuine, and nothing here ends by it. */
  | {
      readonly outcome: 'ignored';
      readonly reason: Extract<Interpreted, { readonly outcome: 'ignored' }>['reason'] | 'foreign-subject';
    }
  | { readonly outcome: 'refused'; readonly err: DeliveryError; readonly reason: string };

/**
 * Takes a security event token in, and ends what its event says. `unfinished` too where the transmitter's keys, or the OP's
 * name, cannot be had: nothing is known of it then, and the transmitter has to send it again.
 *
 * @param token as it was delivered
 * @param receivedAt milliseconds since the epoch
 */
export async function receiveSet(
  application: Application,
  transmitter: Transmitter,
  token: string,
  receivedAt: number,
): Promise<Received> {
  const { signingAlgorithms } = application.settings.op;
  const verified = await verifySet(token, transmitter, signingAlgorithms, receivedAt);
  if (verified.outcome === 'unavailable') return { outcome: 'unfinished', reason: verified.reason };
  if (verified.outcome === 'refused') return verified;
  const interpreted = interpret(verified.set, transmitter.subjects, receivedAt);
  switch (interpreted.outcome) {
    case 'malformed':
      return { outcome: 'refused', err: 'invalid_request', reason: interpreted.reason };
    case 'ignored':
      return interpreted;
    case 'ends':
      return signOutNamed(application, interpreted, receivedAt);
  }
}

/** That nobody of the name is known here is no failure, and looks like any other sign-out: the transmitter learns nothing by it. */
async function signOutNamed(
  application: Application,
  { named: { kind, value, iss }, ends, asOf }: SignOutNamed,
  receivedAt: number,
): Promise<Received> {
  const { settings } = application;
  const op = await application.op.get();
  if ('outcome' in op) return { outcome: 'unfinished', reason: op.reason };
  const { issuer } = op.metadata;
  if (iss !== null && !isOurIssuer(iss, issuer)) return { outcome: 'ignored', reason: 'foreign-subject' };
  return attemptSignOut(application, {
    kind: 'target',
    index: indexKey(settings.op.clientId, issuer, { kind, value }),
    door: 'security-events',
    receivedAt,
    asOf,
    // The end of one session is what front-channel tells of, too; what is said of a person ends all that they have.
    scope: kind === 'sid' && ends === 'session' ? settings.signoutScopeRemote : 'account',
  });
}
