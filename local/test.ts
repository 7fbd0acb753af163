/**
 * `npm test`: makes the package, finds or installs a browser, runs every test, with the hosts on what is in the package.
 * `npm run test:e2e` runs the browser's tests alone. They are never skipped: without a browser this fails and says what to
 * install.
 */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ensureChromium } from './chromium.ts';
import { type Mistake, mistakeOf, readCommandLine, runCommand } from './command-line.ts';
import { JEST } from './jest.ts';

/** One after the other; those that start storms of processes have the machine for themselves. */
const EVERYTHING = [['fast', 'contract', 'faults', 'races', 'http', 'conformance', 'browser'], ['kills']];
const BROWSER = 'e2e';
const HELP = `npm test, npm run test:e2e

Makes the package, and runs every test with what is in it, or those alone that need a browser. "npm run jest -- PATH" runs one file.

  --help  this text
`;
// Hosts and emulators are started by the hundred, each from the same files: compiled once, they start in half the time.
const COMPILED = resolve('node_modules/.cache/compiled');
const APP_ROOT = resolve('release/app');

const given = readCommandLine({ script: 'npm test', wordsMax: 1 }, process.argv.slice(2));
await runCommand(asked(given), HELP, async ({ runs }) => {
  const chromium = ensureChromium();
  if (chromium === null) {
    console.error('No browser for the browser tests: install Chromium, Chrome or Edge, or name one in CHROMIUM_PATH.');
    return 1;
  }
  // Much of the time a test waits for other processes: with a core less than there are, one would stand idle.
  const steps = [
    ['local/package.ts'],
    ...runs.map((projects) => [...JEST, '--maxWorkers=100%', '--selectProjects', ...projects]),
  ];
  for (const step of steps) {
    const { status } = spawnSync(process.execPath, step, {
      stdio: 'inherit',
      env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, APP_ROOT, CHROMIUM_PATH: chromium },
    });
    if (status !== 0) return status ?? 1;
  }
  return 0;
});

function asked(read: typeof given): { readonly runs: readonly (readonly string[])[] } | 'help' | Mistake {
  if (read === 'help' || 'mistake' in read) return read;
  const [word] = read.words;
  if (word === undefined) return { runs: EVERYTHING };
  return word === BROWSER ? { runs: [['browser']] } : mistakeOf('npm test', `"${word}" is not "${BROWSER}"`);
}
