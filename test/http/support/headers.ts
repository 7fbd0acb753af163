import { expect } from '@jest/globals';
import { parseSetCookie } from './cookies.ts';
import type { Answer } from './wire.ts';

/** What every page and every `/auth` answer carries. */
export const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The Content Security Policy of a page, whole. */
export function policy(formActions: readonly string[] = [], frameAncestors: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    ["form-action 'self'", ...formActions].join(' '),
    `frame-ancestors ${frameAncestors.join(' ') || "'none'"}`,
  ].join('; ');
}

/** Expects a page for a person: status, headers, policy, and its first heading. */
export function expectPage(answer: Answer, status: number, heading: string, csp = policy()): void {
  expect({ status: answer.status, heading: /<h1[^>]*>([^<]*)</.exec(answer.text)?.[1] }).toEqual({ status, heading });
  expect(answer.headers).toMatchObject({
    ...SAFE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': csp,
  });
}

/** Expects a problem document (RFC 9457) with that code, and gives it. */
export function expectProblem(answer: Answer, status: number, code: string): Record<string, unknown> {
  expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/problem+json' });
  const document = answer.json();
  expect({ answered: answer.status, ...document }).toMatchObject({
    answered: status,
    type: `urn:exeunt:problem:${code}`,
    title: expect.any(String),
    status,
    detail: expect.any(String),
    instance: expect.stringMatching(/^urn:uuid:[0-9a-f-]{36}$/),
    code,
  });
  return document;
}

/** The cookies that an answer sets, with every attribute; values left out, but for whether there is one. */
export function cookiesSet(answer: Answer): { name: string; empty: boolean; attributes: readonly string[] }[] {
  return answer.setCookies
    .map(parseSetCookie)
    .map(({ name, value, attributes }) => ({ name, empty: value === '', attributes }));
}

const HOST_COOKIE = ['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'];
const ATTEMPT_NAME = expect.stringMatching(/^__Host-signin-[A-Za-z0-9_-]{16}$/);

/** As `cookiesSet` shows them: the session's cookie set and taken away, an attempt's set and taken away. */
export const SESSION_SET = { name: '__Host-session', empty: false, attributes: HOST_COOKIE };
export const SESSION_TAKEN = {
  name: '__Host-session',
  empty: true,
  attributes: ['HttpOnly', 'Max-Age=0', 'Path=/', 'SameSite=Lax', 'Secure'],
};
/** The mark of a sign-out in this browser, set and taken away. */
export const MARK_SET = {
  name: '__Host-signed-out',
  empty: false,
  attributes: ['HttpOnly', 'Max-Age=86400', 'Path=/', 'SameSite=Lax', 'Secure'],
};
export const MARK_TAKEN = { ...SESSION_TAKEN, name: '__Host-signed-out' };
export const attemptSet = (sameSite: 'Lax' | 'None' = 'Lax') => ({
  name: ATTEMPT_NAME,
  empty: false,
  attributes: ['HttpOnly', 'Max-Age=600', 'Path=/', `SameSite=${sameSite}`, 'Secure'],
});
export const attemptTaken = (sameSite: 'Lax' | 'None' = 'Lax') => ({
  name: ATTEMPT_NAME,
  empty: true,
  attributes: ['HttpOnly', 'Max-Age=0', 'Path=/', `SameSite=${sameSite}`, 'Secure'],
});
