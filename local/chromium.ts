import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';

const INSTALLED_AT = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The browser that tests drive: `CHROMIUM_PATH`, else the first one installed where systems install them; null for none. */
export function findChromium(): string | null {
  const candidates = [process.env.CHROMIUM_PATH, ...INSTALLED_AT];
  return candidates.find((path) => path !== undefined && isExecutable(path)) ?? null;
}

/** Finds a browser, or installs Debian's where that is the system and the user may. Null where neither works. */
export function ensureChromium(): string | null {
  const found = findChromium();
  if (found !== null) return found;
  const mayInstall = existsSync('/etc/debian_version') && process.getuid?.() === 0;
  if (!mayInstall) return null;
  console.log('Installing Chromium for the browser tests (apt-get install chromium) …');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
    spawnSync('apt-get', ['-qq', ...command], { stdio: ['ignore', 'ignore', 'inherit'], env: environment });
  }
  return findChromium();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
