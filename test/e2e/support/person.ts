import type { Page } from 'playwright-core';
import type { StagedApplication } from '../../../local/stage/applications.ts';

/** Opens an application's page and signs in through the OP's account picker. */
export async function signIn(page: Page, { origin }: StagedApplication, name: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: new RegExp(name) }).click();
  await seeSignedIn(page, name);
}

/** Signs in where the OP knows the person already: nothing is asked. */
export async function signInSilently(page: Page, { origin }: StagedApplication, name: string): Promise<void> {
  await page.goto(`${origin}/`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await seeSignedIn(page, name);
}

export async function seeSignedIn(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name }).waitFor();
}

/** Presses "Call" for the route that the picker shows, and gives what the page then shows. */
export async function callApi(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Call' }).click();
  const response = page.locator('pre');
  await response.waitFor();
  return (await response.textContent()) ?? '';
}

/** Presses "Sign out" and waits until the OP has sent the browser back. */
export async function signOut(page: Page, { origin }: StagedApplication): Promise<void> {
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.waitForURL(`${origin}/auth/signed-out**`);
}

/** The page has noticed that its session was ended elsewhere, and says so. */
export async function seeSignedOutElsewhere(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  await page.getByRole('paragraph').filter({ hasText: 'You were signed out in another application' }).waitFor();
}

/** Goes back in the tab's history to where it was at `url`, as the list behind a held back button does. */
export async function goBackTo(page: Page, url: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send('Page.getNavigationHistory');
  const entry = entries.findLast((visited) => visited.url === url);
  if (!entry) throw new Error('the tab has never been there');
  await session.send('Page.navigateToHistoryEntry', { entryId: entry.id });
  await page.waitForURL(url);
}
