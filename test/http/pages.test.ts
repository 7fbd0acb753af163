import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem, policy } from './support/headers.ts';
import { signIn } from './support/sign-in.ts';
import { send } from './support/wire.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
/** Every route with the methods that it takes. */
const ROUTES: readonly (readonly [string, readonly string[]])[] = [
  ['/', ['GET']],
  ['/auth/signin', ['GET']],
  ['/auth/callback', ['GET', 'POST']],
  ['/auth/session', ['GET']],
  ['/auth/sessions', ['GET']],
  ['/auth/sessions/0', ['DELETE']],
  ['/auth/signout', ['GET', 'POST']],
  ['/auth/signed-out', ['GET']],
  ['/auth/signout-callback', ['GET']],
  ['/assets/page.css', ['GET']],
  ['/health', ['GET']],
  ['/health/ready', ['GET']],
];

const world = localWorld();

describe('GET /', () => {
  it('is a page whose forms may lead to the OP and nowhere else', async () => {
    const answer = await new Browser().navigate(`${world.app.origin}/`);
    expectPage(answer, 200, 'One moment', policy([new URL(world.op.issuer).origin]));
  });

  it('has no inline script or style, which its policy would not run', async () => {
    const { text } = await send(`${world.app.origin}/`);
    expect(text).not.toMatch(/<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:/i);
    for (const [, path] of text.matchAll(/(?:src|href)="(\/(?:assets\/|exeunt)[^"]+)"/g)) {
      expect((await send(`${world.app.origin}${path}`)).status).toBe(200);
    }
  });

  it('is the same bytes for everybody, signed in or not', async () => {
    const browser = new Browser();
    const before = await browser.navigate(`${world.app.origin}/`);
    await signIn(browser, world.app, world.newPerson());
    expect((await browser.navigate(`${world.app.origin}/`)).bytes).toEqual(before.bytes);
  });

  it('can be turned off, and then nothing is there', async () => {
    const app = await world.startApp({ HOME_PAGE: 'off' });
    expectProblem(await send(`${app.origin}/`), 404, 'not_found');
    expectPage(await new Browser().navigate(`${app.origin}/`), 404, 'There is nothing here');
    expect((await send(`${app.origin}/auth/signin`)).status).toBe(302);
    for (const file of ['exeunt.js', 'exeunt.d.ts']) expect((await send(`${app.origin}/${file}`)).status).toBe(200);
    await app.host.stop();
  });

  it('bears the name that the application was given, as text', async () => {
    const app = await world.startApp({ APPLICATION_NAME: 'Tom & <b>Jerry</b>' });
    const { text } = await send(`${app.origin}/`);
    expect(text).toContain('<title>Tom &amp; &lt;b&gt;Jerry&lt;/b&gt;</title>');
    expect(text).not.toContain('<b>Jerry');
    await app.host.stop();
  });

  it('comes without the OP too', async () => {
    const app = await world.startApp({
      AUTH_METADATA_URL: 'http://127.0.0.1:9/',
      AUTH_AUTHORITY: 'https://op.example',
    });
    // Where the OP should be: the page may outlive the outage, and its sign-out form then leads there.
    const where = policy(['https://op.example', 'http://127.0.0.1:9']);
    expectPage(await new Browser().navigate(`${app.origin}/`), 200, 'One moment', where);
    await app.host.stop();
  });
});

describe('GET /assets/{file}', () => {
  it.each([
    ['page.css', 'text/css; charset=utf-8'],
    ['page.js', 'text/javascript; charset=utf-8'],
    ['icon.svg', 'image/svg+xml'],
  ])('%s is %s, kept by browsers as long as it is the same', async (file, contentType) => {
    const answer = await send(`${world.app.origin}/assets/${file}`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': contentType,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      etag: expect.stringMatching(/^"[\w-]{43}"$/),
    });
    expect(answer.bytes.length).toBeGreaterThan(100);
    const headers = { 'if-none-match': answer.headers.etag ?? '' };
    const again = await send(`${world.app.origin}/assets/${file}`, { headers });
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', answer.headers.etag]);
  });

  it.each(['nothing.js', '__proto__', 'constructor', '..%2fpackage.json', '%2e%2e%5cpackage.json', 'page.CSS'])(
    '%s is not there',
    async (file) => {
      expectProblem(await send(`${world.app.origin}/`, { target: `/assets/${file}` }), 404, 'not_found');
    },
  );
});

describe('what no function serves', () => {
  it.each([
    '/nothing',
    '/auth',
    '/auth/nothing',
    '/assets',
    '/index.html',
    '/.env',
    '/host.json',
    '/admin/host/status',
  ])('%s is 404', async (path) => {
    expect((await send(`${world.app.origin}${path}`)).status).toBe(404);
  });

  it.each(ROUTES)('%s takes %j and no other method', async (path, taken) => {
    for (const method of METHODS.filter((each) => !taken.includes(each))) {
      const answer = await send(`${world.app.origin}${path}`, { method });
      expect(`${method} ${answer.status}`).toBe(`${method} ${path === '/' ? 204 : 404}`);
    }
  });
});

describe('a query parameter that would take the place of the headers', () => {
  it.each(ROUTES)('is refused at %s', async (path, [method = '']) => {
    const answer = await send(`${world.app.origin}${path}?HEADERS=x`, { method });
    if (path === '/health') expect(answer.status).toBe(200);
    else expectProblem(answer, 400, 'query_parameter_forbidden');
  });
});
