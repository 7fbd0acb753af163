import { Readable } from 'node:stream';
import { Agent, errors } from 'undici';
import type { Upstream } from '../gateway/upstream.ts';

/** Well within the 230 s after which Azure's front end cuts a request off. */
const FIRST_BYTE_DEADLINE_MILLISECONDS = 100_000;
const IDLE_DEADLINE_MILLISECONDS = 100_000;
const CONNECT_DEADLINE_MILLISECONDS = 10_000;

/**
 * Calls downstream APIs over pooled connections of our own: `fetch` would follow its own mind about compression and
 * redirects, and undici's bare `request` may run on the copy inside Node.
 */
export function createUpstream(): Upstream {
  const agent = new Agent({
    connectTimeout: CONNECT_DEADLINE_MILLISECONDS,
    headersTimeout: FIRST_BYTE_DEADLINE_MILLISECONDS,
    bodyTimeout: IDLE_DEADLINE_MILLISECONDS,
  });
  return async ({ method, url, headers, body }) => {
    const { origin, pathname, search } = new URL(url);
    try {
      const answer = await agent.request({
        origin,
        path: `${pathname}${search}`,
        method: method as 'GET',
        headers,
        ...(body !== null && { body: Readable.from(body) }),
      });
      return {
        outcome: 'answered',
        status: answer.statusCode,
        headers: answer.headers,
        body: answer.body,
        discard: () => answer.body.on('error', () => {}).destroy(),
      };
    } catch (error) {
      if (error instanceof errors.HeadersTimeoutError) return { outcome: 'timeout', reason: error.code };
      const code = (error as NodeJS.ErrnoException).code;
      return { outcome: 'unreachable', reason: typeof code === 'string' ? code : 'unknown' };
    }
  };
}
