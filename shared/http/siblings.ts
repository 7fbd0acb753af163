import { empty } from './answers.ts';
import type { Answer, IncomingRequest } from './message.ts';

/** What a sibling's script may send beyond what any page may; of the headers that travel on to an API, those a script can set. */
const REQUEST_HEADERS = [
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'prefer',
  'range',
  'traceparent',
  'tracestate',
  'x-csrf',
];
/** What it may read beyond what any script may. */
const RESPONSE_HEADERS = [
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-range',
  'etag',
  'preference-applied',
  'retry-after',
];
/** A sibling that is taken off the list is refused at its next call all the same: this is only how long nobody asks first. */
const PREFLIGHT_SECONDS = 600;

/**
 * The allowed sibling whose page sent this, as its browser says; null where none did. A sibling is another origin of the same
 * site: browsers send our `SameSite=Lax` cookie with a script's request from no other, so none is let in by this door.
 * Browsers that do not say `Sec-Fetch-Site` say `Origin`.
 */
export function siblingOf({ headers }: IncomingRequest, siblingOrigins: readonly string[]): string | null {
  const origin = headers.get('origin');
  if (origin === null || !siblingOrigins.includes(origin)) return null;
  const site = headers.get('sec-fetch-site');
  return site === null || site === 'same-site' ? origin : null;
}

/** Whether a browser asks if it may send what a script of another origin wants. @see https://fetch.spec.whatwg.org/#cors-preflight-fetch */
export function isPreflight({ method, headers }: IncomingRequest): boolean {
  return method === 'OPTIONS' && headers.has('access-control-request-method');
}

/** The same to everybody who is allowed: what is asked for is not repeated, so that nothing can be slipped in. */
export function answerPreflight(sibling: string, methods: readonly string[]): Answer {
  const { headers, ...answer } = empty(204);
  return {
    ...answer,
    headers: {
      ...headers,
      ...allowing(sibling),
      'access-control-allow-methods': methods.join(', '),
      'access-control-allow-headers': REQUEST_HEADERS.join(', '),
      'access-control-max-age': String(PREFLIGHT_SECONDS),
    },
  };
}

/** The answer, for that sibling's script to read; for no other where null, whatever an API says of itself. */
export function readableBy(sibling: string | null, answer: Answer): Answer {
  const isOfAccess = (name: string): boolean => name.startsWith('access-control-');
  if (sibling === null && !Object.keys(answer.headers).some(isOfAccess)) return answer;
  const kept = Object.entries(answer.headers).filter(([name]) => !isOfAccess(name));
  const headers = {
    ...Object.fromEntries(kept),
    ...(sibling !== null && {
      ...allowing(sibling),
      'access-control-expose-headers': RESPONSE_HEADERS.join(', '),
    }),
  };
  return { ...answer, headers };
}

/** Never `*`, which would be anybody. */
const allowing = (sibling: string) => ({
  'access-control-allow-origin': sibling,
  'access-control-allow-credentials': 'true',
});
