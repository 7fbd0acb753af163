import type { FunctionHandler, HttpHandler } from '@azure/functions';
import { untilItWorks } from '../shared/ambient/until-it-works.ts';
import { errorEvent } from '../shared/log/error-event.ts';

/** The problem `internal`, without the code that renders problems: that could not be loaded either. */
const NOT_LOADED = {
  status: 500,
  headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  body: JSON.stringify({ title: 'Something broke', status: 500, code: 'internal' }),
};

/** A handler that is loaded when it is first invoked. Where that fails the invocation fails, and the next has it tried anew. */
export function whenLoaded(load: () => Promise<FunctionHandler>): FunctionHandler {
  const loaded = untilItWorks(load);
  return async (input, context) => (await loaded())(input, context);
}

/** The same for a request, which is answered whatever happens: in the Functions library's streaming mode it would hang. */
export function httpWhenLoaded(load: () => Promise<HttpHandler>): HttpHandler {
  const loaded = untilItWorks(load);
  return async (request, context) => {
    let handler: HttpHandler;
    try {
      handler = await loaded();
    } catch (error) {
      context.error(JSON.stringify({ ...errorEvent(error), id: context.invocationId }));
      return NOT_LOADED;
    }
    return handler(request, context);
  };
}
