import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type RunningApp, raiseWorld, type World } from '../http/support/world.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { signIn } from './support/person.ts';

let world: World;
let app: RunningApp;
let browser: RealBrowser;
let page: Page;
/** Told of by scripts of the page, by `tell`. */
let told: (what: string) => void = () => {};

beforeAll(async () => {
  [world, browser] = await Promise.all([raiseWorld(), openBrowser()]);
  const apis = { odd: { ...world.odd.setting, safeMethods: 'same-origin' } };
  app = await world.startApp({ DOWNSTREAM_APIS: JSON.stringify(apis) });
  await browser.context.exposeFunction('tell', (what: string) => told(what));
  page = await browser.context.newPage();
  await signIn(page, app, world.newPerson().name);
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await world?.stop();
}, 30_000);
beforeEach(async () => {
  await page.goto(`${app.origin}/auth/signout`);
});

/** Of the next call: when it has come, and when nobody waits for its answer any more. */
function nextCall(begin: (response: ServerResponse) => void) {
  const arrived = Promise.withResolvers<ServerResponse>();
  const closed = Promise.withResolvers<void>();
  world.odd.answerWith((_request, response) => {
    response.once('close', closed.resolve);
    begin(response);
    arrived.resolve(response);
  });
  return { arrived: arrived.promise, closed: closed.promise };
}

/** What the page says next. */
const nextTold = () =>
  new Promise<string>((resolve) => {
    told = resolve;
  });

/** Reads an answer in the page, and says what came of it; `abort` of the page's window ends it. */
const readInPage = (from: Page) =>
  from.evaluate((url) => {
    const { tell } = window as unknown as { tell(what: string): void };
    const controller = new AbortController();
    Object.assign(window, { abort: () => controller.abort() });
    void (async () => {
      try {
        const { body } = await fetch(url, { headers: { 'x-csrf': '1' }, signal: controller.signal });
        const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
        for (let piece = await reader?.read(); piece?.value !== undefined; piece = await reader?.read())
          tell(piece.value);
        tell('whole');
      } catch (error) {
        tell((error as Error).name);
      }
    })();
  }, `${app.origin}/api/odd/items/1`);

describe('a page that aborts its fetch', () => {
  it('before the answer has begun aborts the call of the API', async () => {
    const { arrived, closed } = nextCall(() => undefined);
    await readInPage(page);
    await arrived;
    const said = nextTold();
    await page.evaluate('abort()');
    await closed;
    expect(await said).toBe('AbortError');
  });

  it('in the middle of the answer aborts the call of the API', async () => {
    const first = nextTold();
    const { closed } = nextCall((response) => response.write('first'));
    await readInPage(page);
    expect(await first).toBe('first');
    await page.evaluate('abort()');
    await closed;
  });
});

it('a tab that is closed in the middle of an answer ends the call of the API', async () => {
  const tab = await browser.context.newPage();
  await tab.goto(`${app.origin}/auth/signout`);
  const first = nextTold();
  const { closed } = nextCall((response) => response.write('first'));
  await readInPage(tab);
  await first;
  await tab.close();
  await closed;
});

it('an answer that breaks off at the API is an error in the page, after what came', async () => {
  const first = nextTold();
  const { arrived } = nextCall((response) => response.write('first'));
  await readInPage(page);
  expect(await first).toBe('first');
  const last = nextTold();
  (await arrived).destroy();
  expect(await last).toBe('TypeError');
});

it('an EventSource opens before the first event, and hears each before the next is sent', async () => {
  const opened = nextTold();
  const { arrived, closed } = nextCall((response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
  );
  await page.evaluate((url) => {
    const { tell } = window as unknown as { tell(what: string): void };
    const source = new EventSource(url);
    Object.assign(window, { source });
    source.onopen = () => tell('open');
    source.onmessage = ({ data }) => tell(data);
  }, `${app.origin}/api/odd/items/1`);
  const response = await arrived;
  expect(await opened).toBe('open');
  for (const event of ['1', '2', '3']) {
    const heard = nextTold();
    response.write(`data: ${event}\n\n`);
    expect(await heard).toBe(event);
  }
  await page.evaluate('source.close()');
  await closed;
});
