import { type MessagePage, renderMessage } from '../page/message.ts';
import { BASE_HEADERS } from './base-headers.ts';
import type { Answer, Cookie, IncomingRequest } from './message.ts';
import { prefersHtml } from './prefers-html.ts';
import { PROBLEMS, type ProblemCode, type ProblemKind } from './problems.ts';

export function redirect(status: 302 | 303, location: string, cookies: readonly Cookie[] = []): Answer {
  return { status, headers: { ...BASE_HEADERS, location }, cookies, body: null };
}

export function json(status: number, value: unknown, cookies: readonly Cookie[] = []): Answer {
  const headers = { ...BASE_HEADERS, 'content-type': 'application/json; charset=utf-8' };
  return { status, headers, cookies, body: JSON.stringify(value) };
}

/** An answer that its status says all of. */
export function empty(status: 200 | 202 | 204, cookies: readonly Cookie[] = []): Answer {
  return { status, headers: BASE_HEADERS, cookies, body: null };
}

/** Text that somebody else chose: never markup to anybody, whatever it holds. */
export function plainText(status: number, text: string): Answer {
  const headers = {
    ...BASE_HEADERS,
    'content-type': 'text/plain; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  };
  return { status, headers, cookies: [], body: text };
}

/** What a page may do beyond the nothing that it may do by default. */
export interface PagePermissions {
  /** Origins, beside our own, that a form may lead to: a sign-out form is redirected to the OP. */
  readonly formActions?: readonly string[];
  /** Origins that may frame the page. */
  readonly frameAncestors?: readonly string[];
}

export function page(
  status: number,
  html: string,
  permissions: PagePermissions = {},
  cookies: readonly Cookie[] = [],
): Answer {
  const headers = {
    ...BASE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentSecurityPolicy(permissions),
  };
  return { status, headers, cookies, body: html };
}

function contentSecurityPolicy({ formActions = [], frameAncestors = [] }: PagePermissions): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    `form-action 'self'${formActions.map((origin) => ` ${origin}`).join('')}`,
    `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
  ].join('; ');
}

/** What a refusal carries beyond its kind. */
export interface RefusalExtras {
  /** Members of the problem document, and of it alone. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** More paragraphs for a person. */
  readonly paragraphs?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly Cookie[];
  readonly actions?: MessagePage['actions'];
  readonly permissions?: PagePermissions;
  /** For the log alone. */
  readonly reason?: string;
}

/** A 401 names a way to authenticate (RFC 9110 section 15.5.2): ours is the session's cookie, a scheme no browser asks for. */
const CHALLENGE = { 'www-authenticate': 'Session' } as const;

export const START_PAGE = { label: 'Start page', href: '/' } as const;
const SIGN_IN = { label: 'Sign in', href: '/auth/signin?returnTo=/' } as const;

/**
 * A refusal: a readable page for a person in a browser, a problem document for a program (RFC 9457). Both carry the
 * invocation's id, and the edge sees to it that the log has it too. The `type` is a URI that leads nowhere, since no host
 * is ours to name; it tells a refusal of ours from a problem document that an API answered, whose `code` may be the same.
 */
export function refuse(request: IncomingRequest, code: ProblemCode, extras: RefusalExtras = {}): Answer {
  const kind: ProblemKind = PROBLEMS[code];
  const { members = {}, headers = {}, cookies = [], reason } = extras;
  const answer = wantsPage(request) ? refusalPage(request, kind, extras) : problem(kind, code, request.id, members);
  const challenge = kind.status === 401 ? CHALLENGE : {};
  const refusal = { code, ...(reason !== undefined && { reason }) };
  return { ...answer, headers: { ...answer.headers, ...challenge, ...headers }, cookies, refusal };
}

function refusalPage({ id, applicationName }: IncomingRequest, kind: ProblemKind, extras: RefusalExtras): Answer {
  const { paragraphs = [], actions = kind.helpsToSignIn ? [SIGN_IN, START_PAGE] : [START_PAGE], permissions } = extras;
  const html = renderMessage({
    title: kind.title,
    paragraphs: [kind.detail, ...paragraphs, kind.advice],
    actions,
    detail: id,
    ...(applicationName !== undefined && { applicationName }),
  });
  return page(kind.status, html, permissions);
}

function problem(kind: ProblemKind, code: ProblemCode, id: string, members: Readonly<Record<string, unknown>>): Answer {
  const { status, title, detail } = kind;
  const document = {
    type: `urn:exeunt:problem:${code}`,
    title,
    status,
    detail,
    instance: `urn:uuid:${id}`,
    code,
    ...members,
  };
  return {
    status,
    headers: { ...BASE_HEADERS, 'content-type': 'application/problem+json' },
    cookies: [],
    body: JSON.stringify(document),
  };
}

function wantsPage({ method, headers }: IncomingRequest): boolean {
  return method !== 'HEAD' && prefersHtml(headers.get('accept') ?? '');
}
