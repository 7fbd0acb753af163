import type { Application } from '../application/application.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { Log } from '../log/log.ts';
import { checkSession, type LiveSession } from '../session/check.ts';
import { renewSession } from '../session/renew.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { DownstreamApi } from '../settings/settings.ts';
import { matchRoute, normalisePath } from './allow.ts';
import { tokenForCall } from './call-token.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import type { Upstream, UpstreamAnswer, UpstreamFailure } from './upstream.ts';

/** A browser's call, before anything of it is believed. */
export interface ApiCall {
  readonly method: string;
  /** As it arrived, still encoded, after `/api/{name}`. */
  readonly rawPath: string;
  /** With its `?`, or empty. */
  readonly search: string;
  readonly headers: Pick<Headers, 'get'>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export type ApiAnswer =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: AsyncIterable<Uint8Array>;
    }
  | { readonly outcome: 'refused'; readonly code: ProblemCode; readonly reason: string };

const refused = (code: ProblemCode, reason: string = code): ApiAnswer => ({ outcome: 'refused', code, reason });

/** The API's route that a call asks for, exactly as it is going to be sent; or why it is not sent. */
function routeCall(api: DownstreamApi, { method, rawPath, search }: ApiCall): { url: string } | ProblemCode {
  const path = normalisePath(rawPath);
  if (!path.ok) return 'api_path_invalid';
  if (!matchRoute(api.allow, method, path.path)) return 'route_not_allowed';
  return { url: `${api.baseUrl}${path.path}${search}` };
}

/**
 * One call of a downstream API: the live session is read (G4), a token acquired silently, request and answer streamed.
 * Both the token and the person's cookie stay on their own side.
 */
export async function callApi(
  application: Application,
  upstream: Upstream,
  log: Log,
  api: DownstreamApi,
  ticket: SessionTicket | null,
  call: ApiCall,
): Promise<ApiAnswer> {
  const { store, settings } = application;
  const route = routeCall(api, call);
  if (typeof route === 'string') return refused(route);
  if (ticket === null) return refused('session_required');

  const checked = await checkSession(store, ticket, settings.sessionIdleMinutes);
  if (checked.outcome === 'signed-out') {
    if (checked.unreadable) {
      const account = store.keyring.pseudonym(ticket.account);
      log({ event: 'session.unreadable', account, reason: checked.unreadable });
    }
    return refused('session_required');
  }
  if (checked.outcome === 'unavailable') return refused('storage_unavailable', checked.reason);
  const acquired = await tokenForCall(application, log, api, checked.session);
  if (acquired.outcome === 'refused') return acquired;
  return forward(application, upstream, checked.session, acquired.token, route.url, call, acquired.refreshed);
}

async function forward(
  { store }: Application,
  upstream: Upstream,
  session: LiveSession,
  token: string,
  url: string,
  call: ApiCall,
  refreshed: boolean,
): Promise<ApiAnswer> {
  const headers = requestHeaders(call.headers, token);
  const [answer] = await Promise.all([
    upstream({ method: call.method, url, headers, body: call.body }),
    // A refresh renews the session in its own write.
    refreshed ? undefined : renewSession(store, session),
  ]);
  if (answer.outcome !== 'answered') return refused(FAILURES[answer.outcome], answer.reason);
  if (isRedirect(answer)) {
    answer.discard();
    return refused('api_unreachable', 'redirect');
  }
  return { outcome: 'answered', status: answer.status, headers: responseHeaders(answer.headers), body: answer.body };
}

/** A request that broke off is told from an API that did not answer, or operators would be called for healthy APIs. */
const FAILURES = {
  unreachable: 'api_unreachable',
  timeout: 'api_timeout',
  'client-gone': 'request_incomplete',
} as const satisfies Record<UpstreamFailure['outcome'], ProblemCode>;

/** The token was for this URL alone; where the API would send it on to is not ours to follow or to reveal. */
function isRedirect({ status }: UpstreamAnswer): boolean {
  return status >= 300 && status < 400 && status !== 304;
}
