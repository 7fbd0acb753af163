import { json, refuse } from '../../shared/http/answers.ts';
import { type Answer, segmentsOf } from '../../shared/http/message.ts';
import { isCrossSite } from '../../shared/http/same-origin.ts';
import { authorizeOperator, type OperatorRefused } from '../../shared/operator/authorize.ts';
import { describeReceipt, describeStanding } from '../../shared/operator/describe.ts';
import { type Named, type NamedBy, parseNamed } from '../../shared/operator/named.ts';
import { whatStands } from '../../shared/operator/standing.ts';
import { attemptSignOut } from '../../shared/signout/retry.ts';
import type { Trigger, Visit } from '../edge.ts';
import { refuseStorage } from '../refuse-storage.ts';
import { logReceipt, refuseUndone } from './outcome.ts';

/** Ends whom an operator names. Where nothing stood the tombstone stands all the same, against a sign-in under way. */
const signOut = async ({ application, request, log, receivedAt }: Visit, named: Named): Promise<Answer> => {
  log({ event: 'signout.received', door: 'operator' });
  const attempted = await attemptSignOut(application, { ...named, door: 'operator', receivedAt, scope: 'account' });
  if (attempted.outcome !== 'signed-out') return refuseUndone(request, log, 'operator', attempted);
  const { receipt } = attempted;
  logReceipt(log, receipt);
  return receipt.sessions === 0 ? refuse(request, 'nothing_to_end') : json(200, describeReceipt(receipt));
};

const look = async (visit: Visit, named: Named): Promise<Answer> => {
  const { application, request } = visit;
  const { store, settings } = application;
  const standing = await whatStands(store, named);
  if (standing.outcome === 'unavailable') return refuseStorage(visit, standing);
  if (standing.accounts.length === 0) return refuse(request, 'nothing_stands');
  return json(200, describeStanding(standing, store, settings.sessionIdleMinutes));
};

/** Lets an operator do it, and nobody else: no storage is asked and no name is read before the token is verified. */
function forOperators(by: NamedBy, act: (visit: Visit, named: Named) => Promise<Answer>): Trigger {
  return async (visit) => {
    const { application, request, log } = visit;
    const { doors, publicOrigin } = application.settings;
    const { operator: door } = doors;
    if (door === null) return refuse(request, 'not_found');
    // A token in a header is no browser's to add by itself; what says that it comes from another site is refused all the same.
    if (isCrossSite(request, publicOrigin)) return refuse(request, 'cross_site');
    const authorized = await authorizeOperator(application, door, request.headers.get('authorization'));
    if (authorized.outcome !== 'operator') return refuseOperator(visit, authorized);
    log({
      event: 'operator.admitted',
      operator: application.store.keyring.pseudonym(`operator~${authorized.operator}`),
    });
    const named = parseNamed(application, authorized.metadata, by, segmentsOf(request)[2] ?? '');
    return named === null ? refuse(request, 'operator_path_invalid') : act(visit, named);
  };
}

/** The challenges of RFC 6750 section 3: why exactly is for the log alone. */
function refuseOperator({ request, log }: Visit, { outcome, reason }: OperatorRefused): Answer {
  log({ event: outcome === 'op-unavailable' ? 'operator.unverified' : 'operator.refused', reason });
  switch (outcome) {
    case 'no-token':
      return refuse(request, 'operator_token_required', { headers: challenge() });
    case 'invalid-token':
      return refuse(request, 'operator_token_invalid', { headers: challenge('invalid_token') });
    case 'insufficient-scope':
      return refuse(request, 'operator_role_missing', { headers: challenge('insufficient_scope') });
    case 'op-unavailable':
      return refuse(request, 'op_unavailable', { headers: { 'retry-after': '1' } });
  }
}

const challenge = (error?: 'invalid_token' | 'insufficient_scope') => ({
  'www-authenticate': error === undefined ? 'Bearer' : `Bearer error="${error}"`,
});

export const operatorTriggers = {
  'operator-account-signout': forOperators('home-account-id', signOut),
  'operator-account': forOperators('home-account-id', look),
  'operator-user-signout': forOperators('object-id', signOut),
  'operator-user': forOperators('object-id', look),
};
