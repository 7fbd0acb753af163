/**
 * `npm run scale`: what many accounts take, computed from what a simulation of the real code counts; the tables of docs/scale.md. With
 * `--write` they are put there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { readCommandLine, runCommand } from '../../local/command-line.ts';
import { OFFICE } from './behaviour.ts';
import { putTables } from './document.ts';
import { measuredOf } from './measured.ts';
import { type Found, type Move, tablesOf } from './report.ts';
import { sharesOf } from './shares.ts';
import { simulate } from './simulate.ts';

const ACCOUNTS = 100;
const DAYS = 2;
const SHARED_KEYS = 100_000;
const MOVES: readonly (readonly [from: number, to: number])[] = [
  [1, 2],
  [2, 3],
  [4, 5],
];
/** Of a move it counts who is lost, not how much is called. */
const MOVING = { ...OFFICE, callsASession: 20, hoursInUse: 4 };
const MOVING_DAYS = 3;
const FOUND = new URL('found.json', import.meta.url);
const DOCUMENT = new URL('../../docs/scale.md', import.meta.url);

const HELP = `npm run scale -- [options]

Prints what many accounts take, from a simulation: the tables of docs/scale.md.

  --write  puts them there, and what was found into bench/scale/found.json
  --help   this text
`;
const OPTIONS = { write: { type: 'boolean', default: false } } as const;

const given = readCommandLine({ script: 'npm run scale', options: OPTIONS }, process.argv.slice(2));
await runCommand(given, HELP, async ({ values: { write } }) => {
  const found = await find();
  for (const [name, text] of tablesOf(found)) console.log(`\n# ${name}\n\n${text}`);
  if (write) {
    writeFileSync(FOUND, `${JSON.stringify(found, null, 2)}\n`);
    writeFileSync(DOCUMENT, putTables(readFileSync(DOCUMENT, 'utf8'), tablesOf(found)));
  }
  return 0;
});

async function find(): Promise<Found> {
  const simulated = { accounts: ACCOUNTS, days: DAYS, behaviour: OFFICE };
  const measured = measuredOf(await simulate(simulated), ACCOUNTS);
  const moves: Move[] = [];
  for (const each of MOVES) moves.push(await move(each));
  const shares = [1, 2, 3, 4, 8, 16, 64].map((places) => sharesOf(places, SHARED_KEYS));
  return { simulated, measured, moves, shares };
}

async function move([from, to]: (typeof MOVES)[number]): Promise<Move> {
  const names = (count: number): string[] => Array.from({ length: count }, (_, at) => `contoso${at + 1}`);
  const days = { behaviour: MOVING, accounts: ACCOUNTS, days: MOVING_DAYS, places: names(from) };
  const [still, moving] = [await simulate(days), await simulate({ ...days, movesTo: names(to) })];
  const { tally, lost, kept, rowsLeft } = moving;
  const [sessions, calls] = [tally.times('sign-in'), tally.times('call')];
  const [callsEach, callsEachMoving] = [still.tally.callsEach('call'), tally.callsEach('call')];
  return { from, to, sessions, calls, lost, kept, rowsLeft, callsEach, callsEachMoving };
}
