import { apiTarget } from '../shared/gateway/api-target.ts';
import { callApi } from '../shared/gateway/call-api.ts';
import { refuse } from '../shared/http/answers.ts';
import type { Answer } from '../shared/http/message.ts';
import { isCrossSite } from '../shared/http/same-origin.ts';
import type { Trigger } from './edge.ts';
import { refuseSession, ticketOf } from './ticket-of.ts';

/** `ANY /api/{name}/{*path}`: the downstream API `name`, with a token that the browser never sees. */
export const api: Trigger = async ({ application, upstream, request, log }): Promise<Answer> => {
  const { settings } = application;
  if (isCrossSite(request, settings.publicOrigin)) return refuse(request, 'cross_site');
  if (request.headers.get('x-csrf') !== '1') return refuse(request, 'csrf_header_missing');
  const target = apiTarget(request.url);
  if (target === null) return refuse(request, 'api_path_invalid');
  const downstream = settings.downstreamApis.get(target.name);
  if (downstream === undefined) return refuse(request, 'api_unknown');

  const call = { method: request.method, headers: request.headers, body: request.body, ...target };
  const answer = await callApi(application, upstream, log, downstream, ticketOf(application, request), call);
  if (answer.outcome === 'answered') return { ...answer, cookies: [] };
  if (answer.code === 'session_required') return refuseSession({ application, request });
  log({ event: 'api.failed', api: downstream.name, code: answer.code, reason: answer.reason });
  const signInUrl = `/auth/signin?api=${downstream.name}`;
  return refuse(request, answer.code, answer.code === 'consent_required' ? { members: { signInUrl } } : {});
};
