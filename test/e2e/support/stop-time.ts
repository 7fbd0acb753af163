import type { Page } from 'playwright-core';

/** Far ahead: a machine with much else to do would be past a time that is near before the page is told of it. */
const AHEAD_MILLISECONDS = 10 * 60_000;

/** From now on no time goes by in this tab but what a test lets pass, and what was asked before then has been answered. */
export async function stopTime(page: Page): Promise<void> {
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + AHEAD_MILLISECONDS);
  await page.evaluate("import('/exeunt.js').then(({ session }) => session())");
}
