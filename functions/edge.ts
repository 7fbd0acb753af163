import type { HttpRequest, InvocationContext } from '@azure/functions';
import { refuse } from '../shared/http/answers.ts';
import { type Answer, type IncomingRequest, queryOf } from '../shared/http/message.ts';
import type { ProblemCode } from '../shared/http/problems.ts';
import { misdirection } from '../shared/http/public-host.ts';
import { withVary } from '../shared/http/vary.ts';
import { errorEvent } from '../shared/log/error-event.ts';
import type { Log } from '../shared/log/log.ts';
import type { SettingMistake } from '../shared/settings/mistakes.ts';
import type { Composed, Composition } from './compose.ts';
import { awaited } from './in-time.ts';
import { logTo } from './log-to.ts';

/** One request as a trigger handles it. */
export interface Visit extends Composition {
  readonly request: IncomingRequest;
  readonly log: Log;
  /** When the request came in, milliseconds since the epoch. */
  readonly receivedAt: number;
}

export type Trigger = (visit: Visit) => Answer | Promise<Answer>;

/** What the Functions library calls, but for the form of its answer. */
export type EdgeHandler = (request: HttpRequest, context: InvocationContext) => Promise<Answer>;

/**
 * Turns a trigger into what the Functions library calls. With mistaken settings nothing runs: every request is told which
 * ones; so too before SESSIONS_NOT_BEFORE. What a trigger throws is a bug; it is caught here, because in the library's streaming
 * mode it would never be answered.
 *
 * @param anyHost whether it answers under whatever name it is asked; else only under `PUBLIC_ORIGIN`'s
 */
export function atEdge(composed: Composed, trigger: Trigger, anyHost = false): EdgeHandler {
  return async (httpRequest, context) => {
    const applicationName = composed.ok ? composed.composition.application.settings.applicationName : undefined;
    const request = incoming(httpRequest, context, applicationName);
    const told = new Set<ProblemCode>();
    const write = logTo(context);
    const log: Log = (event) => {
      if ('code' in event) told.add(event.code);
      write(event);
    };
    const answer = await answerTo(composed, trigger, { request, log, anyHost });
    const { refusal } = answer;
    // Whoever was refused may come with the id that they were given: it has to be in the log, with the code.
    if (refusal && !told.has(refusal.code)) log({ event: 'request.refused', at: context.functionName, ...refusal });
    return withVary(answer);
  };
}

interface Arrived extends Pick<Visit, 'request' | 'log'> {
  readonly anyHost: boolean;
}

async function answerTo(composed: Composed, trigger: Trigger, { request, log, anyHost }: Arrived): Promise<Answer> {
  if (carriesHeaders(request)) return refuse(request, 'query_parameter_forbidden');
  if (!composed.ok) return refuseSettings(request, composed.mistakes);
  const early = awaited(composed.composition);
  if (early !== null) return refuseSettings(request, [early]);
  const misdirected = anyHost ? null : misdirection(request, composed.composition.application.settings);
  if (misdirected !== null) return refuse(request, 'misdirected_request', { actions: [], reason: misdirected });
  try {
    return await trigger({ ...composed.composition, request, log, receivedAt: Date.now() });
  } catch (error) {
    log(errorEvent(error));
    return refuse(request, 'internal');
  }
}

/**
 * In streaming mode the Functions host passes the query's parameters beside the headers, and one named `headers`, in any
 * case (upper case is what .NET compares, and `ſ` is an S in it), takes their place: a link could then bring its own `Cookie`, `Origin` and `x-csrf`. (Read in the source of the
 * Functions host's HTTP extension, October 2024; `url` is not touched by it.)
 */
function carriesHeaders(request: IncomingRequest): boolean {
  const queryAt = request.url.indexOf('?');
  if (queryAt < 0) return false;
  const query = request.url.slice(queryAt);
  // As nearly every request has it: nothing in it has to be decoded.
  if (PLAIN_QUERY.test(query) && !/headers/i.test(query)) return false;
  return [...queryOf(request).keys()].some((name) => name.toUpperCase() === 'HEADERS');
}

const PLAIN_QUERY = /^[?\w.=&-]*$/;

function refuseSettings(request: IncomingRequest, mistakes: readonly SettingMistake[]): Answer {
  const lines = mistakes.map(({ setting, problem, example }) => `${setting}: ${problem} (for example ${example})`);
  return refuse(request, 'settings_invalid', { members: { mistakes }, paragraphs: lines, actions: [] });
}

function incoming(
  request: HttpRequest,
  context: InvocationContext,
  applicationName: string | undefined,
): IncomingRequest {
  return {
    id: context.invocationId,
    applicationName,
    method: request.method,
    url: request.url,
    headers: request.headers as unknown as IncomingRequest['headers'],
    body: request.body as ReadableStream | null,
  };
}
