import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type RunningApp, raiseWorld, type World } from '../http/support/world.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';

/** A page of the application that runs no script of its own. */
const QUIET_PAGE = '/auth/signout';
const DOT = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

let world: World;
let app: RunningApp;
let browser: RealBrowser;
/** Serves an empty page under whatever name it is asked. */
let pages: Server;
let page: Page;
/** What came with each request to it. */
const said: IncomingHttpHeaders[] = [];
/** An allowed sibling, one that is not, and another site. */
let origins: Record<'spa' | 'other' | 'fabrikam', string>;

beforeAll(async () => {
  pages = createServer(({ headers }, response) => {
    said.push(headers);
    response.writeHead(200, { 'content-type': 'text/html' }).end('<p>a page</p>');
  });
  await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
  const { port } = pages.address() as AddressInfo;
  const at = (name: string) => `http://${name}.localhost:${port}`;
  origins = { spa: at('spa.contoso'), other: at('other.contoso'), fabrikam: at('fabrikam') };
  [world, browser] = await Promise.all([raiseWorld(), openBrowser()]);
  const { odd } = world;
  const apis = {
    odd: odd.setting,
    open: { ...odd.setting, safeMethods: 'same-origin' },
    files: { ...odd.setting, safeMethods: 'same-origin-and-downloads' },
  };
  app = await world.startApp({ SIBLING_ORIGINS: origins.spa, DOWNSTREAM_APIS: JSON.stringify(apis) });
  odd.answerWith(answer);
  const person = world.newPerson();
  page = await browser.context.newPage();
  await page.goto(`${app.origin}/auth/signin`);
  await page.getByRole('button', { name: person.name }).click();
  await page.getByRole('heading', { name: person.name }).waitFor();
}, 60_000);
afterAll(async () => {
  pages?.close();
  await browser?.close();
  await world?.stop();
}, 30_000);
beforeEach(async () => {
  await page.goto('about:blank');
});

function answer({ url }: IncomingMessage, response: ServerResponse): void {
  if (url?.endsWith('/dot')) response.writeHead(200, { 'content-type': 'image/gif' }).end(DOT);
  else if (url?.endsWith('/events'))
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: 42\n\n');
  else if (url?.endsWith('/script'))
    response.writeHead(200, { 'content-type': 'text/javascript' }).end('self.ran = true; self.postMessage?.(1);');
  else response.writeHead(200, { 'content-type': 'text/html', etag: '"v1"' }).end('<h1>of the API</h1>');
}

/** What an element of the page makes of an address. */
const heard = (from: Page, url: string) =>
  from.evaluate(
    (address) =>
      new Promise<string>((resolve) => {
        const source = new EventSource(address, { withCredentials: true });
        const tell = (what: string) => {
          source.close();
          resolve(what);
        };
        source.onmessage = ({ data }) => tell(data);
        source.onerror = () => tell('error');
      }),
    url,
  );
const seen = (from: Page, url: string) =>
  from.evaluate(
    (address) =>
      new Promise<string>((resolve) => {
        const image = new Image();
        image.onload = () => resolve('loaded');
        image.onerror = () => resolve('error');
        image.src = address;
      }),
    url,
  );
interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a script of the page reads of an answer. */
const read = (from: Page, url: string, init: Asked = {}) =>
  from.evaluate(
    async ([address, more]) => {
      try {
        const got = await fetch(address, { credentials: 'include', ...more });
        return { status: got.status, etag: got.headers.get('etag'), text: await got.text() };
      } catch (error) {
        return (error as Error).name;
      }
    },
    [url, init] as const,
  );
const CSRF = { headers: { 'x-csrf': '1' } };
const calls = () => world.odd.received.length;

describe('a page of our own', () => {
  it('hears events and shows images of an API that is opened to them, and of no other', async () => {
    await page.goto(`${app.origin}${QUIET_PAGE}`);
    expect(await heard(page, `${app.origin}/api/open/items/events`)).toBe('42');
    expect(await seen(page, `${app.origin}/api/open/items/dot`)).toBe('loaded');
    const before = calls();
    expect(await heard(page, `${app.origin}/api/odd/items/events`)).toBe('error');
    expect(await seen(page, `${app.origin}/api/odd/items/dot`)).toBe('error');
    expect(calls()).toBe(before);
  });

  it('runs nothing of an API, whatever the API calls it: no script, no style, no worker', async () => {
    await page.goto(`${app.origin}${QUIET_PAGE}`);
    const before = calls();
    const made = await page.evaluate(async (url) => {
      const element = (tag: 'script' | 'link', more: object) =>
        new Promise<string>((resolve) => {
          const one = Object.assign(document.createElement(tag), more);
          one.onload = () => resolve('loaded');
          one.onerror = () => resolve('error');
          document.head.append(one);
        });
      const worker = new Promise<string>((resolve) => {
        const one = new Worker(url);
        one.onmessage = () => resolve('ran');
        one.onerror = () => resolve('error');
      });
      const service = navigator.serviceWorker.register(url).then(
        () => 'registered',
        () => 'error',
      );
      const imported = import(url).then(
        () => 'imported',
        () => 'error',
      );
      return Promise.all([
        element('script', { src: url }),
        element('script', { src: url, type: 'module' }),
        element('link', { href: url, rel: 'stylesheet' }),
        worker,
        service,
        imported,
      ]);
    }, '/api/files/items/script');
    expect(made).toEqual(Array(6).fill('error'));
    expect(await page.evaluate(() => 'ran' in window)).toBe(false);
    expect(calls()).toBe(before);
  });

  it.each([
    ['open', true],
    ['files', true],
    ['files', false],
  ])('downloads, and stays where it is: %s, by <a download>: %j', async (api, byAttribute) => {
    await page.goto(`${app.origin}${QUIET_PAGE}`);
    const download = page.waitForEvent('download');
    await page.evaluate(
      ([href, isMarked]) => {
        const link = Object.assign(document.createElement('a'), { href, ...(isMarked && { download: 'x.html' }) });
        document.body.append(link);
        link.click();
      },
      [`/api/${api}/items/1`, byAttribute] as const,
    );
    expect(await (await download).failure()).toBeNull();
    expect(page.url()).toBe(`${app.origin}${QUIET_PAGE}`);
  });

  it('that leads to an API which is not open to downloads leads to a page that says so', async () => {
    await page.goto(`${app.origin}${QUIET_PAGE}`);
    const before = calls();
    await page.evaluate(() => location.assign('/api/open/items/1'));
    await page.getByRole('heading', { name: 'This address is not a page' }).waitFor();
    expect(calls()).toBe(before);
  });

  it('cannot put an API in a frame, even where its own policy would let it', async () => {
    const bare = `${app.origin}/bare`;
    await page.route(bare, (route) => route.fulfill({ contentType: 'text/html', body: '<p>no policy</p>' }));
    await page.goto(bare);
    const before = calls();
    for (const name of ['iframe', 'object', 'embed']) {
      const refused = page.waitForResponse(/items.1$/);
      await page.evaluate((tag) => {
        const frame = document.createElement(tag);
        frame.setAttribute(tag === 'object' ? 'data' : 'src', '/api/files/items/1');
        document.body.append(frame);
      }, name);
      expect((await refused).status()).toBe(403);
    }
    expect(calls()).toBe(before);
  });
});

describe('an address under /api', () => {
  it.each(['odd', 'open', 'files'])('that somebody types in makes no call: %s', async (api) => {
    const before = calls();
    await page.goto(`${app.origin}/api/${api}/items/1`);
    await page.getByRole('heading', { name: 'This address is not a page' }).waitFor();
    expect(calls()).toBe(before);
  });
});

describe('a page of another origin', () => {
  it('is taken by this browser for the same site where it is a sibling, and with it goes the cookie', async () => {
    const sites: (string | string[] | undefined)[][] = [];
    const { port } = new URL(origins.spa);
    for (const origin of Object.values(origins)) {
      await page.goto(origin);
      // Cookies know no ports: what goes there goes to the application.
      await read(page, `http://contoso.localhost:${port}/`);
      const headers = said.at(-1) ?? {};
      sites.push([headers.origin, headers['sec-fetch-site'], headers.cookie?.replace(/=.*/, '')]);
    }
    expect(sites).toEqual([
      [origins.spa, 'same-site', '__Host-session'],
      [origins.other, 'same-site', '__Host-session'],
      [origins.fabrikam, 'cross-site', undefined],
    ]);
  });

  it.each(['spa', 'other', 'fabrikam'] as const)('hears and sees nothing of an open API: %s', async (name) => {
    await page.goto(origins[name]);
    const before = calls();
    expect(await heard(page, `${app.origin}/api/open/items/events`)).toBe('error');
    expect(await seen(page, `${app.origin}/api/open/items/dot`)).toBe('error');
    await page.evaluate((url) => location.assign(url), `${app.origin}/api/files/items/1`);
    await page.getByRole('heading', { name: 'The request came from another site' }).waitFor();
    expect(calls()).toBe(before);
  });

  it('calls an API and reads the session where it is an allowed sibling', async () => {
    await page.goto(origins.spa);
    expect(await read(page, `${app.origin}/api/odd/items/1`, CSRF)).toEqual({
      status: 200,
      etag: '"v1"',
      text: '<h1>of the API</h1>',
    });
    const post = { method: 'POST', body: '{}', headers: { 'x-csrf': '1', 'content-type': 'application/json' } };
    expect(await read(page, `${app.origin}/api/odd/items`, post)).toMatchObject({ status: 200 });
    expect(await read(page, `${app.origin}/auth/session`)).toMatchObject({ status: 200 });
    expect(await read(page, `${app.origin}/auth/sessions`)).toMatchObject({ status: 200 });
    expect(await read(page, `${app.origin}/api/odd/items/1`)).toMatchObject({ status: 403 });
  });

  it.each(['other', 'fabrikam'] as const)('calls and reads nothing where it is not allowed: %s', async (name) => {
    await page.goto(origins[name]);
    const before = calls();
    for (const path of ['/api/odd/items/1', '/api/open/items/1', '/auth/session', '/auth/sessions']) {
      expect(await read(page, `${app.origin}${path}`, CSRF)).toBe('TypeError');
      expect(await read(page, `${app.origin}${path}`)).toBe('TypeError');
    }
    expect(calls()).toBe(before);
  });

  it.each(['spa', 'other', 'fabrikam'] as const)('ends nothing: %s', async (name) => {
    await page.goto(origins[name]);
    const end = { method: 'DELETE', ...CSRF };
    expect(await read(page, `${app.origin}/auth/sessions/${'0'.repeat(32)}`, end)).toBe('TypeError');
    await page.evaluate((action) => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action });
      document.body.append(form);
      form.submit();
    }, `${app.origin}/auth/signout`);
    await page.getByRole('heading', { name: 'The request came from another site' }).waitFor();
    await page.goto(`${app.origin}${QUIET_PAGE}`);
    expect(await read(page, `${app.origin}/auth/session`)).toMatchObject({ status: 200 });
  });
});
