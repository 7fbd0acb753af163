import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage, type StageOptions } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { seeSignedIn, signIn } from './support/person.ts';

const LETTERS = 'GET /letters';
const SEALED = 'GET /letters/sealed';

describe.each<[string, StageOptions]>([
  ['Entra ID', {}],
  ['an OP of the standard', { dialect: 'standard', settings: { AUTH_PROTOCOL: 'oidc' } }],
])('an API that a person has not consented to, at %s', (_op, options) => {
  let stage: Stage;
  let browser: RealBrowser;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([raiseStage(options), openBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 30_000);

  /** A page of somebody's own, in a tab with storage of its own. */
  async function comeIn(name: string): Promise<Page> {
    const page = await browser.context.newPage();
    await browser.context.clearCookies();
    await signIn(page, stage.contoso, name);
    return page;
  }

  async function call(page: Page, route: string): Promise<void> {
    await page.getByLabel('Route').selectOption({ label: route });
    await page.getByRole('button', { name: 'Call' }).click();
  }

  const permissions = (page: Page) => page.getByRole('heading', { name: 'Permissions requested' });

  it('asks for it when it is called, leads back, and then answers, as the others still do', async () => {
    const page = await comeIn('Alice Arden');
    await call(page, LETTERS);
    await permissions(page).waitFor();
    expect(await page.getByRole('listitem').allTextContents()).toEqual(['api://mail/Mail.Read']);
    await page.getByRole('button', { name: 'Accept' }).click();
    await seeSignedIn(page, 'Alice Arden');
    expect(new URL(page.url()).origin).toBe(stage.contoso.origin);
    await call(page, LETTERS);
    await page.getByText('The rehearsal is at seven').waitFor();
    await call(page, 'GET /me');
    await page.getByText('alice@contoso.example', { exact: false }).last().waitFor();
  });

  it('stays shut to whoever declines, who stays signed in', async () => {
    const page = await comeIn('Bob Barrow');
    await call(page, LETTERS);
    await permissions(page).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'The sign-in was cancelled' }).waitFor();
    await page.getByRole('link', { name: 'Start page' }).click();
    await seeSignedIn(page, 'Bob Barrow');
  });
});

describe('an API with a claims challenge, at Entra ID', () => {
  let stage: Stage;
  let browser: RealBrowser;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([raiseStage(), openBrowser()]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.stop();
  }, 30_000);

  it('leads the person to the proof that it wants, and back, and then answers', async () => {
    const page = await browser.context.newPage();
    await signIn(page, stage.contoso, 'Carol Chen');
    const call = async () => {
      await page.getByLabel('Route').selectOption({ label: SEALED });
      await page.getByRole('button', { name: 'Call' }).click();
    };
    await call();
    await page.getByRole('button', { name: 'Accept' }).click();
    await seeSignedIn(page, 'Carol Chen');
    await call();
    await page.getByRole('heading', { name: 'Prove that it is you' }).waitFor();
    await page.getByRole('button', { name: 'It is me' }).click();
    await seeSignedIn(page, 'Carol Chen');
    await call();
    await page.getByText('For your eyes only').waitFor();
  });
});
