import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { seeSignedIn, seeSignedOutElsewhere, signIn } from './support/person.ts';
import { stopTime } from './support/stop-time.ts';

const DOCUMENT = join(import.meta.dirname, '../../docs/client.md');

let stage: Stage;
let browser: RealBrowser;
/** Of other devices, for one test. */
const others: RealBrowser[] = [];
beforeAll(async () => {
  [stage, browser] = await Promise.all([raiseStage(), openBrowser()]);
}, 60_000);
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  for (const page of browser.context.pages()) await page.close();
  await browser.context.clearCookies();
});
afterAll(async () => {
  await browser?.close();
  await stage?.stop();
}, 30_000);

const pressSignOut = (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true }).click();

describe('the built-in page', () => {
  it('without the client module, which may not have come, offers to sign in and out after a while', async () => {
    const page = await browser.context.newPage();
    await page.route('**/exeunt.js', (route) => route.abort());
    await page.goto(`${stage.contoso.origin}/`);
    const way = page.getByRole('link', { name: 'Sign in' });
    const offers = [way, page.getByRole('button', { name: 'Sign out' })];
    for (const offer of offers) expect(await offer.isVisible()).toBe(false);
    await page.evaluate(() => {
      for (const animation of document.getAnimations()) animation.finish();
    });
    for (const offer of offers) expect(await offer.isVisible()).toBe(true);
    await way.click();
    await page.getByRole('button', { name: /Alice Arden/ }).waitFor();
  });
});

describe('another tab of the built-in page', () => {
  async function twoTabs(): Promise<{ here: Page; there: Page }> {
    const here = await browser.context.newPage();
    await signIn(here, stage.contoso, 'Alice Arden');
    const there = await browser.context.newPage();
    await there.goto(`${stage.contoso.origin}/`);
    await seeSignedIn(there, 'Alice Arden');
    return { here, there };
  }

  it('notices a sign-out because it is told, without a check of its own', async () => {
    const { here, there } = await twoTabs();
    await stopTime(there);
    await pressSignOut(here);
    await seeSignedOutElsewhere(there);
    expect(await there.content()).not.toContain('Alice');
  });

  it('that nobody looks at is blank at once when told, though it can ask nobody whether it is so', async () => {
    const { here, there } = await twoTabs();
    await there.evaluate(() => {
      Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await there.route('**/auth/session', (route) => route.abort());
    await pressSignOut(here);
    await there.getByRole('heading', { name: 'One moment' }).waitFor();
    expect(await there.content()).not.toContain('Alice');
  });

  it.each([
    ['an API call finds no session', (page: Page) => page.getByRole('button', { name: 'Call' }).click()],
    ['it is looked at again', (page: Page) => page.evaluate(() => dispatchEvent(new Event('focus')))],
  ])('notices when %s', async (_what, act) => {
    const { there } = await twoTabs();
    await stopTime(there);
    await browser.context.clearCookies();
    await act(there);
    await seeSignedOutElsewhere(there);
    expect(await there.content()).not.toContain('Alice');
  });

  it('notices when it is to end a session on another device, and has none itself', async () => {
    const phone = await openBrowser();
    others.push(phone);
    await signIn(await phone.context.newPage(), stage.contoso, 'Alice Arden');
    const { there } = await twoTabs();
    // What other tests here left behind is on the list too.
    const end = there.getByRole('button', { name: /^End the session on / }).first();
    await end.waitFor();
    await stopTime(there);
    await browser.context.clearCookies();
    await end.click();
    await seeSignedOutElsewhere(there);
    expect(await there.content()).not.toContain('Alice');
  });
});

describe('the application in plain JavaScript that the documentation shows', () => {
  /** The example, word for word, as a page of the application. */
  async function openExample(): Promise<Page> {
    const [, example = ''] = /```html\n([\s\S]*?)```/.exec(await readFile(DOCUMENT, 'utf8')) ?? [];
    const page = await browser.context.newPage();
    await page.route('**/?example', (route) =>
      route.fulfill({ contentType: 'text/html; charset=utf-8', body: example }),
    );
    await page.goto(`${stage.contoso.origin}/?example`);
    return page;
  }

  it('leads to the sign-in where nobody is signed in, and is there again afterwards', async () => {
    const app = await openExample();
    await app.getByText('Nobody is signed in.').waitFor();
    const here = app.url();
    await app.getByRole('button', { name: 'Sign in' }).click();
    await app.getByRole('button', { name: /Alice/ }).click();
    await app.waitForURL(here);
    // What a redirect leads to comes from the host, which has a page of its own there.
    await app.reload();
    await app.getByText('Alice Arden').waitFor();
  });

  it('calls an API, and hears of a sign-out by the built-in page', async () => {
    const other = await browser.context.newPage();
    await signIn(other, stage.contoso, 'Alice Arden');
    const app = await openExample();
    await app.getByText('Alice Arden').waitFor();
    await stopTime(app);
    await pressSignOut(other);
    await app.getByText('You are signed out.').waitFor();
  });

  it('signs out, and the built-in page hears of it', async () => {
    const other = await browser.context.newPage();
    await signIn(other, stage.contoso, 'Alice Arden');
    const app = await openExample();
    await app.getByText('Alice Arden').waitFor();
    await stopTime(other);
    await app.getByRole('button', { name: 'Sign out' }).click();
    await seeSignedOutElsewhere(other);
  });
});
