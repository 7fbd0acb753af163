import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { signIn, signOut } from './support/person.ts';
import { storedAccounts } from './support/stored.ts';

describe('the application’s own sign-out, told to the OP by an ID token', () => {
  let stage: Stage;
  let browser: RealBrowser;
  let page: Page;
  const addresses: string[] = [];

  beforeAll(async () => {
    [stage, browser] = await Promise.all([raiseStage({ settings: { SIGNOUT_HINT: 'id_token' } }), openBrowser()]);
    page = await browser.context.newPage();
    page.on('request', (request) => addresses.push(request.url()));
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 30_000);

  it('passes the OP by itself, ends its session there and comes back', async () => {
    await signIn(page, stage.contoso, 'Alice Arden');
    await signOut(page, stage.contoso);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await storedAccounts(stage)).toEqual([]);
    expect(addresses.some((address) => new URL(address).pathname.endsWith('/oauth2/v2.0/logout'))).toBe(true);
    expect(addresses.filter((address) => /id_token_hint|eyJ/.test(address))).toEqual([]);
    await page.goto(`${stage.contoso.origin}/auth/signin?prompt=none`);
    await page.getByRole('heading', { name: 'The sign-in service needs you' }).waitFor();
  });

  it('leaves no page in the history that had the token', async () => {
    const session = await browser.context.newCDPSession(page);
    const { entries } = await session.send('Page.getNavigationHistory');
    const been = entries.map(({ url }) => new URL(url).pathname);
    expect(been).toContain('/auth/signed-out');
    expect(been).not.toContain('/auth/signout');
  });

  it('works by its button where no script runs', async () => {
    const plain = await openBrowser();
    try {
      const tab = await plain.context.newPage();
      await tab.route('**/assets/leave.js', (route) => route.abort());
      await signIn(tab, stage.contoso, 'Alice Arden');
      await tab.getByRole('button', { name: 'Sign out', exact: true }).click();
      await tab.getByRole('button', { name: 'Go on to sign out at the sign-in service' }).click();
      await tab.waitForURL(`${stage.contoso.origin}/auth/signed-out**`);
      expect(await storedAccounts(stage)).toEqual([]);
    } finally {
      await plain.close();
    }
  });
});
