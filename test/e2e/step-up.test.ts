import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seeSignedIn } from './support/person.ts';
import { callRoute, comeIn, DIALECTS, staged } from './support/staged.ts';

/** As the built-in page lists it. */
const ROUTE = 'GET /me/authentication/methods (asks for more)';

describe.each(DIALECTS)('a route that asks for a step-up, at %s', (_op, options) => {
  const here = staged(options);

  /** The age has the OP ask who it is at Entra ID, where the standard's OP finds that recent enough. */
  async function pickWhereAsked(page: Page, name: string): Promise<void> {
    const proof = page.getByRole('heading', { name: 'Prove that it is you' });
    const picker = page.getByRole('heading', { name: 'Pick an account' });
    await proof.or(picker).waitFor();
    if (await picker.isVisible()) await page.getByRole('button', { name: new RegExp(name) }).click();
    await proof.waitFor();
  }

  it('leads the person to prove who they are, and back, and then is open', async () => {
    const page = await comeIn(here, 'Alice Arden');
    const session = await page.locator('[data-field=id]').textContent();
    const sent = here.stage.api.tokenHashes.length;
    await callRoute(page, ROUTE);
    await pickWhereAsked(page, 'Alice Arden');
    // The call was refused, and the API saw no token for it.
    expect(here.stage.api.tokenHashes).toHaveLength(sent);
    await page.getByRole('button', { name: 'It is me' }).click();

    await seeSignedIn(page, 'Alice Arden');
    expect(new URL(page.url()).origin).toBe(here.stage.contoso.origin);
    expect(await page.locator('[data-field=id]').textContent()).not.toBe(session);
    await callRoute(page, ROUTE);
    await page.getByText('passwordAuthenticationMethod').waitFor();
    expect(here.stage.api.tokenHashes).toHaveLength(sent + 1);
  });

  it('stays shut to whoever goes on without, who stays signed in as before', async () => {
    const page = await comeIn(here, 'Bob Barrow');
    const session = await page.locator('[data-field=id]').textContent();
    await callRoute(page, ROUTE);
    await pickWhereAsked(page, 'Bob Barrow');
    await page.getByRole('button', { name: 'Go on without' }).click();
    await page.getByRole('heading', { name: 'The sign-in did not prove enough' }).waitFor();
    await page.getByRole('link', { name: 'Start page' }).click();
    await seeSignedIn(page, 'Bob Barrow');
    expect(await page.locator('[data-field=id]').textContent()).toBe(session);
  });
});
