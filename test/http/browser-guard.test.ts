import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { User } from '../../local/op/op.ts';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem } from './support/headers.ts';
import { OPERATOR_AUDIENCE } from './support/operator.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { type Answer, type Sent, send } from './support/wire.ts';
import type { RunningApp } from './support/world.ts';

const world = localWorld({ OPERATOR_AUDIENCE });
/** Its API `odd` is closed as by default, `open` to elements, `files` to downloads too. */
let app: RunningApp;
let browser: Browser;
let person: User;
beforeAll(async () => {
  const { odd } = world;
  const apis = {
    odd: odd.setting,
    open: { ...odd.setting, safeMethods: 'same-origin' },
    files: { ...odd.setting, safeMethods: 'same-origin-and-downloads' },
  };
  app = await world.startApp({ DOWNSTREAM_APIS: JSON.stringify(apis) });
  ({ browser, person } = await bringIn(world, undefined, app));
});
beforeEach(() => {
  world.odd.answerWith((_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('odd'));
});

const cookie = () => `__Host-session=${browser.cookie(app.origin, '__Host-session')}`;
/** With the session's cookie, and of what a browser says no more than this. */
const raw = (path: string, { headers, ...sent }: Sent = {}) =>
  send(`${app.origin}${path}`, { ...sent, headers: { cookie: cookie(), ...headers } });

const site = (value: string | null, more: Record<string, string> = {}) => ({
  ...(value !== null && { 'sec-fetch-site': value }),
  ...more,
});
const EVENT_SOURCE = { accept: 'text/event-stream', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
const IMAGE = { accept: 'image/avif', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
const DOCUMENT = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
/** As Chromium sends it of `<a download>`. */
const DOWNLOAD = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'empty' };

async function expectNotForwarded(asked: () => Promise<Answer>): Promise<Answer> {
  const before = world.odd.received.length;
  const answer = await asked();
  expect(world.odd.received.length).toBe(before);
  return answer;
}

describe("an API's safe methods, opened to elements", () => {
  it.each([
    ['an EventSource', 'GET', EVENT_SOURCE],
    ['an image', 'GET', IMAGE],
    ['a sound', 'GET', { ...IMAGE, 'sec-fetch-dest': 'audio' }],
    ['a film', 'GET', { ...IMAGE, 'sec-fetch-dest': 'video' }],
    ['a fetch without the header', 'GET', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['a HEAD', 'HEAD', { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' }],
    ['one that names our origin too', 'GET', { ...EVENT_SOURCE, origin: 'OURS' }],
  ])('let through what the browser says is of the same origin: %s', async (_what, method, headers) => {
    const said = { ...headers, ...('origin' in headers && { origin: app.origin }) };
    expect((await raw('/api/open/items/1', { method, headers: site('same-origin', said) })).status).toBe(200);
    expect(world.odd.received.at(-1)).toMatchObject({ method, target: '/base/items/1' });
    expect(world.odd.received.at(-1)?.headers.authorization).toMatch(/^Bearer /);
  });

  it.each([
    ['says nothing', null, {}, 'csrf_header_missing'],
    ['says nothing, but names our origin', null, { origin: 'OURS' }, 'csrf_header_missing'],
    ['says none', 'none', IMAGE, 'csrf_header_missing'],
    ['says it in other letters', 'Same-Origin', IMAGE, 'cross_site'],
    ['says it twice', 'same-origin, same-origin', IMAGE, 'cross_site'],
    ['says a sibling sent it', 'same-site', IMAGE, 'cross_site'],
    ['says another site sent it', 'cross-site', IMAGE, 'cross_site'],
    ['says it of another origin', 'same-origin', { origin: 'http://fabrikam.localhost:7072' }, 'cross_site'],
  ])('stay closed where the browser %s', async (_what, said, more, code) => {
    const headers = site(said, { ...more, ...('origin' in more && more.origin === 'OURS' && { origin: app.origin }) });
    expectProblem(await expectNotForwarded(() => raw('/api/open/items/1', { headers })), 403, code);
  });

  it.each([
    ...['script', 'style', 'worker', 'sharedworker', 'serviceworker', 'audioworklet', 'paintworklet', 'xslt'],
    ...[
      'manifest',
      'font',
      'track',
      'report',
      'object',
      'embed',
      'iframe',
      'fencedframe',
      'json',
      'Image',
      'image, script',
    ],
    ...['', null],
  ])('stay closed to what a page could run: %j', async (destination) => {
    for (const api of ['open', 'files']) {
      const headers = site('same-origin', {
        'sec-fetch-mode': 'no-cors',
        ...(destination !== null && { 'sec-fetch-dest': destination }),
      });
      const answer = await expectNotForwarded(() => raw(`/api/${api}/items/1`, { headers }));
      expectProblem(answer, 403, 'csrf_header_missing');
    }
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('open no other method: %s', async (method) => {
    const headers = site('same-origin', { origin: app.origin });
    const answer = await expectNotForwarded(() => raw('/api/open/any/1', { method, headers }));
    expectProblem(answer, 403, 'csrf_header_missing');
  });

  it('open no route that is not on the list, and nothing without a session', async () => {
    const headers = site('same-origin', IMAGE);
    expectProblem(await raw('/api/open/secret', { headers }), 403, 'route_not_allowed');
    expectProblem(await send(`${app.origin}/api/open/items/1`, { headers }), 401, 'session_required');
  });

  it('open no other API', async () => {
    for (const path of ['/api/odd/items/1', '/api/nowhere/items/1', '/api/OPEN/items/1']) {
      const answer = await expectNotForwarded(() => raw(path, { headers: site('same-origin', IMAGE) }));
      expectProblem(answer, 403, 'csrf_header_missing');
    }
  });
});

describe('a person who opens an address under /api', () => {
  it.each([
    ['typed in', 'none', DOCUMENT],
    ['by a link of ours', 'same-origin', DOCUMENT],
    ['in a frame of ours', 'same-origin', { ...DOCUMENT, 'sec-fetch-dest': 'iframe' }],
    ['in an object of ours', 'same-origin', { ...DOCUMENT, 'sec-fetch-dest': 'object' }],
  ])('sees a page that says what it is, and no call is made: %s', async (_what, said, headers) => {
    for (const api of ['odd', 'open', 'nowhere']) {
      const answer = await expectNotForwarded(() => raw(`/api/${api}/items/1`, { headers: site(said, headers) }));
      expectPage(answer, 403, 'This address is not a page');
    }
  });

  it('from another site sees that too, in other words', async () => {
    const answer = await expectNotForwarded(() => raw('/api/files/items/1', { headers: site('cross-site', DOCUMENT) }));
    expectPage(answer, 403, 'The request came from another site');
  });

  it('is told by its code what a program asks that says it navigates', async () => {
    const headers = site('none', { ...DOCUMENT, accept: 'application/json' });
    expectProblem(await raw('/api/open/items/1', { headers }), 403, 'api_navigated');
  });
});

describe('a download', () => {
  it.each([
    ['<a download> in Chromium', 'open', DOWNLOAD],
    ['<a download> in Chromium', 'files', DOWNLOAD],
    ['a link of ours', 'files', DOCUMENT],
  ])('goes through, and is never shown: %s, %s', async (_what, api, headers) => {
    const answer = await raw(`/api/${api}/items/1`, { headers: site('same-origin', headers) });
    expect([answer.status, answer.text]).toEqual([200, 'odd']);
    expect(answer.headers['content-disposition']).toBe('attachment');
    expect(answer.headers['content-security-policy']).toMatch(/^sandbox;/);
  });

  it.each([
    ['inline; filename="a;b.pdf"', 'attachment; filename="a;b.pdf"'],
    ['attachment; filename=x.pdf', 'attachment; filename=x.pdf'],
    ['INLINE', 'attachment'],
  ])('keeps the name that the API gives: %s', async (given, sent) => {
    world.odd.answerWith((_request, response) => response.writeHead(200, { 'content-disposition': given }).end());
    const answer = await raw('/api/files/items/1', { headers: site('same-origin', DOCUMENT) });
    expect(answer.headers['content-disposition']).toBe(sent);
  });

  it.each([
    ['typed in', 'files', 'none', DOCUMENT],
    ['typed in', 'files', 'none', DOWNLOAD],
    ['of an API that is not opened', 'odd', 'same-origin', DOWNLOAD],
    ['in a frame', 'files', 'same-origin', { ...DOCUMENT, 'sec-fetch-dest': 'iframe' }],
  ])('is none %s (%s)', async (_what, api, said, headers) => {
    const answer = await expectNotForwarded(() => raw(`/api/${api}/items/1`, { headers: site(said, headers) }));
    expect(answer.status).toBe(403);
  });

  it('by a form is none', async () => {
    const sent = { method: 'POST', headers: site('same-origin', { ...DOCUMENT, origin: app.origin }), body: '' };
    expectPage(await expectNotForwarded(() => raw('/api/files/any/1', sent)), 403, 'This address is not a page');
  });

  it('is no affair of a call that has the header', async () => {
    const answer = await raw('/api/files/items/1', { headers: { 'x-csrf': '1' } });
    expect(answer.headers).not.toHaveProperty('content-disposition');
  });
});

describe('what changes something', () => {
  const CSRF = { 'x-csrf': '1' };
  const bearer = { authorization: 'Bearer x' };
  const ROUTES: readonly [string, string, Record<string, string>][] = [
    ['POST', '/api/odd/items', CSRF],
    ['DELETE', '/api/odd/any/1', CSRF],
    ['DELETE', `/auth/sessions/${'0'.repeat(32)}`, CSRF],
    ['POST', '/auth/signout', {}],
    ['POST', '/operator/accounts/a.b/signout', bearer],
    ['POST', '/operator/users/11111111-2222-3333-4444-555555555555/signout', bearer],
  ];
  const FOREIGN: readonly [string, Record<string, string>][] = [
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['no origin', { origin: 'null' }],
    [
      'another origin that the browser calls the same',
      { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
    ],
  ];

  it.each(ROUTES.flatMap((route) => FOREIGN.map((foreign) => [...route, ...foreign] as const)))(
    '%s %s is refused from elsewhere, whatever else it brings %j: %s',
    async (method, path, proof, _what, headers) => {
      const before = await accountRow(world, person, app);
      const answer = await expectNotForwarded(() => raw(path, { method, headers: { ...proof, ...headers } }));
      expectProblem(answer, 403, 'cross_site');
      expect(await accountRow(world, person, app)).toEqual(before);
    },
  );

  it.each([
    ['POST', '/api/odd/items'],
    ['DELETE', `/auth/sessions/${'0'.repeat(32)}`],
  ])('%s %s wants the header too, also of our own page', async (method, path) => {
    for (const value of [undefined, '', '0', 'true', '1, 1']) {
      const headers = site('same-origin', { origin: app.origin, ...(value !== undefined && { 'x-csrf': value }) });
      expectProblem(await expectNotForwarded(() => raw(path, { method, headers })), 403, 'csrf_header_missing');
    }
  });

  it('POST /auth/signout wants the word of a browser, where a header is no proof', async () => {
    const before = await accountRow(world, person, app);
    expectProblem(await raw('/auth/signout', { method: 'POST', headers: CSRF }), 403, 'cross_site');
    expect(await accountRow(world, person, app)).toEqual(before);
  });
});

describe('who is signed in', () => {
  it.each([
    ['/auth/session', 'cross-site'],
    ['/auth/session', 'same-site'],
    ['/auth/sessions', 'same-site'],
  ])('%s is not said to another origin (%s), signed in or not', async (path, said) => {
    for (const headers of [{ cookie: cookie() }, { cookie: '' }]) {
      expectProblem(await raw(path, { headers: { ...headers, 'sec-fetch-site': said } }), 403, 'cross_site');
    }
  });
});

describe('what is answered', () => {
  it.each([
    ['/auth/session', {}],
    ['/auth/sessions', {}],
    ['/api/odd/items/1', { 'x-csrf': '1' }],
    ['/api/odd/items/1', {}],
    ['/', {}],
    ['/auth/signout', {}],
  ])('%s says what it was chosen by, and is stored nowhere', async (path, headers) => {
    world.odd.answerWith((_request, response) => response.writeHead(200, { vary: 'Accept-Language, origin' }).end());
    const answer = await raw(path, { headers });
    const varies = (answer.headers.vary ?? '').toLowerCase().split(/, */);
    expect(varies).toEqual(
      expect.arrayContaining(['accept', 'cookie', 'origin', 'sec-fetch-dest', 'sec-fetch-mode', 'sec-fetch-site']),
    );
    expect(new Set(varies).size).toBe(varies.length);
    expect(varies.includes('accept-language')).toBe(path.startsWith('/api') && 'x-csrf' in headers);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('that is the same for everybody says nothing of the kind', async () => {
    expect((await raw('/exeunt.js')).headers).not.toHaveProperty('vary');
  });

  it('opens nothing to other origins by default', async () => {
    for (const path of ['/api/odd/items/1', '/auth/session', '/auth/sessions', '/', '/exeunt.js']) {
      for (const origin of ['https://evil.example', 'null', app.origin]) {
        const { headers } = await raw(path, { headers: { origin, 'x-csrf': '1' } });
        expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
      }
    }
  });

  it('to nobody is no other than to somebody, from another site', async () => {
    const ask = (visitor: Browser) =>
      visitor.fetch(`${app.origin}/api/open/items/1`, { headers: { 'sec-fetch-site': 'same-site' } });
    const [somebody, nobody] = [await ask(browser), await ask(new Browser())];
    expect([somebody.status, nobody.status]).toEqual([403, 403]);
    expect(somebody.json<object>()).toEqual({ ...nobody.json<object>(), instance: expect.anything() });
  });
});
