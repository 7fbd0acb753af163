import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { seeSignedOutElsewhere, signIn, signInSilently } from './support/person.ts';
import { storedAccounts } from './support/stored.ts';

const sessions = (page: Page) => page.getByRole('list', { name: 'Your sessions' }).getByRole('listitem');
const endButton = (page: Page) => page.getByRole('button', { name: /^End the session on Chrome on .*, signed in / });

describe('one person on two devices', () => {
  let stage: Stage;
  let [laptop, phone]: RealBrowser[] = [];
  let laptopPage: Page;
  let phonePage: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    [stage, laptop, phone] = await Promise.all([raiseStage(), openBrowser(), openBrowser()]);
    laptopPage = await laptop.context.newPage();
    phonePage = await phone.context.newPage();
    for (const page of [laptopPage, phonePage]) {
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (/Content Security Policy/.test(message.text())) problems.push(message.text());
      });
    }
  }, 60_000);

  afterAll(async () => {
    await Promise.all([laptop?.close(), phone?.close()]);
    await stage?.stop();
  }, 30_000);

  it('the list is new when somebody looks at the page again: both sessions, its own marked and without a button', async () => {
    await signIn(laptopPage, stage.contoso, 'Alice Arden');
    await sessions(laptopPage).first().waitFor();
    await signIn(phonePage, stage.contoso, 'Alice Arden');
    await laptopPage.evaluate(() => dispatchEvent(new Event('focus')));
    for (const page of [laptopPage, phonePage]) {
      await sessions(page).nth(1).waitFor();
      expect(await sessions(page).count()).toBe(2);
      expect(await page.getByText('This one').filter({ visible: true }).count()).toBe(1);
      expect(await endButton(page).count()).toBe(1);
    }
  });

  it('ends the other by the keyboard alone: the list is shorter, is said so, and keeps the focus near', async () => {
    await endButton(laptopPage).focus();
    await laptopPage.keyboard.press('Enter');
    await sessions(laptopPage).nth(1).waitFor({ state: 'detached' });
    expect(await laptopPage.getByRole('status').textContent()).toBe('That session has ended.');
    expect(await laptopPage.evaluate(() => document.activeElement?.textContent)).toBe('Your sessions');
    expect(await sessions(laptopPage).count()).toBe(1);
  });

  it('the other device notices at its next look, and shows nothing private', async () => {
    await phonePage.bringToFront();
    await seeSignedOutElsewhere(phonePage);
    expect(await phonePage.content()).not.toContain('Alice');
    expect(await storedAccounts(stage)).toHaveLength(1);
  });

  it('signing out here only leaves the other device in', async () => {
    await signInSilently(phonePage, stage.contoso, 'Alice Arden');
    await phonePage.getByRole('button', { name: 'Sign out here only' }).click();
    await phonePage.waitForURL(`${stage.contoso.origin}/auth/signed-out**`);
    expect(await storedAccounts(stage)).toHaveLength(1);
    await laptopPage.reload();
    await sessions(laptopPage).first().waitFor();
    expect(await sessions(laptopPage).count()).toBe(1);
  });

  it('no script broke, and the policy of the page forbade nothing that it does', () => {
    expect(problems).toEqual([]);
  });
});
