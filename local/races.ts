/** `npm run races`: the race explorer at length, in as many processes as there are cores, with its report. */
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { readCommandLine, runCommand } from './command-line.ts';
import { JEST } from './jest.ts';

interface Line {
  readonly scenario: string;
  readonly orders: number;
  readonly extent: 'all' | 'some';
  readonly violation: string | null;
}

const HELP = `npm run races

Explores the orders in which the real code may run over an in-memory table, at length, on every core, and plants its bugs anew.

  --help  this text
`;

await runCommand(readCommandLine({ script: 'npm run races' }, process.argv.slice(2)), HELP, run);

async function run(): Promise<number> {
  const shares = availableParallelism();
  const began = performance.now();
  const lines: Line[] = [];
  const statuses = await Promise.all(Array.from({ length: shares }, (_, share) => explore(share, shares, lines)));
  const sum = (some: readonly Line[]) => some.reduce((total, { orders }) => total + orders, 0);
  const byLot = lines.filter(({ scenario }) => scenario.startsWith('random '));
  const whole = lines.filter(({ extent }) => extent === 'all');
  const violations = lines.filter(({ violation }) => violation !== null);
  console.log(`${sum(whole)}\torders of ${whole.length} scenarios tried to the end`);
  console.log(`${sum(lines) - sum(whole) - sum(byLot)}\torders of scenarios that have more`);
  console.log(`${sum(byLot)}\torders by lot, some of which may differ by swaps alone`);
  console.log(
    `${sum(lines)}\torders in total, ${violations.length} violations, ${Math.round((performance.now() - began) / 1000)} s`,
  );
  const planted = spawnSync(process.execPath, [...JEST, 'test/races/planted-bugs.test.ts'], {
    stdio: 'inherit',
    env: { ...process.env, RACES_REPORT: '1' },
  });

  return violations.length > 0 || statuses.some((status) => status !== 0) ? 1 : (planted.status ?? 1);
}

async function explore(share: number, shares: number, lines: Line[]): Promise<number> {
  const args = ['test/races/at-length.ts', `${share}`, `${shares}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<number>((ended) => child.on('exit', (code) => ended(code ?? 1)));
  for await (const text of createInterface({ input: child.stdout })) {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    console.log(`${line.orders}\t${line.extent}\t${line.scenario}${line.violation ? '\tVIOLATION' : ''}`);
  }
  return exited;
}
