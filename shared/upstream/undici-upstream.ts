import { Readable } from 'node:stream';
import { Agent, errors } from 'undici';
import type { Upstream, UpstreamFailure } from '../gateway/upstream.ts';
import { watchBody } from './watch-body.ts';

/** Well within the 230 s after which Azure's front end cuts a request off. */
const FIRST_BYTE_DEADLINE_MILLISECONDS = 100_000;
const IDLE_DEADLINE_MILLISECONDS = 100_000;
const CONNECT_DEADLINE_MILLISECONDS = 10_000;

/**
 * Calls downstream APIs over pooled connections of our own: `fetch` would follow its own mind about compression and
 * redirects, and undici's bare `request` may run on the copy inside Node.
 *
 * @param firstByteMilliseconds how long an API may take to begin its answer
 */
export function createUpstream({ firstByteMilliseconds = FIRST_BYTE_DEADLINE_MILLISECONDS } = {}): Upstream {
  const agent = new Agent({
    connectTimeout: CONNECT_DEADLINE_MILLISECONDS,
    headersTimeout: firstByteMilliseconds,
    bodyTimeout: IDLE_DEADLINE_MILLISECONDS,
  });
  return async ({ method, url, headers, body }) => {
    const { origin, pathname, search } = new URL(url);
    const upload = body && watchBody(body);
    try {
      const answer = await agent.request({
        origin,
        path: `${pathname}${search}`,
        method: method as 'GET',
        headers,
        ...(upload && { body: Readable.from(upload.body) }),
      });
      return {
        outcome: 'answered',
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body,
        discard: () => answer.body.on('error', () => {}).destroy(),
      };
    } catch (error) {
      return { outcome: outcomeOf(error, upload?.hasFailed() ?? false), reason: reasonOf(error) };
    }
  };
}

/** A body that fails, or ends short of its `content-length`, fails the call with it: that says nothing about the API. */
function outcomeOf(error: unknown, bodyFailed: boolean): UpstreamFailure['outcome'] {
  if (bodyFailed || error instanceof errors.RequestContentLengthMismatchError) return 'client-gone';
  return error instanceof errors.HeadersTimeoutError ? 'timeout' : 'unreachable';
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? code : 'unknown';
}
