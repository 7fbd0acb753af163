import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { callApi, goBackTo, seeSignedIn, seeSignedOutElsewhere, signIn, signOut } from './support/person.ts';
import { storedAccounts } from './support/stored.ts';

describe('the application’s own sign-out', () => {
  let stage: Stage;
  let browser: RealBrowser;
  let page: Page;
  let secondTab: Page;

  beforeAll(async () => {
    [stage, browser] = await Promise.all([raiseStage(), openBrowser()]);
    page = await browser.context.newPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 30_000);

  it('several tabs may sign in at once, each to where it wanted to go', async () => {
    secondTab = await browser.context.newPage();
    const { origin } = stage.contoso;
    await page.goto(`${origin}/auth/signin?returnTo=${encodeURIComponent('/?tab=first')}`);
    await secondTab.goto(`${origin}/auth/signin?returnTo=${encodeURIComponent('/?tab=second')}`);
    await secondTab.getByRole('button', { name: /Alice/ }).click();
    await secondTab.waitForURL(`${origin}/?tab=second`);
    await page.getByRole('button', { name: /Alice/ }).click();
    await page.waitForURL(`${origin}/?tab=first`);
    await seeSignedIn(page, 'Alice Arden');
    expect(await storedAccounts(stage)).toHaveLength(1);
  });

  it('deletes the partition, passes the OP and ends at the signed-out page', async () => {
    await callApi(page);
    await signOut(page, stage.contoso);
    await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
    expect(await storedAccounts(stage)).toEqual([]);
    const cookies = await browser.context.cookies(stage.contoso.origin);
    expect(cookies.map(({ name }) => name)).not.toContain('__Host-session');
  });

  it('the back button shows nothing private', async () => {
    await goBackTo(page, `${stage.contoso.origin}/?tab=first`);
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await page.content()).not.toContain('Alice');
    expect(await page.content()).not.toContain('contoso.example');
  });

  it('the second tab shows nothing private', async () => {
    await secondTab.bringToFront();
    await seeSignedOutElsewhere(secondTab);
    expect(await secondTab.content()).not.toContain('Alice');
  });

  it('signing in again works at once', async () => {
    await signIn(page, stage.contoso, 'Alice Arden');
    expect(await storedAccounts(stage)).toHaveLength(1);
  });

  it('a link to the sign-out page signs nobody out by itself', async () => {
    await page.goto(`${stage.contoso.origin}/auth/signout`);
    expect(await storedAccounts(stage)).toHaveLength(1);
    await signOut(page, stage.contoso);
    expect(await storedAccounts(stage)).toEqual([]);
  });

  it('the page of telemetry shows what the applications counted', async () => {
    await page.goto(`${stage.op.origin}/telemetry`);
    const row = page.locator('#points tr', { hasText: 'exeunt.signout.outcomes' });
    await row.filter({ hasText: 'exeunt.door=own exeunt.outcome=completed' }).waitFor();
    await page.locator('#spans tr', { hasText: 'remove accounts' }).first().waitFor();
  });

  it('a form on another site signs nobody out', async () => {
    await signIn(page, stage.contoso, 'Alice Arden');
    await page.goto(`${stage.op.origin}/rows`);
    const [answer] = await Promise.all([
      page.waitForResponse(`${stage.contoso.origin}/auth/signout`),
      page.evaluate((action) => {
        const form = document.createElement('form');
        form.method = 'post';
        form.action = action;
        document.body.append(form);
        form.submit();
      }, `${stage.contoso.origin}/auth/signout`),
    ]);
    expect(answer.status()).toBe(403);
    expect(await storedAccounts(stage)).toHaveLength(1);
  });
});
