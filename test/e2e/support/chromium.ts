import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { findChromium } from '../../../local/chromium.ts';

/** Quiet, and without a sandbox, which Chromium refuses to build for root. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
];

/** A real browser with a profile of its own. */
export interface RealBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** Starts Chromium as a person has it, or as one has it who blocks third-party cookies. */
export async function openBrowser(thirdPartyCookies: 'allowed' | 'blocked' = 'allowed'): Promise<RealBrowser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('no Chromium: run the tests by "npm test"');
  const profile = await mkdtemp(join(tmpdir(), 'exeunt-chromium-'));
  // Said either way: what a Chromium does by default depends on who built it.
  const blocked = thirdPartyCookies === 'blocked';
  const preferences = { profile: { cookie_controls_mode: blocked ? 1 : 0, block_third_party_cookies: blocked } };
  await mkdir(join(profile, 'Default'), { recursive: true });
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, { executablePath, args: ARGUMENTS, headless: true });
  context.setDefaultTimeout(15_000);
  return {
    context,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
