/** `npm run kills`: hosts killed at length, with a report; `npm test` kills a few. */
import { spawnSync } from 'node:child_process';
import { readCommandLine, runCommand } from './command-line.ts';
import { JEST } from './jest.ts';

/** Of each of the three kinds of storm. */
const AT_LENGTH = { KILLS: '75', KILLS_REPORT: '1' };

const HELP = `npm run kills

Builds, and ends hosts by kill -9 in storms of sign-outs, sign-ins and refreshes; KILLS says how many of each kind (${AT_LENGTH.KILLS}).

  --help  this text
`;

await runCommand(readCommandLine({ script: 'npm run kills' }, process.argv.slice(2)), HELP, async () => {
  for (const step of [['local/build.ts'], [...JEST, '--selectProjects', 'kills']]) {
    const { status } = spawnSync(process.execPath, step, { stdio: 'inherit', env: { ...AT_LENGTH, ...process.env } });
    if (status !== 0) return status ?? 1;
  }
  return 0;
});
