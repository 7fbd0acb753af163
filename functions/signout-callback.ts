import { page, refuse } from '../shared/http/answers.ts';
import { queryOf } from '../shared/http/message.ts';
import { browserOrigins } from '../shared/oidc/metadata.ts';
import { renderFramedEmpty } from '../shared/page/framed-empty.ts';
import { parseFrontChannel, signOutFrontChannel } from '../shared/signout/front-channel.ts';
import type { Trigger } from './edge.ts';

/** `GET /auth/signout-callback`: front-channel logout, in the OP's hidden iframe. Whoever it names, the answer is the same. */
export const signoutCallback: Trigger = async ({ application, request, log, receivedAt }) => {
  const op = await application.op.get();
  if ('outcome' in op) {
    log({ event: 'signout.failed', door: 'front-channel', reason: op.reason });
    return refuse(request, 'signout_unfinished', { headers: { 'retry-after': '1' } });
  }
  const named = parseFrontChannel(queryOf(request), op.metadata);
  if (named.kind === 'foreign-issuer') return refuse(request, 'logout_request_invalid');
  if (named.kind === 'sid') {
    log({ event: 'signout.received', door: 'front-channel' });
    const attempted = await signOutFrontChannel(application, op.metadata, named.sid, receivedAt);
    if (attempted.outcome !== 'signed-out') {
      const queued = attempted.outcome === 'queued';
      log({ event: queued ? 'signout.queued' : 'signout.failed', door: 'front-channel', reason: attempted.reason });
      const headers = { 'retry-after': queued ? '5' : '1' };
      return refuse(request, queued ? 'signout_queued' : 'signout_unfinished', { headers });
    }
    const { accounts, sessions } = attempted;
    const ms = Date.now() - receivedAt;
    log({ event: 'signout.completed', door: 'front-channel', accounts, sessions, ms, tries: 0 });
  }
  return page(200, renderFramedEmpty(), { frameAncestors: browserOrigins(op.metadata) });
};
