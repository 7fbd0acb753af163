import * as z from 'zod/mini';
import { allowedRoute } from './allowed-route.ts';
import { requestHeader, responseHeader } from './downstream-headers.ts';
import { scopeToken } from './identifiers.ts';
import { json, membersOnly, someOf, wholeNumberMember } from './json-members.ts';
import { origin, webUrl } from './origin.ts';
import type { DownstreamApi } from './settings.ts';
import { acrsOf, canKeep, stepUpRule, unreachableRoutes } from './step-up.ts';
import { oneOf, type TextSchema } from './text-schema.ts';
import { tokenRules } from './token-rules.ts';

const API_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Azure's front end cuts a request off after 230 s without an answer; ours, which says why, has to come before. */
const TIMEOUT_SECONDS_MAX = 200;
const TIMEOUT_SECONDS_DEFAULT = 100;
/** The Functions host takes no more, unless FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says so. */
const REQUEST_BYTES_DEFAULT = 100 * 1024 * 1024;
const REQUEST_BYTES_MAX = 2 * 1024 ** 3;

const members = membersOnly({
  baseUrl: webUrl({ httpOnLoopback: true, query: false }),
  token: z._default(oneOf('user', 'application', 'none'), 'user'),
  session: z._default(oneOf('required', 'none'), 'required'),
  scopes: z._default(someOf('scope', scopeToken), []),
  allow: someOf('route', allowedRoute),
  safeMethods: z.exactOptional(oneOf('same-origin', 'same-origin-and-downloads')),
  timeoutSeconds: z._default(wholeNumberMember(1, TIMEOUT_SECONDS_MAX), TIMEOUT_SECONDS_DEFAULT),
  requestBytesMax: z._default(wholeNumberMember(1, REQUEST_BYTES_MAX), REQUEST_BYTES_DEFAULT),
  requestHeaders: z._default(someOf('header', requestHeader), []),
  responseHeaders: z._default(someOf('header', responseHeader), []),
  redirectOrigins: z._default(someOf('origin', origin), []),
  stepUp: z._default(someOf('rule', stepUpRule), []),
});

/** Members that are right each by itself may still say together what they must not. */
const api = z.pipe(
  members.check(tokenRules),
  z.transform((read, context) => {
    for (const [rule, route] of unreachableRoutes(read.allow, read.stepUp)) {
      const path = ['stepUp', rule, 'routes', route];
      context.issues.push({ code: 'custom', message: 'is a route that allow has no part of', path, input: undefined });
    }
    return read;
  }),
);

const apiName = z.string().check(z.regex(API_NAME));

/** `{"graph":{"baseUrl":"…","scopes":["…"],"allow":["GET /me"]}}`; nothing is allowed that is not listed. */
export const downstreamApis: TextSchema<ReadonlyMap<string, DownstreamApi>> = z.pipe(
  z.pipe(json, z.record(apiName, api, { error: describeRecordIssue })),
  z.transform((apis, context) => {
    const byName = new Map(Object.entries(apis).map(([name, each]) => [name, { name, ...each }]));
    if (!canKeep(acrsOf(byName.values()))) {
      const message = 'asks for more authentication contexts in stepUp than a session can keep';
      context.issues.push({ code: 'custom', message, input: undefined });
    }
    return byName;
  }),
);

function describeRecordIssue(issue: { code: string }): string {
  return issue.code === 'invalid_key'
    ? 'has an API whose name is not 1 to 32 of a-z, 0-9 and -, beginning with a letter or a digit'
    : 'must be a JSON object of APIs by name';
}
