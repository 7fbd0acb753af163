import type { Connection, Delivery } from '../shared/connection/connection.ts';
import { apiTarget } from '../shared/gateway/api-target.ts';
import { type ApiAnswer, callApi } from '../shared/gateway/call-api.ts';
import type { Refused } from '../shared/gateway/calling.ts';
import { type RefusalExtras, refuse, START_PAGE } from '../shared/http/answers.ts';
import { admitCall, asAttachment } from '../shared/http/api-guard.ts';
import type { Answer, AnswerBody, IncomingRequest } from '../shared/http/message.ts';
import type { ProblemCode } from '../shared/http/problems.ts';
import type { Log } from '../shared/log/log.ts';
import type { DownstreamApi } from '../shared/settings/settings.ts';
import { signInFor } from '../shared/signin/sign-in-path.ts';
import type { Trigger } from './edge.ts';
import { forOwnPages } from './own-pages.ts';
import { API_METHODS } from './routes.ts';
import { refuseSession, ticketOf } from './ticket-of.ts';

const call: Trigger = async ({ application, upstream, connections, request, log }): Promise<Answer> => {
  const { settings } = application;
  const target = apiTarget(request.url);
  const downstream = target === null ? undefined : settings.downstreamApis.get(target.name);
  const admitted = admitCall(request, downstream?.safeMethods);
  if (admitted !== 'call' && admitted !== 'download') return refuse(request, admitted);
  if (target === null) return refuse(request, 'api_path_invalid');
  if (downstream === undefined) return refuse(request, 'api_unknown');

  const connection = connections.take(request.id);
  const sent = {
    method: request.method,
    headers: request.headers,
    body: request.body,
    gone: connection.gone,
    ...target,
  };
  const answer = await callApi(application, upstream, log, downstream, ticketOf(application, request), sent);
  if (answer.outcome === 'answered') {
    const body = bodyOf(answer.body, connection, () => deliveryOf(request, answer, downstream, log));
    if (body === null && answer.body !== null) return refuse(request, 'api_answer_refused', { reason: 'unpaced' });
    const disposition = { 'content-disposition': asAttachment(answer.headers['content-disposition']) };
    const headers = admitted === 'download' ? { ...answer.headers, ...disposition } : answer.headers;
    return { ...answer, headers, body, cookies: [] };
  }
  if (answer.code === 'session_required') return refuseSession({ application, request });
  log({ event: 'api.failed', api: downstream.name, code: answer.code, reason: answer.reason });
  const again = answer.code === 'call_not_repeated' && { headers: { 'retry-after': '1' } };
  return refuse(request, answer.code, { ...signInHelps(downstream.name, answer), ...again });
};

/** What is here already, and small, needs no pacing. */
function bodyOf(
  body: Extract<ApiAnswer, { outcome: 'answered' }>['body'],
  connection: Connection,
  delivery: () => Delivery,
): AnswerBody {
  return body === null || body instanceof Uint8Array ? body : connection.carry(body, delivery());
}

function deliveryOf(
  { method }: IncomingRequest,
  { headers }: Pick<Answer, 'headers'>,
  { name: api, timeoutSeconds }: DownstreamApi,
  log: Log,
): Delivery {
  return {
    // To HEAD it is the length of another answer.
    bytes: method === 'HEAD' ? 0 : Number(headers['content-length']),
    stallMilliseconds: timeoutSeconds * 1_000,
    onBrokenOff: (reason) => log({ event: 'api.broken-off', api, reason }),
  };
}

const HELPED_BY_SIGN_IN: readonly ProblemCode[] = ['consent_required', 'claims_required', 'step_up_required'];

/** Against some refusals a sign-in for this API helps: programs are told where, people are led there. */
function signInHelps(api: string, refused: Refused): RefusalExtras {
  if (!HELPED_BY_SIGN_IN.includes(refused.code)) return {};
  const signInUrl = signInFor(api, refused);
  return { members: { signInUrl }, actions: [{ label: 'Sign in', href: `${signInUrl}&returnTo=/` }, START_PAGE] };
}

/** `ANY /api/{name}/{*path}`: the downstream API `name`, with a token that the browser never sees. */
export const api = forOwnPages(API_METHODS, call);
