import { afterAll, beforeAll } from '@jest/globals';
import type { Page } from 'playwright-core';
import { raiseStage, type Stage, type StageOptions } from '../../../local/stage/stage.ts';
import { openBrowser, type RealBrowser } from './chromium.ts';
import { signIn } from './person.ts';

/** The two kinds of OP that a person may meet. */
export const DIALECTS: [string, StageOptions][] = [
  ['Entra ID', {}],
  ['an OP of the standard', { dialect: 'standard', settings: { AUTH_PROTOCOL: 'oidc' } }],
];

export interface Staged {
  readonly stage: Stage;
  readonly browser: RealBrowser;
}

/** All that `npm start` brings up, and a browser, while the tests of a `describe` run. */
export function staged(options?: StageOptions): Staged {
  let up: Staged;
  beforeAll(async () => {
    const [stage, browser] = await Promise.all([raiseStage(options), openBrowser()]);
    up = { stage, browser };
  }, 60_000);
  afterAll(async () => {
    await up?.browser.close();
    await up?.stage.stop();
  }, 30_000);
  return {
    get stage() {
      return up.stage;
    },
    get browser() {
      return up.browser;
    },
  };
}

/** A page of somebody's own, in a tab with storage of its own. */
export async function comeIn({ stage, browser }: Staged, name: string): Promise<Page> {
  const page = await browser.context.newPage();
  await browser.context.clearCookies();
  await signIn(page, stage.contoso, name);
  return page;
}

/** Has the built-in page call a route that its picker lists. */
export async function callRoute(page: Page, route: string): Promise<void> {
  await page.getByLabel('Route').selectOption({ label: route });
  await page.getByRole('button', { name: 'Call' }).click();
}
