/** `npm run races`: the race explorer at length, with its report; `npm test` runs a share that fits into minutes. */
import { spawnSync } from 'node:child_process';

const AT_LENGTH = { RACES_ORDERS: '3000', RACES_CASTS: '20000', RACES_REPORT: '1' };

const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const { status } = spawnSync(process.execPath, [...jest, '--selectProjects', 'races'], {
  stdio: 'inherit',
  env: { ...AT_LENGTH, ...process.env },
});
process.exitCode = status ?? 1;
