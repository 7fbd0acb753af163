/**
 * `npm run cost`: what a deployment costs a month, computed from what `npm run scale` has found and from prices that stand in
 * prices.ts; the tables of docs/cost.md. With `--write` they are put there; `--accounts 5000,20000` asks for other numbers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { type Mistake, readCommandLine, runCommand } from '../../local/command-line.ts';
import { putTables } from '../scale/document.ts';
import type { Found } from '../scale/report.ts';
import { ACCOUNTS, costTables } from './tables.ts';

const FOUND = new URL('../scale/found.json', import.meta.url);
const DOCUMENT = new URL('../../docs/cost.md', import.meta.url);
const HELP = `npm run cost -- [options]

Prints what a deployment costs a month: the tables of docs/cost.md.

  --accounts N,N  for how many accounts (${ACCOUNTS.join()})
  --write         puts the tables into docs/cost.md, for the numbers of accounts that stand there
  --help          this text
`;
const OPTIONS = {
  write: { type: 'boolean', default: false },
  accounts: { type: 'string', default: ACCOUNTS.join() },
} as const;

interface CostOptions {
  readonly accounts: readonly number[];
  readonly write: boolean;
}

await runCommand(parseOptions(process.argv.slice(2)), HELP, async ({ accounts, write }) => {
  const found = JSON.parse(readFileSync(FOUND, 'utf8')) as Found;
  for (const [name, text] of costTables(found, accounts)) console.log(`\n# ${name}\n\n${text}`);
  if (write) writeFileSync(DOCUMENT, putTables(readFileSync(DOCUMENT, 'utf8'), costTables(found)));
  return 0;
});

function parseOptions(args: readonly string[]): CostOptions | 'help' | Mistake {
  const read = readCommandLine({ script: 'npm run cost', options: OPTIONS }, args);
  if (read === 'help' || 'mistake' in read) return read;
  const { accounts: given, write } = read.values;
  const accounts = given.split(',').map(Number);
  return accounts.every((count) => Number.isInteger(count) && count > 0)
    ? { accounts, write }
    : { mistake: '--accounts takes whole numbers, with commas between them' };
}
