import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { renderConfirmSignout } from '../../../shared/page/confirm-signout.ts';
import { renderFramedEmpty } from '../../../shared/page/framed-empty.ts';
import { renderHome } from '../../../shared/page/home.ts';
import { renderMessage } from '../../../shared/page/message.ts';
import { renderSignedOut } from '../../../shared/page/signed-out.ts';

const APIS = [
  { name: 'graph', routes: ['/me', '/me/**', '/users/*/messages'].map((pattern) => ({ method: 'GET', pattern })) },
  { name: 'orders', routes: [{ method: '*', pattern: '/orders/*' }] },
];
const message = (text: string) =>
  renderMessage({
    title: text,
    paragraphs: [text, text],
    actions: [
      { label: text, href: '/auth/signin?returnTo=/' },
      { label: text, postTo: '/auth/signout' },
    ],
    detail: text,
  });
const PAGES = new Map([
  ['home', renderHome({ apis: APIS })],
  ['home without APIs', renderHome({ apis: [], applicationName: 'Contoso' })],
  ['message', message('The sign-in was not finished')],
  ['signed out', renderSignedOut('Contoso')],
  ['confirm sign-out', renderConfirmSignout('Contoso', 'account', undefined)],
  ['framed empty', renderFramedEmpty()],
]);

const tags = (page: string) => [...page.matchAll(/<[a-z/!][^>]*>/gi)].map(([tag]) => tag);
const tagNames = (page: string) => tags(page).map((tag) => /[a-z0-9!]+/i.exec(tag)?.[0]);

describe.each([...PAGES])('the page "%s"', (_name, page) => {
  it('has nothing that a strict Content Security Policy would block', () => {
    expect(page).not.toMatch(/<style|<base|<iframe|<object|\sstyle=|\son[a-z]+\s*=|javascript:|data:/i);
    const scripts = page.match(/<script[^>]*>[^<]*/g) ?? [];
    for (const script of scripts) expect(script).toBe('<script type="module" src="/assets/page.js">');
  });

  it('loads from, links to and posts to this origin only', () => {
    const addresses = [...page.matchAll(/\s(?:href|src|action|srcset|formaction)="([^"]*)"/g)].map(([, url]) => url);
    for (const address of addresses) expect(address).toMatch(/^\/(?![/\\])/);
    expect(page).not.toMatch(/https?:/);
  });

  it('is a whole document that names its language and has a title', () => {
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/);
    expect(page).toMatch(/<title>[^<]+<\/title>/);
  });
});

describe('the start page', () => {
  const home = renderHome({ apis: APIS });

  it('is the same for everybody: every place for something private is empty', () => {
    const fields = [...home.matchAll(/data-(?:field|text|status|duration)[^>]*>([^<]*)</g)];
    expect(fields.length).toBeGreaterThan(8);
    for (const [, content] of fields) expect(content).toBe('');
    expect(renderHome({ apis: APIS })).toBe(home);
  });

  it('says of a session that ended before its time, which nobody may have signed out of, all that ends one', () => {
    const [, ended] = /<template data-view="ended">([\s\S]*?)<\/template>/.exec(home) ?? [];
    for (const by of ['another application', 'another device', 'the sign-in service']) expect(ended).toContain(by);
  });

  it('offers every allowed route under its API, and every method where any is allowed', () => {
    expect(home).toContain('<optgroup label="graph">');
    expect(home).toContain('data-method="GET" data-pattern="/users/*/messages">GET /users/*/messages<');
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) expect(home).toContain(`>${method} /orders/*<`);
  });

  it('has beside the sign-out of the setting the other one, and says what each ends', () => {
    const session = renderHome({ apis: APIS, signoutScope: 'session' });
    for (const page of [home, session])
      expect(page).toContain('<form method="post" action="/auth/signout" data-signout>');
    expect(home).toContain(
      'action="/auth/signout?scope=session" data-signout="session"><button class="button">Sign out here only<',
    );
    expect(home).toContain('Signing out ends your sessions on all devices.');
    expect(session).toContain(
      'action="/auth/signout?scope=account" data-signout="account"><button class="button">Sign out everywhere<',
    );
    expect(session).toContain('Signing out ends this session; others stay.');
  });

  it('says of a route that it asks for more than a session, before anybody is led away from the page', () => {
    const routes = [
      { method: 'GET', pattern: '/me' },
      { method: 'POST', pattern: '/me/keys', stepUp: true },
    ];
    const page = renderHome({ apis: [{ name: 'graph', routes }] });
    expect(page).toContain('>GET /me</option>');
    expect(page).toContain('>POST /me/keys (asks for more)</option>');
  });

  it('says so where there is no route to call', () => {
    expect(renderHome({ apis: [{ name: 'graph', routes: [] }] })).toContain('No API is configured');
  });

  it('lets people sign in and out without scripts', () => {
    const [, fallback = ''] = /<noscript>([\s\S]*)<\/noscript>/.exec(home) ?? [];
    expect(fallback).toContain('href="/auth/signin?returnTo=/"');
    expect(fallback).toContain('<form method="post" action="/auth/signout">');
  });

  it('labels every control', () => {
    for (const [, id] of home.matchAll(/<(?:select|input|textarea) id="([^"]+)"/g)) {
      expect(home).toContain(`<label for="${id}">`);
    }
  });
});

describe('a page with a message', () => {
  it('has the same elements whatever its words are, so that words never become markup', () => {
    const plain = tagNames(message('words'));
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'b', ' ', '=') }), (words) => {
        expect(tagNames(message(words))).toEqual(plain);
      }),
    );
  });

  it('shows what happened, what to do and what to quote', () => {
    const page = renderMessage({
      title: 'It took too long',
      paragraphs: ['Sign in again.'],
      actions: [{ label: 'Sign in', href: '/auth/signin' }],
      detail: '5b8f0c1e',
    });
    expect(page).toContain('<h1>It took too long</h1>');
    expect(page).toContain('<p>Sign in again.</p>');
    expect(page).toContain('<a class="button primary" href="/auth/signin">Sign in</a>');
    expect(page).toContain('<code>5b8f0c1e</code>');
  });

  it('has no row of buttons where there is nothing to do', () => {
    expect(renderMessage({ title: 'Not set up', paragraphs: [], actions: [] })).not.toContain('class="actions"');
  });
});

describe('the sign-out pages', () => {
  it('signs out by a form post and never by a link', () => {
    const confirm = renderConfirmSignout('Contoso', 'account', undefined);
    expect(confirm).toContain('<form method="post" action="/auth/signout"><button');
    for (const page of PAGES.values()) expect(page).not.toContain('href="/auth/signout"');
  });

  it.each([
    ['account', undefined, 'Your sessions on all devices end', '/auth/signout'],
    ['session', undefined, 'Your session ends', '/auth/signout'],
    ['account', 'session', 'Your session ends', '/auth/signout?scope=session'],
    ['session', 'account', 'Your sessions on all devices end', '/auth/signout?scope=account'],
  ] as const)('say what ends, with %s set and %s asked for, and end it', (set, asked, sentence, action) => {
    const confirm = renderConfirmSignout('Contoso', set, asked);
    expect(confirm).toContain(`<p>${sentence}, and `);
    expect(confirm).toContain(`<form method="post" action="${action}"><button`);
  });

  it('asks which account when somebody signs in again', () => {
    expect(renderSignedOut('Contoso')).toContain('href="/auth/signin?prompt=select_account&amp;returnTo=/"');
  });

  it('loads nothing into the frame of the OP', () => {
    expect(renderFramedEmpty()).not.toMatch(/<(?:link|script|img)/);
  });
});
