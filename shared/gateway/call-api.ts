import type { Application } from '../application/application.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { Log } from '../log/log.ts';
import { checkSession, type LiveSession } from '../session/check.ts';
import { renewSession } from '../session/renew.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { DownstreamApi, StepUp } from '../settings/settings.ts';
import { matchRoute, normalisePath } from './allow.ts';
import { callTokens } from './call-tokens.ts';
import type { Refused } from './calling.ts';
import { responseHeaders } from './headers.ts';
import { locationFor } from './location.ts';
import { ANSWER_MILLISECONDS_MAX, send } from './send.ts';
import { stepUpFor, together, unmetStepUp } from './step-up.ts';
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
  /** The browser has left: nobody waits for the answer, or reads on. */
  readonly gone: AbortSignal;
}

export type ApiAnswer =
  | {
      readonly outcome: 'answered';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** Null where the status can have none; bytes where it is small and here already. */
      readonly body: AsyncIterable<Uint8Array> | Uint8Array | null;
    }
  | Refused;

const refused = (code: ProblemCode, reason: string = code): Refused => ({ outcome: 'refused', code, reason });

/** The API's route that a call asks for, exactly as it is going to be sent; or why it is not sent. */
function routeCall(
  api: DownstreamApi,
  { method, rawPath, search, headers }: ApiCall,
): { url: string; path: string } | ProblemCode {
  const path = normalisePath(rawPath);
  if (!path.ok) return 'api_path_invalid';
  if (!matchRoute(api.allow, method, path.path)) return 'route_not_allowed';
  if (Number(headers.get('content-length')) > api.requestBytesMax) return 'request_too_large';
  return { url: `${api.baseUrl}${path.path}${search}`, path: path.path };
}

/**
 * One call of a downstream API: the live session is read (G4) unless the API may be called without one, a token acquired
 * silently, request and answer streamed. Both the token and the person's cookie stay on their own side.
 */
export async function callApi(
  application: Application,
  upstream: Upstream,
  log: Log,
  api: DownstreamApi,
  ticket: SessionTicket | null,
  call: ApiCall,
): Promise<ApiAnswer> {
  const { store } = application;
  const { ambient } = store;
  const answerBy = ambient.monotonic() + ANSWER_MILLISECONDS_MAX;
  const route = routeCall(api, call);
  if (typeof route === 'string') return refused(route);
  const entered = api.session === 'none' ? null : await enter(application, log, ticket);
  if (entered !== null && 'outcome' in entered) return entered;
  const stepUp = stepUpFor(api.stepUp, call.method, route.path);
  const unmet = entered && unmetStepUp(stepUp, entered.record, ambient.now());
  if (unmet) return { outcome: 'refused', code: 'step_up_required', ...unmet };
  const tokens = callTokens({ application, log, api }, entered);
  const acquired = await tokens.first();
  // A sign-in starts from nothing: one for consent or claims also has to prove what the route asks for.
  const inFull = (refusal: Refused): Refused => ({ ...refusal, ...withStepUp(refusal, stepUp) });
  if (acquired.outcome === 'refused') return inFull(acquired);
  const { method, headers, body, gone } = call;
  const sending = { upstream, api, method, url: route.url, headers, body, gone, ambient, answerBy };
  const [answer] = await Promise.all([
    send(sending, tokens, acquired.token),
    // A refresh renews the session in its own write.
    entered === null || acquired.refreshed
      ? undefined
      : renewSession(store, entered, application.settings.sessionIdleMinutes),
  ]);
  if (answer.outcome === 'refused') return inFull(answer);
  return answer.outcome === 'answered'
    ? passBack(api, route.url, answer)
    : refused(FAILURES[answer.outcome], answer.reason);
}

function withStepUp({ stepUp: wanted }: Refused, ofRoute: StepUp | null): Pick<Refused, 'stepUp'> {
  const stepUp = together([wanted, ofRoute].filter((each) => each !== undefined && each !== null));
  return stepUp === null ? {} : { stepUp };
}

/** The session that a ticket names, as it stands in this very request. */
async function enter(
  { store, settings }: Application,
  log: Log,
  ticket: SessionTicket | null,
): Promise<LiveSession | Refused> {
  if (ticket === null) return refused('session_required');
  const checked = await checkSession(store, ticket, settings.sessionIdleMinutes);
  if (checked.outcome === 'live') return checked.session;
  if (checked.outcome === 'unavailable') return refused('storage_unavailable', checked.reason);
  if (checked.unreadable) {
    const account = store.keyring.pseudonym(ticket.account);
    log({ event: 'session.unreadable', account, reason: checked.unreadable });
  }
  return refused('session_required');
}

/** What of an API's answer the browser gets: a `Location` too, of a redirect or of what was created, where it may go there. */
function passBack(api: DownstreamApi, url: string, answer: UpstreamAnswer): ApiAnswer {
  const { status } = answer;
  // The platform can answer by no other, and then answers nothing at all.
  if (status < 200 || status > 599) {
    answer.discard();
    return refused('api_answer_refused', 'status');
  }
  // Taken off by nobody, it would be passed on without a word of it (RFC 9112 section 6.1: we asked for no coding).
  if (!TRANSFER_CODINGS.includes(String(answer.headers['transfer-encoding'] ?? 'chunked').toLowerCase())) {
    answer.discard();
    return refused('api_answer_refused', 'transfer-coding');
  }
  const location = locationFor(api, url, answer.headers.location);
  if (location === null && REDIRECTS.includes(status)) {
    answer.discard();
    return refused('api_answer_refused', 'redirect');
  }
  const headers = { ...responseHeaders(answer.headers, api), ...(location !== null && { location }) };
  if (!WITHOUT_CONTENT.includes(status))
    return { outcome: 'answered', status, headers, body: answer.whole ?? answer.body };
  // Nobody is going to read it, and until then it would be waited for.
  answer.discard();
  return { outcome: 'answered', status, headers: status === 304 ? headers : withoutLength(headers), body: null };
}

/** A length without content would have whoever reads the answer wait for it (RFC 9110 section 15.3.6); that of a 304 is another answer's. */
function withoutLength({ 'content-length': _length, ...headers }: Readonly<Record<string, string>>) {
  return headers;
}

/** @see https://fetch.spec.whatwg.org/#null-body-status */
const WITHOUT_CONTENT = [204, 205, 304];

/** Those that change no byte of the content. */
const TRANSFER_CODINGS = ['chunked', 'identity'];

/** Those that a browser follows by itself. @see https://fetch.spec.whatwg.org/#redirect-status */
const REDIRECTS = [301, 302, 303, 307, 308];

/** A request that broke off is told from an API that did not answer, or operators would be called for healthy APIs. */
const FAILURES = {
  unreachable: 'api_unreachable',
  timeout: 'api_timeout',
  malformed: 'api_answer_refused',
  'client-gone': 'request_incomplete',
  'request-too-large': 'request_too_large',
} as const satisfies Record<UpstreamFailure['outcome'], ProblemCode>;
