import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { type Sent, send } from './support/wire.ts';

const CSRF = { 'x-csrf': '1' };

const world = localWorld();
let browser: Browser;
beforeAll(async () => {
  ({ browser } = await bringIn(world));
});
beforeEach(() => world.odd.answerWith((_request, response) => response.writeHead(200).end()));

const call = (path: string, { headers, ...sent }: Sent = {}) =>
  browser.fetch(`${world.app.origin}/api${path}`, { ...sent, headers: { ...CSRF, ...headers } });

describe('a call that is not let through', () => {
  const arrivals = () => world.odd.received.length + world.api.tokenHashes.length;

  it.each([
    ['missing', {}],
    ['empty', { 'x-csrf': '' }],
    ['another value', { 'x-csrf': 'true' }],
    ['given twice', { 'x-csrf': '1, 1' }],
  ])('for its header x-csrf: %s', async (_what, headers) => {
    const before = arrivals();
    const answer = await browser.fetch(`${world.app.origin}/api/graph/me`, { headers });
    expectProblem(answer, 403, 'csrf_header_missing');
    expect(arrivals()).toBe(before);
  });

  it.each([
    ['Origin of another site', { origin: 'https://evil.example' }],
    ['Origin null', { origin: 'null' }],
    ['Sec-Fetch-Site of another site', { 'sec-fetch-site': 'cross-site' }],
    ['Sec-Fetch-Site of a sibling', { 'sec-fetch-site': 'same-site' }],
  ])('for where it comes from: %s', async (_what, headers) => {
    const before = arrivals();
    expectProblem(await call('/graph/me', { headers }), 403, 'cross_site');
    expect(arrivals()).toBe(before);
  });

  it.each(['/nowhere/me', '/GRAPH/me', '/__proto__/me', '/constructor/me', '/graph%20/me'])(
    'for its API: %s is unknown',
    async (path) => {
      expectProblem(await call(path), 404, 'api_unknown');
    },
  );

  it.each([
    ['GET', '/graph/users'],
    ['GET', '/graph/me/photo'],
    ['GET', '/graph/ME'],
    ['GET', '/graph'],
    ['POST', '/graph/me'],
    ['HEAD', '/graph/me'],
    ['DELETE', '/odd/items/1'],
    ['GET', '/odd/items/1/2'],
  ])('for its route: %s %s is not open', async (method, path) => {
    const before = arrivals();
    const answer = await call(path, { method });
    if (method === 'HEAD') expect(answer.status).toBe(403);
    else expectProblem(answer, 403, 'route_not_allowed');
    expect(arrivals()).toBe(before);
  });

  it.each([
    '/odd/items/..%2fsecret',
    '/odd/items/%2e%2e%2fsecret',
    '/odd/items%2f1',
    '/odd/items/%5c1',
    '/odd/items//1',
    '/odd/items/1/',
    '/odd/items/%252e%252e',
    '/odd/items/1;x=y',
    '/odd/items/..;/secret',
    '/odd/items/%0d%0ax',
    '/odd/items/%c0%ae',
    '/odd/items/%zz',
    '/odd/items/%09',
    '/odd//evil.example/any',
  ])('for its path: %s', async (path) => {
    const before = arrivals();
    const answer = await call('', { target: `/api${path}` });
    expectProblem(answer, 400, 'api_path_invalid');
    expect(answer.text).not.toContain('secret');
    expect(arrivals()).toBe(before);
  });

  it.each(['/odd/items/../../secret', '/odd/items/%2e%2e/%2e%2e/secret', '/odd/any/../../..//evil'])(
    'and leaves neither its API nor the base path by dots: %s',
    async (path) => {
      const before = arrivals();
      const answer = await call('', { target: `/api${path}` });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(arrivals()).toBe(before);
    },
  );

  it.each(['Headers', 'hea%64ers', 'HEADER%C5%BF'])(
    'for a query parameter that would take the place of the headers: %s',
    async (name) => {
      expectProblem(await call(`/graph/me?${name}=x`), 400, 'query_parameter_forbidden');
    },
  );

  it('without a session says where to sign in', async () => {
    const answer = await new Browser().fetch(`${world.app.origin}/api/graph/me`, { headers: CSRF });
    expect(expectProblem(answer, 401, 'session_required')).toMatchObject({ signInUrl: '/auth/signin' });
  });

  it('is told to a person on a page', async () => {
    expectPage(await browser.navigate(`${world.app.origin}/api/graph/me`), 403, 'This address is not a page');
  });
});

describe('an API that fails', () => {
  it.each([301, 302, 303, 307, 308])(
    'by a redirect (%d) to elsewhere is not followed, and not shown',
    async (status) => {
      const before = world.odd.received.length;
      world.odd.answerWith((_request, response) =>
        response.writeHead(status, { location: `${world.odd.origin}/elsewhere/mark3r-31` }).end(),
      );
      const answer = await call('/odd/items/1');
      expectProblem(answer, 502, 'api_answer_refused');
      expect(answer.text + JSON.stringify(answer.headers)).not.toContain('mark3r-31');
      expect(world.odd.received.length).toBe(before + 1);
    },
  );

  it.each([600, 999])('by a status that is none: %d', async (status) => {
    world.odd.answerWith((_request, response) => response.writeHead(status).end('mark3r-32'));
    const answer = await call('/odd/items/1');
    expectProblem(answer, 502, 'api_answer_refused');
    expect(answer.text).not.toContain('mark3r-32');
  });

  it('by closing the connection', async () => {
    world.odd.answerWith((request) => request.socket.destroy());
    expectProblem(await call('/odd/items/1'), 502, 'api_unreachable');
  });

  it('by not being there', async () => {
    const apis = { odd: { ...world.odd.setting, baseUrl: 'http://127.0.0.1:9' } };
    const app = await world.startApp({ DOWNSTREAM_APIS: JSON.stringify(apis) });
    const visitor = await bringIn(world, world.newPerson(), app);
    const answer = await visitor.browser.fetch(`${app.origin}/api/odd/items/1`, { headers: CSRF });
    expectProblem(answer, 502, 'api_unreachable');
    expect(answer.text).not.toContain('127.0.0.1');
    await app.host.stop();
  });

  it('with 401 of its own is heard: the API speaks, not this application', async () => {
    world.odd.answerWith((_request, response) =>
      response.writeHead(401, { 'www-authenticate': 'Bearer', 'content-type': 'text/plain' }).end('not you'),
    );
    const answer = await call('/odd/items/1');
    expect([answer.status, answer.text]).toEqual([401, 'not you']);
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
  });
});

describe('anything under /api', () => {
  it('that no function serves is nothing', async () => {
    expect((await send(`${world.app.origin}/api`)).status).toBe(404);
  });
});
