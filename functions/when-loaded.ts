import type { FunctionHandler, HttpHandler } from '@azure/functions';
import { untilItWorks } from '../shared/ambient/until-it-works.ts';
import { BASE_HEADERS } from '../shared/http/base-headers.ts';
import type { Answer } from '../shared/http/message.ts';
import { errorEvent } from '../shared/log/error-event.ts';
import type { EdgeHandler } from './edge.ts';
import { LibraryAnswer } from './library-answer.ts';

/** The problem `internal`, without the code that renders problems: that could not be loaded either. */
const NOT_LOADED: Answer = {
  status: 500,
  headers: { ...BASE_HEADERS, 'content-type': 'application/problem+json' },
  body: JSON.stringify({ title: 'Something broke', status: 500, code: 'internal' }),
  cookies: [],
};

/** A handler that is loaded when it is first invoked. Where that fails the invocation fails, and the next has it tried anew. */
export function whenLoaded(load: () => Promise<FunctionHandler>): FunctionHandler {
  const loaded = untilItWorks(load);
  return async (input, context) => (await loaded())(input, context);
}

/** The same for a request, which is answered whatever happens: in the Functions library's streaming mode it would hang. */
export function httpWhenLoaded(load: () => Promise<EdgeHandler>): HttpHandler {
  const loaded = untilItWorks(load);
  return async (request, context) => {
    let handler: EdgeHandler;
    try {
      handler = await loaded();
    } catch (error) {
      context.error(JSON.stringify({ ...errorEvent(error), id: context.invocationId }));
      return new LibraryAnswer(NOT_LOADED);
    }
    return new LibraryAnswer(await handler(request, context));
  };
}
