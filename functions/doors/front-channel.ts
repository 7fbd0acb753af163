import { page, refuse } from '../../shared/http/answers.ts';
import { queryOf } from '../../shared/http/message.ts';
import { browserOrigins } from '../../shared/oidc/metadata.ts';
import { renderFramedEmpty } from '../../shared/page/framed-empty.ts';
import { parseFrontChannel, signOutFrontChannel } from '../../shared/signout/front-channel.ts';
import type { Trigger } from '../edge.ts';
import { logReceipt, refuseUndone } from './outcome.ts';

/** `GET /auth/signout-callback`: front-channel logout, in the OP's hidden iframe. Whoever it names, the answer is the same. */
const signoutCallback: Trigger = async ({ application, request, log, receivedAt }) => {
  const op = await application.op.get();
  if ('outcome' in op) {
    return refuseUndone(request, log, 'front-channel', { outcome: 'unfinished', reason: op.reason });
  }
  const named = parseFrontChannel(queryOf(request), op.metadata);
  if (named.kind === 'foreign-issuer') return refuse(request, 'logout_request_invalid');
  if (named.kind === 'sid') {
    log({ event: 'signout.received', door: 'front-channel' });
    const attempted = await signOutFrontChannel(application, op.metadata, named.sid, receivedAt);
    if (attempted.outcome !== 'signed-out') return refuseUndone(request, log, 'front-channel', attempted);
    logReceipt(log, attempted.receipt);
  }
  return page(200, renderFramedEmpty(), { frameAncestors: browserOrigins(op.metadata) });
};

export const frontChannelTriggers = { 'signout-callback': signoutCallback };
