import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage, type StageOptions } from '../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './support/chromium.ts';
import { seeSignedIn, signIn } from './support/person.ts';

/** As the built-in page lists it. */
const ROUTE = 'GET /me/authentication/methods (asks for more)';

describe.each<[string, StageOptions]>([
  ['Entra ID', {}],
  ['an OP of the standard', { dialect: 'standard', settings: { AUTH_PROTOCOL: 'oidc' } }],
])('a route that asks for a step-up, at %s', (_op, options) => {
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

  async function call(page: Page): Promise<void> {
    await page.getByLabel('Route').selectOption({ label: ROUTE });
    await page.getByRole('button', { name: 'Call' }).click();
  }

  /** The age has the OP ask who it is at Entra ID, where the standard's OP finds that recent enough. */
  async function pickWhereAsked(page: Page, name: string): Promise<void> {
    const proof = page.getByRole('heading', { name: 'Prove that it is you' });
    const picker = page.getByRole('heading', { name: 'Pick an account' });
    await proof.or(picker).waitFor();
    if (await picker.isVisible()) await page.getByRole('button', { name: new RegExp(name) }).click();
    await proof.waitFor();
  }

  it('leads the person to prove who they are, and back, and then is open', async () => {
    const page = await comeIn('Alice Arden');
    const session = await page.locator('[data-field=id]').textContent();
    const sent = stage.api.tokenHashes.length;
    await call(page);
    await pickWhereAsked(page, 'Alice Arden');
    // The call was refused, and the API saw no token for it.
    expect(stage.api.tokenHashes).toHaveLength(sent);
    await page.getByRole('button', { name: 'It is me' }).click();

    await seeSignedIn(page, 'Alice Arden');
    expect(new URL(page.url()).origin).toBe(stage.contoso.origin);
    expect(await page.locator('[data-field=id]').textContent()).not.toBe(session);
    await call(page);
    await page.getByText('passwordAuthenticationMethod').waitFor();
    expect(stage.api.tokenHashes).toHaveLength(sent + 1);
  });

  it('stays shut to whoever goes on without, who stays signed in as before', async () => {
    const page = await comeIn('Bob Barrow');
    const session = await page.locator('[data-field=id]').textContent();
    await call(page);
    await pickWhereAsked(page, 'Bob Barrow');
    await page.getByRole('button', { name: 'Go on without' }).click();
    await page.getByRole('heading', { name: 'The sign-in did not prove enough' }).waitFor();
    await page.getByRole('link', { name: 'Start page' }).click();
    await seeSignedIn(page, 'Bob Barrow');
    expect(await page.locator('[data-field=id]').textContent()).toBe(session);
  });
});
