/** `npm run kills`: hosts killed at length, with a report; `npm test` kills a few. */
import { spawnSync } from 'node:child_process';

/** Of each of the three kinds of storm. */
const AT_LENGTH = { KILLS: '75', KILLS_REPORT: '1' };

const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
for (const step of [['local/build.ts'], [...jest, '--selectProjects', 'kills']]) {
  const { status } = spawnSync(process.execPath, step, { stdio: 'inherit', env: { ...AT_LENGTH, ...process.env } });
  process.exitCode = status ?? 1;
  if (status !== 0) break;
}
