import { describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { seeSignedIn } from './support/person.ts';
import { callRoute, comeIn, DIALECTS, staged } from './support/staged.ts';

const LETTERS = 'GET /letters';
const SEALED = 'GET /letters/sealed';

describe.each(DIALECTS)('an API that a person has not consented to, at %s', (_op, options) => {
  const here = staged(options);

  const permissions = (page: Page) => page.getByRole('heading', { name: 'Permissions requested' });

  it('asks for it when it is called, leads back, and then answers, as the others still do', async () => {
    const page = await comeIn(here, 'Alice Arden');
    await callRoute(page, LETTERS);
    await permissions(page).waitFor();
    expect(await page.getByRole('listitem').allTextContents()).toEqual(['api://mail/Mail.Read']);
    await page.getByRole('button', { name: 'Accept' }).click();
    await seeSignedIn(page, 'Alice Arden');
    expect(new URL(page.url()).origin).toBe(here.stage.contoso.origin);
    await callRoute(page, LETTERS);
    await page.getByText('The rehearsal is at seven').waitFor();
    await callRoute(page, 'GET /me');
    await page.getByText('alice@contoso.example', { exact: false }).last().waitFor();
  });

  it('stays shut to whoever declines, who stays signed in', async () => {
    const page = await comeIn(here, 'Bob Barrow');
    await callRoute(page, LETTERS);
    await permissions(page).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'The sign-in was cancelled' }).waitFor();
    await page.getByRole('link', { name: 'Start page' }).click();
    await seeSignedIn(page, 'Bob Barrow');
  });
});

describe('an API with a claims challenge, at Entra ID', () => {
  const here = staged();

  it('leads the person to the proof that it wants, and back, and then answers', async () => {
    const page = await comeIn(here, 'Carol Chen');
    const call = () => callRoute(page, SEALED);
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
