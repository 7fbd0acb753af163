import * as z from 'zod/mini';
import { requestHeader, responseHeader } from './downstream-headers.ts';
import { scopeToken } from './identifiers.ts';
import { origin, webUrl } from './origin.ts';
import { normalisePath } from './path.ts';
import type { AllowedRoute, DownstreamApi } from './settings.ts';
import { fromText, missingOr, oneOf, type Refuse, type TextSchema } from './text-schema.ts';

const API_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Azure's front end cuts a request off after 230 s without an answer; ours, which says why, has to come before. */
const TIMEOUT_SECONDS_MAX = 200;
const TIMEOUT_SECONDS_DEFAULT = 100;
/** The Functions host takes no more, unless FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says so. */
const REQUEST_BYTES_DEFAULT = 100 * 1024 * 1024;
const REQUEST_BYTES_MAX = 2 * 1024 ** 3;
/** An unknown member is named only where its name is a plain word: anything else may be a value in the wrong place. */
const PLAIN_WORD = /^[A-Za-z]{1,24}$/;

const allowedRoute: TextSchema<AllowedRoute> = fromText((text, refuse) => {
  const [, method = '', pattern = ''] = /^(\S+) +(\S+)$/.exec(text) ?? [];
  if (method === '') refuse('must be a method, a space and a path pattern');
  else {
    if (method !== '*' && !METHODS.includes(method)) refuse(`must begin with * or one of ${METHODS.join(', ')}`);
    refuseBadPattern(pattern, refuse);
  }
  return { method, pattern };
});

/** A pattern goes by the rules for paths, which leave `*` alone: one that breaks them could never match. */
function refuseBadPattern(pattern: string, refuse: Refuse): void {
  if (!pattern.startsWith('/')) refuse('must have a path pattern that begins with /');
  else if (!normalisePath(pattern).ok) {
    refuse('must have a path pattern without empty segments, dot segments, ?, #, ;, encoded slashes and bad encodings');
  }
  pattern.split('/').forEach((segment, index, { length }) => {
    if (segment === '**' && index < length - 1) refuse('may have ** only as the last segment of its path pattern');
    else if (segment.includes('*') && !/^\*\*?$/.test(segment))
      refuse('may have * only as a whole segment of its path pattern');
  });
}

const listOf = <T>(what: string, one: TextSchema<T>) =>
  z
    .array(one, { error: missingOr(`must be a list of ${what}s`) })
    .check(z.minLength(1, { error: `must have at least one ${what}` }));

const wholeNumberUpTo = (most: number) =>
  z
    .number({ error: 'must be a number' })
    .check(
      z.int({ error: 'must be a whole number' }),
      z.gte(1, { error: 'must be at least 1' }),
      z.lte(most, { error: `must be at most ${most}` }),
    );

const MEMBERS = {
  baseUrl: webUrl({ httpOnLoopback: true, query: false }),
  scopes: listOf('scope', scopeToken),
  allow: listOf('route', allowedRoute),
  safeMethods: z.exactOptional(oneOf('same-origin', 'same-origin-and-downloads')),
  timeoutSeconds: z._default(wholeNumberUpTo(TIMEOUT_SECONDS_MAX), TIMEOUT_SECONDS_DEFAULT),
  requestBytesMax: z._default(wholeNumberUpTo(REQUEST_BYTES_MAX), REQUEST_BYTES_DEFAULT),
  requestHeaders: z._default(listOf('header', requestHeader), []),
  responseHeaders: z._default(listOf('header', responseHeader), []),
  redirectOrigins: z._default(listOf('origin', origin), []),
};

const api = z.strictObject(MEMBERS, {
  error: (issue) => (issue.code === 'unrecognized_keys' ? describeUnknown(issue.keys) : 'must be an object'),
});

function describeUnknown(names: readonly string[]): string {
  const plain = names.filter((name) => PLAIN_WORD.test(name));
  const which =
    plain.length === names.length ? plain.join(', ') : [...plain, 'a name that is not a plain word'].join(', ');
  return `has an unknown member (${which}); known are ${new Intl.ListFormat('en-GB').format(Object.keys(MEMBERS))}`;
}

const json: TextSchema<unknown> = fromText((text, refuse) => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    refuse('is not JSON');
    return undefined;
  }
});

const apiName = z.string().check(z.regex(API_NAME));

/** `{"graph":{"baseUrl":"…","scopes":["…"],"allow":["GET /me"]}}`; nothing is allowed that is not listed. */
export const downstreamApis: TextSchema<ReadonlyMap<string, DownstreamApi>> = z.pipe(
  z.pipe(json, z.record(apiName, api, { error: describeRecordIssue })),
  z.transform((apis) => new Map(Object.entries(apis).map(([name, each]) => [name, { name, ...each }]))),
);

function describeRecordIssue(issue: { code: string }): string {
  return issue.code === 'invalid_key'
    ? 'has an API whose name is not 1 to 32 of a-z, 0-9 and -, beginning with a letter or a digit'
    : 'must be a JSON object of APIs by name';
}
