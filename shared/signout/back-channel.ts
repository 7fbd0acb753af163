import { indexKey } from '../account/index-key.ts';
import type { Application, Op } from '../application/application.ts';
import { single } from '../http/message.ts';
import { checkLogoutToken, type LogoutTokenChecked } from '../oidc/logout-token.ts';
import { type Attempted, attemptSignOut } from './retry.ts';

/** The logout token of a form; null where it is not there exactly once. What else is in the form means nothing to us. */
export function logoutTokenOf(form: URLSearchParams): string | null {
  return single(form, 'logout_token') || null;
}

/** Checks a logout token against the OP and this application's registration there. @param now milliseconds since the epoch */
export function checkBackChannel(
  { settings: { op, doors } }: Application,
  { metadata, keys }: Op,
  logoutToken: string,
  now: number,
): Promise<LogoutTokenChecked> {
  return checkLogoutToken(logoutToken, keys, {
    issuer: metadata.issuer,
    clientId: op.clientId,
    tenants: op.tenants,
    algorithms: op.signingAlgorithms,
    mayLack: doors.backChannel.mayLack,
    now,
  });
}

/**
 * Signs out whom a checked logout token names, as of when it was issued: a replay, however late, ends nothing newer.
 *
 * @param receivedAt milliseconds since the epoch
 */
export function signOutBackChannel(
  application: Application,
  { metadata }: Op,
  { named, asOf }: Extract<LogoutTokenChecked, { outcome: 'valid' }>,
  receivedAt: number,
): Promise<Attempted> {
  const { op, signoutScopeRemote: scope } = application.settings;
  const index = indexKey(op.clientId, metadata.issuer, named);
  return attemptSignOut(application, { kind: 'target', index, door: 'back-channel', receivedAt, asOf, scope });
}
