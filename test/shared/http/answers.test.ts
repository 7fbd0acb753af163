import { describe, expect, it } from '@jest/globals';
import { json, page, redirect, refuse } from '../../../shared/http/answers.ts';
import { deletedCookie } from '../../../shared/http/cookies.ts';
import type { Answer } from '../../../shared/http/message.ts';
import { testRequest } from '../../support/request.ts';

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const PROGRAM = { accept: 'application/json' };

function policyOf({ headers }: Answer): Map<string, string[]> {
  const directives = (headers['content-security-policy'] ?? '').split('; ');
  return new Map(directives.map((directive) => directive.split(' ')).map(([name = '', ...values]) => [name, values]));
}

describe('every answer', () => {
  it.each<[string, Answer]>([
    ['redirect', redirect(302, 'https://op.example/authorize')],
    ['document', json(200, {})],
    ['page', page(200, '')],
    ['refusal of a program', refuse(testRequest(PROGRAM), 'internal')],
    ['refusal of a person', refuse(testRequest(BROWSER), 'internal')],
  ])('that is a %s is not stored, not sniffed, and tells no other site where it came from', (_, { headers }) => {
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
  });
});

describe('a refusal of a program', () => {
  it('is a problem document (RFC 9457)', () => {
    const { status, headers, body } = refuse(testRequest(PROGRAM), 'session_required', {
      members: { signInUrl: '/auth/signin' },
    });
    expect(status).toBe(401);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(String(body))).toEqual({
      type: 'urn:exeunt:problem:session_required',
      title: 'Nobody is signed in',
      status: 401,
      detail: 'There is no session here, or it has ended.',
      instance: 'urn:uuid:00000000-0000-4000-8000-000000000001',
      code: 'session_required',
      signInUrl: '/auth/signin',
    });
  });

  it.each([
    {},
    { accept: '*/*' },
    { accept: 'application/problem+json' },
    { accept: 'application/json, text/html;q=0.5' },
    { accept: 'text/html; q=0.1, application/problem+json; q=0.2' },
    { accept: 'text/html;q=0, */*' },
    { accept: 'text/html;q=0.000' },
    { accept: 'text/html;q=x' },
    { accept: 'text/htmlx' },
  ])('is what a caller with %j gets', (headers) => {
    expect(refuse(testRequest(headers), 'not_found').headers['content-type']).toBe('application/problem+json');
  });

  it('carries headers and cookies of its own', () => {
    const refusal = refuse(testRequest(PROGRAM), 'signout_unfinished', {
      headers: { 'retry-after': '1' },
      cookies: [deletedCookie('__Host-session')],
    });
    expect(refusal.headers['retry-after']).toBe('1');
    expect(refusal.cookies).toEqual([deletedCookie('__Host-session')]);
  });
});

describe('a refusal of a person', () => {
  const refusal = refuse(testRequest(BROWSER), 'access_denied', {
    members: { signInUrl: '/secret-member' },
    paragraphs: ['<b>One more</b> thing.'],
    actions: [{ label: 'Again', postTo: '/auth/signout' }],
  });

  it.each([
    'text/html',
    'TEXT/HTML',
    ' text/html ; charset=utf-8 ; Q=0.9 ',
    'application/json;q=0.5, text/html',
    'text/html, application/json',
  ])('is what %j asks for', (accept) => {
    const { headers } = refuse(testRequest({ accept }), 'not_found');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('is a page that says what happened and what to do', () => {
    expect(refusal.status).toBe(403);
    expect(refusal.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(refusal.body).toContain('The sign-in was cancelled');
    expect(refusal.body).toContain('Sign in again if you did not mean to cancel');
    expect(refusal.body).toContain('action="/auth/signout"');
  });

  it('escapes what it is given, and keeps what is for programs to itself', () => {
    expect(refusal.body).toContain('&lt;b&gt;One more&lt;/b&gt; thing.');
    expect(refusal.body).not.toContain('/secret-member');
  });

  it('keeps the cookies', () => {
    const cookies = [deletedCookie('__Host-session')];
    expect(refuse(testRequest(BROWSER), 'internal', { cookies }).cookies).toEqual(cookies);
  });
});

describe("a page's Content Security Policy", () => {
  it('lets nothing in but files of this origin, and nobody frame it', () => {
    const policy = policyOf(page(200, ''));
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
    for (const [name, values] of policy) {
      if (!name.endsWith('-src') || name === 'default-src') continue;
      expect(values).toEqual(["'self'"]);
    }
    expect([...policy.values()].flat()).not.toContain("'unsafe-inline'");
  });

  it('names the OP where a form is redirected to it', () => {
    const policy = policyOf(page(200, '', { formActions: ['https://op.example'] }));
    expect(policy.get('form-action')).toEqual(["'self'", 'https://op.example']);
  });

  it('names the OP alone where it may frame the page', () => {
    const policy = policyOf(page(200, '', { frameAncestors: ['https://op.example'] }));
    expect(policy.get('frame-ancestors')).toEqual(['https://op.example']);
  });
});
