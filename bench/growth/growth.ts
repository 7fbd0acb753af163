/**
 * Whether an operation takes longer the more there is: its time with 100,000 accounts in the tables, and with 64 sessions in the
 * account, over its time with one. Tables are in memory, so that it is our own share which is timed; what storage is asked for is counted in
 * test/shared/growth.test.ts. `node bench/growth/growth.ts`, `--full` for more rounds.
 */
import { parseArgs } from 'node:util';
import { outliveReader } from '../../local/command-line.ts';
import { spreadOf } from '../measure/percentiles.ts';
import { shownRatio } from '../report/format.ts';
import { textTable } from '../report/text-table.ts';
import { type Crowd, crowdOf } from './crowd.ts';
import { OPERATIONS, type Times, timesOf } from './operations.ts';

const ACCOUNTS = 100_000;
const SESSIONS = 64;
/** Until V8 has compiled what is timed. */
const WARM_ROUNDS = 15;

outliveReader();
const { values } = parseArgs({ options: { full: { type: 'boolean', default: false } } });
const rounds = values.full ? 200 : 60;

/** The first is what the others are compared with. */
const cells: readonly { readonly accounts: string; readonly sessions: number; readonly crowd: Crowd }[] = [
  [1, 1],
  [1, SESSIONS],
  [ACCOUNTS, 1],
  [ACCOUNTS, SESSIONS],
].map(([accounts = 1, sessions = 1]) => ({
  accounts: accounts.toLocaleString('en'),
  sessions,
  crowd: crowdOf(accounts),
}));

const all: Times[][] = [];
for (let round = -WARM_ROUNDS; round < rounds; round += 1) {
  const times: Times[] = [];
  // Each comes first as often as the others do.
  for (let turn = 0; turn < cells.length; turn += 1) {
    const at = (round + WARM_ROUNDS + turn) % cells.length;
    const cell = cells[at];
    if (cell) times[at] = await timesOf(cell.crowd, cell.sessions);
  }
  if (round >= 0) all.push(times);
}

const rows = cells
  .slice(1)
  .map(({ accounts, sessions }, at) => [
    `${accounts} x ${sessions}`,
    ...OPERATIONS.map((operation) =>
      shownRatio(spreadOf(all.map((times) => (times[at + 1]?.[operation] ?? 0) / (times[0]?.[operation] ?? 0)))),
    ),
  ]);
console.log(`time over that with 1 account and 1 session; ${rounds} rounds in turn, median (range)\n`);
console.log(textTable([['accounts x sessions', ...OPERATIONS], ...rows]));
