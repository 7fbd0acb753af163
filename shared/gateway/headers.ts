import type { DownstreamApi } from '../settings/settings.ts';

/**
 * What may travel from the browser to an API. By allow-list: the platform's front end adds headers of its own
 * (`x-forwarded-*`, `x-ms-*`, `x-arr-*`), and `cookie` and `authorization` are ours to keep.
 */
const REQUEST_HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-language',
  'content-length',
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
];

/** What may travel back; nothing that sets state, names the API's software, or speaks for our own origin. */
const RESPONSE_HEADERS = [
  'accept-ranges',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-length',
  'content-range',
  'content-type',
  'etag',
  'last-modified',
  'preference-applied',
  'retry-after',
  'vary',
];

/**
 * An API's content must not run as a page of this origin or be embedded by others. Nor may any cache keep it, whatever the
 * API says: out of the browser's own cache it would answer after the sign-out, and to whoever signs in next.
 */
const DISARMING_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
} as const;

export function requestHeaders(
  incoming: Pick<Headers, 'get'>,
  token: string | null,
  api: Pick<DownstreamApi, 'requestHeaders'>,
): Record<string, string> {
  const outgoing: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const ofTheConnection = namedBy(incoming.get('connection') ?? '');
  for (const names of [REQUEST_HEADERS, api.requestHeaders]) {
    for (const name of names) {
      const value = incoming.get(name);
      if (value !== null && !ofTheConnection.includes(name)) outgoing[name] = value;
    }
  }
  return outgoing;
}

export function responseHeaders(
  upstream: Readonly<Record<string, string | string[] | undefined>>,
  api: Pick<DownstreamApi, 'responseHeaders'>,
): Record<string, string> {
  const outgoing: Record<string, string> = {};
  const ofTheConnection = namedBy(String(upstream.connection ?? ''));
  for (const names of [RESPONSE_HEADERS, api.responseHeaders]) {
    for (const name of names) {
      const value = upstream[name];
      if (value === undefined || ofTheConnection.includes(name)) continue;
      const sendable = asAscii(name, Array.isArray(value) ? value.join(', ') : value);
      if (sendable !== null) outgoing[name] = sendable;
    }
  }
  return Object.assign(outgoing, DISARMING_HEADERS);
}

/**
 * A value that reads the same to everybody, or null. Bytes past ASCII are Latin-1 to one reader and UTF-8 to the next (RFC 9110
 * section 5.5), and Kestrel, which sends our answers on Azure, throws on them instead of answering. Of a disposition the word
 * that may keep the content from being shown has to stay.
 */
function asAscii(name: string, value: string): string | null {
  if (/^[\t\x20-\x7e]*$/.test(value)) return value;
  return name === 'content-disposition' ? asAscii('', value.replace(/;.*$/s, '')) : null;
}

/** The headers that a `Connection` says are of that connection alone. @see RFC 9110 section 7.6.1 */
function namedBy(connection: string): string[] {
  return connection === '' ? [] : connection.split(',').map((name) => name.trim().toLowerCase());
}
