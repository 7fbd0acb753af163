import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContext, Page, Route } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import type * as Client from '../../shared/client/browser/exeunt.d.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { seeSignedIn } from './support/person.ts';
import { stopTime } from './support/stop-time.ts';
import { storedAccounts } from './support/stored.ts';

declare global {
  interface Window {
    exeunt: typeof Client;
    ends: number;
  }
}

/** Longer than any wait between two checks. */
const MINUTES = 60_000;
/** A page of the application that runs no script of its own. */
const QUIET_PAGE = '/auth/signout';

let stage: Stage;
let laptop: RealBrowser;
let phone: RealBrowser;
beforeAll(async () => {
  [stage, laptop, phone] = await Promise.all([raiseStage(), openBrowser(), openBrowser()]);
}, 60_000);
afterAll(async () => {
  await Promise.all([laptop?.close(), phone?.close()]);
  await stage?.stop();
}, 30_000);

/** A single-page application, as far as this module is concerned: a page that imports it and listens. */
async function openApp(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${stage.contoso.origin}${QUIET_PAGE}`);
  await page.evaluate(async () => {
    window.exeunt = await import('/exeunt.js' as string);
    window.ends = 0;
    window.exeunt.onSignedOut(() => {
      window.ends += 1;
    });
  });
  return page;
}

async function signIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${stage.contoso.origin}/auth/signin?prompt=select_account`);
  await page.getByRole('button', { name: /Alice/ }).click();
  await seeSignedIn(page, 'Alice Arden');
  await page.close();
  return openApp(context);
}

const who = (page: Page) => page.evaluate(async () => (await window.exeunt.session())?.user.name ?? null);
const hearsTheEnd = (page: Page) => page.waitForFunction(() => window.ends === 1);
/** As for a tab behind another one. */
const hide = (page: Page) =>
  page.evaluate(() => Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' }));
const asked = (page: Page): { count: number } => {
  const requests = { count: 0 };
  page.on('request', (request) => {
    if (request.url().endsWith('/auth/session')) requests.count += 1;
  });
  return requests;
};

describe('/exeunt.js', () => {
  it('says who is signed in, and that nobody is', async () => {
    const nobody = await openApp(laptop.context);
    expect(await who(nobody)).toBeNull();
    expect(await who(await signIn(laptop.context))).toBe('Alice Arden');
  });

  it('calls an API, and no path leads out of it', async () => {
    const page = await signIn(laptop.context);
    const me = await page.evaluate(async () => (await window.exeunt.call('graph', '/me')).json());
    expect(me).toMatchObject({ displayName: 'Alice Arden' });
    const leading = page.evaluate(() => window.exeunt.call('graph', '/../../auth/session').catch(({ name }) => name));
    expect(await leading).toBe('TypeError');
  });

  it('signs out, and every other tab hears of it at once', async () => {
    const [here, there] = [await signIn(laptop.context), await openApp(laptop.context)];
    await who(there);
    await here.evaluate(() => window.exeunt.signOut());
    await here.getByRole('heading', { name: 'You are signed out' }).waitFor();
    await hearsTheEnd(there);
    expect(await storedAccounts(stage)).toEqual([]);
  });

  it.each([
    ['this module', QUIET_PAGE, (page: Page) => page.evaluate(() => window.exeunt.signOut())],
    ['the built-in page', '/', (page: Page) => page.getByRole('button', { name: 'Sign out', exact: true }).click()],
  ] as const)(
    'hears of a sign-out by %s where nobody looks, though it was told before the session was gone',
    async (_, path, leave) => {
      const [here, there] = [await signIn(laptop.context), await openApp(laptop.context)];
      if (path === '/') await here.goto(`${stage.contoso.origin}/`);
      await who(there);
      await hide(there);
      const looksTooEarly = there.waitForResponse(/auth.session$/);
      await here.route('**/auth/signout*', async (route) => {
        await (await looksTooEarly).finished();
        await route.continue();
      });
      await leave(here);
      await hearsTheEnd(there);
    },
  );

  it('tells every listener, whatever the one before it throws, and one that was given twice until it is stopped twice', async () => {
    const page = await signIn(laptop.context);
    await page.evaluate(() => {
      window.exeunt.onSignedOut(() => {
        throw new Error('of the application');
      });
      const once = () => {
        window.ends += 10;
      };
      window.exeunt.onSignedOut(once);
      window.exeunt.onSignedOut(once)();
      window.exeunt.onSignedOut((next) => {
        if (next === null) window.ends += 100;
      });
    });
    await who(page);
    await laptop.context.clearCookies();
    expect(await who(page)).toBeNull();
    expect(await page.evaluate(() => window.ends)).toBe(111);
  });

  it('gives no answer from before the page was kept for the back button', async () => {
    const page = await signIn(laptop.context);
    await who(page);
    const keep = () => page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    const before = await page.evaluate(async () => (await fetch('/auth/session')).text());
    const late = async (route: Route) => {
      await laptop.context.clearCookies();
      await keep();
      await route.fulfill({ contentType: 'application/json', body: before });
    };
    await page.route('**/auth/session', late, { times: 1 });
    expect(await who(page)).toBeNull();
    await hearsTheEnd(page);
  });

  it('says at once that another tab signs out, also where it did not come to pass', async () => {
    const [here, there] = [await signIn(laptop.context), await openApp(laptop.context)];
    await who(there);
    await there.evaluate(() => {
      window.exeunt.onSignedOut(() => undefined, { onDoubt: () => document.body.replaceChildren('hidden') });
    });
    await here.route('**/auth/signout*', (route) => route.abort());
    await here.evaluate(() => window.exeunt.signOut());
    await there.getByText('hidden').waitFor();
    expect(await who(there)).toBe('Alice Arden');
    expect(await there.evaluate(() => window.ends)).toBe(0);
  });

  it('says who followed where a session gives way to another', async () => {
    const page = await signIn(laptop.context);
    await page.evaluate(() => {
      window.exeunt.onSignedOut((next) => {
        document.title = `followed by ${next?.user.name}`;
      });
    });
    await who(page);
    await signIn(laptop.context);
    await page.waitForFunction(() => document.title === 'followed by Alice Arden');
  });

  it('checks also where the session was found later than the listener came', async () => {
    await laptop.context.clearCookies();
    const page = await openApp(laptop.context);
    expect(await who(page)).toBeNull();
    await signIn(laptop.context);
    expect(await who(page)).toBe('Alice Arden');
    const requests = asked(page);
    await page.waitForRequest(/auth.session$/);
    expect(requests.count).toBe(1);
  });

  it('hears of a sign-out on another device at the next focus', async () => {
    const [here, there] = [await signIn(laptop.context), await signIn(phone.context)];
    await Promise.all([who(here), who(there)]);
    await here.clock.install();
    await here.evaluate(() => window.exeunt.signOut({ scope: 'account' }));
    await here.waitForURL(/signed-out/);
    await there.evaluate(() => dispatchEvent(new Event('focus')));
    await hearsTheEnd(there);
  });

  it('hears of it at the next call', async () => {
    const [here, there] = [await signIn(laptop.context), await signIn(phone.context)];
    await there.clock.install();
    await who(there);
    await here.evaluate(() => window.exeunt.signOut());
    await here.waitForURL(/signed-out/);
    expect(await there.evaluate(async () => (await window.exeunt.call('graph', '/me')).status)).toBe(401);
    await hearsTheEnd(there);
  });

  it('asks more and more rarely while nothing happens, and not at all while nobody looks', async () => {
    const page = await signIn(laptop.context);
    await stopTime(page);
    const answer = async () => (await page.waitForResponse(/auth.session$/)).finished();
    await Promise.all([answer(), page.evaluate(() => dispatchEvent(new Event('focus')))]);
    const requests = asked(page);
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      requests.count = 0;
      // The page has had its turn with the answer when it answers this.
      await page.evaluate(() => null);
      await page.clock.runFor(seconds * 1_000 - 500);
      expect(requests.count).toBe(0);
      await Promise.all([answer(), page.clock.runFor(1_000)]);
    }

    requests.count = 0;
    await hide(page);
    await page.clock.runFor(10 * MINUTES);
    expect(requests.count).toBe(0);
  });

  it('follows a claims challenge into a sign-in, and back, once', async () => {
    const page = await signIn(laptop.context);
    const claims = '{"access_token":{"nbf":{"essential":true,"value":"1"}}}';
    const signInUrl = `/auth/signin?${new URLSearchParams({ api: 'graph', claims })}`;
    await page.route('**/api/graph/me', (route) => route.fulfill({ status: 401, json: { signInUrl } }));
    const asks = page.waitForRequest((request) => request.url().includes('/auth/signin?'));
    const back = page.waitForEvent('load');
    await page.evaluate(() => window.exeunt.call('graph', '/me'));
    const { searchParams } = new URL((await asks).url());
    expect(Object.fromEntries(searchParams)).toEqual({ api: 'graph', claims, returnTo: QUIET_PAGE });
    await back;
    await page.evaluate(async () => {
      window.exeunt = await import('/exeunt.js' as string);
    });
    expect(await page.evaluate(async () => (await window.exeunt.call('graph', '/me')).status)).toBe(401);
    expect(new URL(page.url()).pathname).toBe(QUIET_PAGE);
  });

  it('follows those of two APIs one after the other, and then neither, though both are never content', async () => {
    const page = await signIn(laptop.context);
    for (const path of ['me', 'mail']) {
      const claims = JSON.stringify({ access_token: { nbf: { value: path } } });
      const signInUrl = `/auth/signin?${new URLSearchParams({ api: 'graph', claims })}`;
      await page.route(`**/api/graph/${path}`, (route) => route.fulfill({ status: 401, json: { signInUrl } }));
    }
    const followed: (string | null)[] = [];
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname === '/auth/signin') followed.push(searchParams.get('claims'));
    });
    const callBoth = () =>
      page.evaluate(async () => {
        window.exeunt = await import('/exeunt.js' as string);
        const answers = await Promise.all(['/me', '/mail'].map((path) => window.exeunt.call('graph', path)));
        return answers.map(({ status }) => status);
      });
    for (let round = 0; round < 2; round += 1) {
      const back = page.waitForEvent('load');
      // The page may be gone before it could say anything.
      await Promise.all([back, callBoth().catch(() => null)]);
    }
    expect(await callBoth()).toEqual([401, 401]);
    expect(new URL(page.url()).pathname).toBe(QUIET_PAGE);
    expect(followed.toSorted()).toEqual(
      ['mail', 'me'].map((value) => JSON.stringify({ access_token: { nbf: { value } } })),
    );
  });

  it('follows an API that wants something else each time a few times, and then no more', async () => {
    const page = await signIn(laptop.context);
    let wanted = 0;
    await page.route('**/api/graph/me', (route) => {
      wanted += 1;
      const claims = JSON.stringify({ access_token: { nbf: { value: `${wanted}` } } });
      return route.fulfill({
        status: 401,
        json: { signInUrl: `/auth/signin?${new URLSearchParams({ api: 'graph', claims })}` },
      });
    });
    const callMe = () =>
      page.evaluate(async () => {
        window.exeunt = await import('/exeunt.js' as string);
        return (await window.exeunt.call('graph', '/me')).status;
      });
    for (let round = 0; round < 5; round += 1) {
      const back = page.waitForEvent('load');
      await Promise.all([back, callMe().catch(() => null)]);
    }
    expect([await callMe(), await callMe()]).toEqual([401, 401]);
    expect(new URL(page.url()).pathname).toBe(QUIET_PAGE);
  });
});
