import { Readable } from 'node:stream';
import { Agent, errors } from 'undici';
import type { Upstream, UpstreamFailure } from '../gateway/upstream.ts';
import { reasonOf } from '../log/reason-of.ts';
import { Exchange } from './exchange.ts';
import { GivenUp } from './given-up.ts';
import { createPatience, type PatienceOptions } from './patience.ts';
import { watchBody } from './watch-body.ts';

const CONNECT_DEADLINE_MILLISECONDS = 10_000;
/** Of an answer, all of them together; what Node's own server takes of a request. */
const HEADER_BYTES_MAX = 16 * 1024;

/**
 * Calls downstream APIs over pooled connections of our own: `fetch` would follow its own mind about compression and
 * redirects, and undici's bare `request` may run on the copy inside Node. A call has a connection to itself, so that one
 * that is slow or long holds up no other.
 *
 * @param deadlines for tests
 */
export function createUpstream(deadlines: Pick<PatienceOptions, 'callMilliseconds'> = {}): Upstream {
  const agent = new Agent({
    connectTimeout: CONNECT_DEADLINE_MILLISECONDS,
    maxHeaderSize: HEADER_BYTES_MAX,
    // Over HTTP/2, which undici would speak where the API does, an answer that the API breaks off ends as a whole one does, a body
    // that fails before its first byte has it loop for ever (8.12.4), and a call shares its connection.
    allowH2: false,
    // Told apart from a request that is still on its way by nobody but us.
    headersTimeout: 0,
  });
  return async ({ method, url, headers, body, limits, gone }) => {
    if (gone.aborted) {
      await body?.[Symbol.asyncIterator]().return?.();
      return { outcome: 'client-gone', reason: 'gone' };
    }
    const { silenceMilliseconds, requestBytesMax, answerMilliseconds } = limits;
    const pathAt = url.indexOf('/', url.indexOf('//') + 2);
    const options = { ...deadlines, answerMilliseconds, silenceMilliseconds, gone };
    const patience = createPatience(options, (reason) => exchange.giveUp(reason));
    const upload = body && watchBody(body, requestBytesMax, patience);
    const stream = upload && Readable.from(upload.body, { highWaterMark: 1 });
    const exchange = new Exchange(stream, patience.end);
    if (upload === null) patience.awaitApi();
    else patience.awaitCaller();
    try {
      agent.dispatch(
        {
          origin: url.slice(0, pathAt),
          path: url.slice(pathAt),
          method,
          headers,
          bodyTimeout: silenceMilliseconds,
          body: stream,
        },
        exchange,
      );
      const { status, headers: answered } = await exchange.head;
      patience.answered();
      const whole = exchange.whole();
      return {
        outcome: 'answered',
        status,
        headers: answered,
        body: exchange,
        ...(whole && { whole }),
        discard: () => void exchange.return(),
      };
    } catch (error) {
      return failureOf(error, upload?.hasFailed() ?? false);
    }
  };
}

/** A body that fails, or ends short of its `content-length`, fails the call with it: that says nothing about the API. */
function failureOf(error: unknown, bodyFailed: boolean): UpstreamFailure {
  if (error instanceof GivenUp) return error.failure;
  const reason = reasonOf(error);
  if (bodyFailed || error instanceof errors.RequestContentLengthMismatchError)
    return { outcome: 'client-gone', reason };
  return { outcome: MALFORMED.some((each) => error instanceof each) ? 'malformed' : 'unreachable', reason };
}

/** No HTTP, more headers than anybody reads, two lengths. */
const MALFORMED = [errors.HTTPParserError, errors.HeadersOverflowError, errors.ResponseContentLengthMismatchError];
