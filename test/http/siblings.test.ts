import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { type Answer, send } from './support/wire.ts';

const SIBLING = 'http://spa.contoso.localhost:5173';
const OTHER_SIBLING = 'http://other.contoso.localhost:5173';

const world = localWorld({ SIBLING_ORIGINS: `${SIBLING}, http://contoso.localhost:5174` });
let browser: Browser;
beforeAll(async () => {
  ({ browser } = await bringIn(world));
});
beforeEach(() => world.odd.answerWith((_request, response) => response.writeHead(200, { etag: '"v1"' }).end('odd')));

const cookie = () => `__Host-session=${browser.cookie(world.app.origin, '__Host-session')}`;
const FROM_SIBLING = { origin: SIBLING, 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' };
const corsOf = ({ headers }: Answer) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('access-control-')));
const ask = (path: string, headers: Record<string, string>, method = 'GET') =>
  send(`${world.app.origin}${path}`, { method, headers: { cookie: cookie(), ...headers } });
const preflight = (path: string, headers: Record<string, string>, method = 'POST', origin = world.app.origin) =>
  send(`${origin}${path}`, {
    method: 'OPTIONS',
    headers: {
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type,x-csrf',
      ...headers,
    },
  });

const READABLE = {
  'access-control-allow-origin': SIBLING,
  'access-control-allow-credentials': 'true',
  'access-control-expose-headers':
    'accept-ranges, content-disposition, content-encoding, content-range, etag, preference-applied, retry-after',
};

describe('a page of an allowed sibling', () => {
  it.each([
    ['/api/odd/items/1', { 'x-csrf': '1' }],
    ['/auth/session', {}],
    ['/auth/sessions', {}],
  ])('may call %s with the session, and read what comes', async (path, headers) => {
    const answer = await ask(path, { ...FROM_SIBLING, ...headers });
    expect(answer.status).toBe(200);
    expect(corsOf(answer)).toEqual(READABLE);
    expect(answer.headers.vary).toContain('Origin');
    expect(answer.headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  it('is known by its Origin where the browser says no more, and another port of our own host is a sibling too', async () => {
    for (const origin of [SIBLING, 'http://contoso.localhost:5174']) {
      const answer = await ask('/api/odd/items/1', { origin, 'x-csrf': '1' });
      expect([answer.status, corsOf(answer)['access-control-allow-origin']]).toEqual([200, origin]);
    }
  });

  it('may read why it was refused', async () => {
    const signedOut = await send(`${world.app.origin}/auth/session`, { headers: FROM_SIBLING });
    expectProblem(signedOut, 401, 'session_required');
    const headerless = await ask('/api/odd/items/1', FROM_SIBLING);
    expectProblem(headerless, 403, 'csrf_header_missing');
    for (const answer of [signedOut, headerless]) expect(corsOf(answer)).toEqual(READABLE);
  });

  it("is read to by this application's word alone, whatever an API says", async () => {
    world.odd.answerWith((_request, response) =>
      response.writeHead(200, { 'access-control-allow-origin': '*', 'access-control-max-age': '9' }).end(),
    );
    expect(corsOf(await ask('/api/odd/items/1', { ...FROM_SIBLING, 'x-csrf': '1' }))).toEqual(READABLE);
    expect(corsOf(await ask('/api/odd/items/1', { 'x-csrf': '1' }))).toEqual({});
  });

  it('has no other way in: no form, no session to end, no image, no door', async () => {
    const { app } = world;
    for (const [method, path] of [
      ['POST', '/auth/signout'],
      ['DELETE', `/auth/sessions/${'0'.repeat(32)}`],
    ] as const) {
      const answer = await ask(path, { ...FROM_SIBLING, 'x-csrf': '1' }, method);
      expectProblem(answer, 403, 'cross_site');
      expect(corsOf(answer)).toEqual({});
    }
    const image = { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' };
    expectProblem(await ask('/api/odd/items/1', image), 403, 'cross_site');
    for (const path of [
      '/auth/signout',
      '/auth/signin',
      `/auth/sessions/${'0'.repeat(32)}`,
      '/auth/backchannel-logout',
    ]) {
      expect(corsOf(await preflight(path, FROM_SIBLING, 'POST', app.origin))).toEqual({});
    }
  });
});

describe('a page of any other origin', () => {
  it.each([
    ['another sibling', { ...FROM_SIBLING, origin: OTHER_SIBLING }],
    ['a name within the allowed one', { ...FROM_SIBLING, origin: 'http://evil.spa.contoso.localhost:5173' }],
    ['the allowed name by https', { ...FROM_SIBLING, origin: SIBLING.replace('http:', 'https:') }],
    ['the allowed name at another port', { ...FROM_SIBLING, origin: SIBLING.replace('5173', '80') }],
    ['the allowed name in capitals', { ...FROM_SIBLING, origin: SIBLING.toUpperCase() }],
    ['the allowed name and more', { ...FROM_SIBLING, origin: `${SIBLING}.evil.example` }],
    ['two, the allowed one among them', { ...FROM_SIBLING, origin: `${SIBLING}, ${OTHER_SIBLING}` }],
    ['null', { ...FROM_SIBLING, origin: 'null' }],
    ['*', { ...FROM_SIBLING, origin: '*' }],
    ['none, of the same site', { 'sec-fetch-site': 'same-site' }],
    ['the allowed one, of another site', { ...FROM_SIBLING, 'sec-fetch-site': 'cross-site' }],
    ['the allowed one, as our own', { ...FROM_SIBLING, 'sec-fetch-site': 'same-origin' }],
    ['the allowed one, typed in', { ...FROM_SIBLING, 'sec-fetch-site': 'none' }],
  ])('is refused, asked first or not: %s', async (_what, headers) => {
    const before = world.odd.received.length;
    for (const path of ['/api/odd/items/1', '/auth/session', '/auth/sessions']) {
      const call = await ask(path, { ...headers, 'x-csrf': '1' } as Record<string, string>);
      expectProblem(call, 403, 'cross_site');
      const asked = await preflight(path, headers as Record<string, string>);
      expectProblem(asked, 403, 'origin_not_allowed');
      for (const answer of [call, asked]) expect(corsOf(answer)).toEqual({});
    }
    expect(world.odd.received.length).toBe(before);
  });
});

describe('a preflight', () => {
  it.each([
    ['/api/odd/items', 'POST', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    ['/api/nowhere', 'DELETE', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
    ['/auth/session', 'GET', 'GET'],
    ['/auth/sessions', 'GET', 'GET'],
  ])('of an allowed sibling is answered: %s', async (path, method, methods) => {
    const before = world.odd.received.length;
    const answer = await preflight(path, FROM_SIBLING, method);
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(corsOf(answer)).toEqual({
      'access-control-allow-origin': SIBLING,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': methods,
      'access-control-allow-headers':
        'content-type, if-match, if-modified-since, if-none-match, if-range, if-unmodified-since, prefer, range, traceparent, tracestate, x-csrf',
      'access-control-max-age': '600',
    });
    expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', vary: expect.stringContaining('Origin') });
    expect(world.odd.received.length).toBe(before);
  });

  it('repeats nothing of what it asks for', async () => {
    const headers = { ...FROM_SIBLING, 'access-control-request-headers': 'x-mark3r', cookie: 'mark3r=1' };
    const answer = await preflight('/api/odd/items', headers, 'MARK3R');
    expect(answer.status).toBe(204);
    expect(JSON.stringify(answer.headers).toLowerCase()).not.toContain('mark3r');
  });

  it('never becomes a call, though the API allows OPTIONS and the header is there', async () => {
    const before = world.odd.received.length;
    const headers = { 'x-csrf': '1', cookie: cookie(), 'sec-fetch-site': 'same-origin', origin: world.app.origin };
    expectProblem(await preflight('/api/odd/any/1', headers), 403, 'origin_not_allowed');
    expect(world.odd.received.length).toBe(before);
    const own = { 'x-csrf': '1', cookie: cookie(), origin: world.app.origin };
    expect((await send(`${world.app.origin}/api/odd/any/1`, { method: 'OPTIONS', headers: own })).status).toBe(200);
  });

  it('touches no storage: it is answered where there is none, by forged cookies too', async () => {
    const storage = world.azurite.tablesConnectionString.replace(/:\d+\//, ':9/');
    const app = await world.startApp({ TABLES_CONNECTION_STRING: storage });
    const headers = { ...FROM_SIBLING, cookie: cookie() };
    for (const path of ['/api/odd/items', '/auth/session', '/auth/sessions']) {
      expect((await preflight(path, headers, 'GET', app.origin)).status).toBe(204);
      const refused = await preflight(path, { ...headers, origin: OTHER_SIBLING }, 'GET', app.origin);
      expectProblem(refused, 403, 'origin_not_allowed');
    }
    expect(app.host.lines.filter((line) => line.includes('storage.unavailable'))).toEqual([]);
    await app.host.stop();
  });

  it('is refused by default', async () => {
    const app = await world.startApp({ SIBLING_ORIGINS: undefined });
    const answer = await preflight('/api/odd/items', FROM_SIBLING, 'GET', app.origin);
    expectProblem(answer, 403, 'origin_not_allowed');
    expect(corsOf(answer)).toEqual({});
    await app.host.stop();
  });
});

describe('OPTIONS that is no preflight', () => {
  it.each(['/auth/session', '/auth/sessions'])('of %s is nothing', async (path) => {
    expectProblem(await ask(path, {}, 'OPTIONS'), 404, 'not_found');
  });
});
