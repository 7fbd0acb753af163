import { allowedRoute } from './allowed-route.ts';
import { requestHeader, responseHeader } from './downstream-headers.ts';
import { scopeToken } from './identifiers.ts';
import { isObject, json, membersOnly, someOf, wholeNumberMember } from './json-members.ts';
import { origin, webUrl } from './origin.ts';
import { mapped, optional, type Refuse, readBy, type Schema, tell, type Value, within } from './schema.ts';
import type { DownstreamApi } from './settings.ts';
import { acrsOf, canKeep, stepUpRule, unreachableRoutes } from './step-up.ts';
import { oneOf } from './text-schema.ts';
import { TOKEN_RULES_MEMBERS, tokenRules } from './token-rules.ts';

const API_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
/** Azure's front end cuts a request off after 230 s without an answer; ours, which says why, has to come before. */
const TIMEOUT_SECONDS_MAX = 200;
const TIMEOUT_SECONDS_DEFAULT = 100;
/** The Functions host takes no more, unless FUNCTIONS_REQUEST_BODY_SIZE_LIMIT says so. */
const REQUEST_BYTES_DEFAULT = 100 * 1024 * 1024;
const REQUEST_BYTES_MAX = 2 * 1024 ** 3;

const members = membersOnly({
  baseUrl: webUrl({ httpOnLoopback: true, query: false }),
  token: optional(oneOf('user', 'application', 'none'), 'user'),
  session: optional(oneOf('required', 'none'), 'required'),
  scopes: optional(someOf('scope', scopeToken), []),
  allow: someOf('route', allowedRoute),
  safeMethods: optional(oneOf('same-origin', 'same-origin-and-downloads'), undefined),
  timeoutSeconds: optional(wholeNumberMember(1, TIMEOUT_SECONDS_MAX), TIMEOUT_SECONDS_DEFAULT),
  requestBytesMax: optional(wholeNumberMember(1, REQUEST_BYTES_MAX), REQUEST_BYTES_DEFAULT),
  requestHeaders: optional(someOf('header', requestHeader), []),
  responseHeaders: optional(someOf('header', responseHeader), []),
  redirectOrigins: optional(someOf('origin', origin), []),
  stepUp: optional(someOf('rule', stepUpRule), []),
});

/**
 * Members that are right each by itself may still say together what they must not. They are asked also where others are
 * mistaken: all mistakes are named in one go.
 */
const ruled: typeof members = (value, refuse) => {
  const read = readBy(members, value);
  if (read.ok) return together(read.value, () => true, refuse);
  tell(read.issues, refuse);
  // What is no object has no members.
  if (read.value === undefined) return undefined;
  const isRight = (member: string): boolean => !read.issues.some(({ path }) => path[0] === member);
  return together(read.value, isRight, refuse);
};

type Members = Value<typeof members>;

function together(read: Members, isRight: (member: keyof Members) => boolean, refuse: Refuse): Members {
  if (TOKEN_RULES_MEMBERS.every(isRight)) tokenRules(read, refuse);
  if (isRight('allow') && isRight('stepUp')) {
    for (const [rule, route] of unreachableRoutes(read.allow, read.stepUp)) {
      refuse('is a route that allow has no part of', ['stepUp', rule, 'routes', route]);
    }
  }
  return read;
}

const api: Schema<Omit<DownstreamApi, 'name'>> = mapped(ruled, ({ safeMethods, ...read }) => ({
  ...read,
  ...(safeMethods && { safeMethods }),
}));

const byName: Schema<ReadonlyMap<string, DownstreamApi>> = (value, refuse) => {
  if (!isObject(value)) {
    refuse('must be a JSON object of APIs by name');
    return undefined;
  }
  const read = new Map<string, DownstreamApi>();
  for (const [name, each] of Object.entries(value)) {
    const refuseIt = within(name, refuse);
    if (API_NAME.test(name)) read.set(name, { ...(api(each, refuseIt) as DownstreamApi), name });
    else refuseIt('has an API whose name is not 1 to 32 of a-z, 0-9 and -, beginning with a letter or a digit');
  }
  return read;
};

/** `{"graph":{"baseUrl":"…","scopes":["…"],"allow":["GET /me"]}}`; nothing is allowed that is not listed. */
export const downstreamApis: Schema<ReadonlyMap<string, DownstreamApi>> = mapped(
  mapped(json, byName),
  (apis, refuse) => {
    if (!canKeep(acrsOf(apis.values()))) {
      refuse('asks for more authentication contexts in stepUp than a session can keep');
    }
    return apis;
  },
);
