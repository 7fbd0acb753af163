import { empty, json } from '../../shared/http/answers.ts';
import { type Answer, queryOf } from '../../shared/http/message.ts';
import { readForm } from '../../shared/http/read-form.ts';
import type { Log } from '../../shared/log/log.ts';
import { checkBackChannel, logoutTokenOf, signOutBackChannel } from '../../shared/signout/back-channel.ts';
import type { Trigger } from '../edge.ts';
import { logReceipt, refuseUndone } from './outcome.ts';

/**
 * `POST /auth/backchannel-logout`: back-channel logout, server to server. Back-Channel Logout 1.0 section 2.8 answers 400 to
 * a logout that failed as to one that was no good; what failed here for a while is 503, since the OP is to ask again.
 */
const backchannelLogout: Trigger = async ({ application, request, log, receivedAt }) => {
  const form = await readForm(request);
  // In the query it would be in logs, and a second one.
  const logoutToken = form === null || queryOf(request).has('logout_token') ? null : logoutTokenOf(form);
  if (logoutToken === null) return refuseToken(log, 'form');
  const op = await application.op.get();
  if ('outcome' in op) {
    return refuseUndone(request, log, 'back-channel', { outcome: 'unfinished', reason: op.reason });
  }
  const checked = await checkBackChannel(application, op, logoutToken, receivedAt);
  switch (checked.outcome) {
    case 'invalid':
      return refuseToken(log, checked.reason);
    case 'op-unavailable':
      return refuseUndone(request, log, 'back-channel', { outcome: 'unfinished', reason: checked.reason });
    case 'valid': {
      log({ event: 'signout.received', door: 'back-channel' });
      const attempted = await signOutBackChannel(application, op, checked, receivedAt);
      if (attempted.outcome !== 'signed-out') return refuseUndone(request, log, 'back-channel', attempted);
      logReceipt(log, attempted.receipt);
      return empty(200);
    }
  }
};

/** The same words whatever is wrong: the reason is the log's (section 2.8). */
function refuseToken(log: Log, reason: string): Answer {
  log({ event: 'signout.refused', door: 'back-channel', reason });
  return json(400, {
    error: 'invalid_request',
    error_description: 'The request has no logout token that this application accepts.',
  });
}

export const backChannelTriggers = { 'backchannel-logout': backchannelLogout };
