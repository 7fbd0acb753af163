/**
 * `npm run cost`: what a deployment costs a month, computed from what `npm run scale` has found and from prices that stand in
 * prices.ts; the tables of docs/cost.md. With `--write` they are put there; `--accounts 5000,20000` asks for other numbers.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { putTables } from '../scale/document.ts';
import type { Found } from '../scale/report.ts';
import { ACCOUNTS, costTables } from './tables.ts';

const FOUND = new URL('../scale/found.json', import.meta.url);
const DOCUMENT = new URL('../../docs/cost.md', import.meta.url);

const { values } = parseArgs({
  options: { write: { type: 'boolean', default: false }, accounts: { type: 'string', default: ACCOUNTS.join() } },
});
const accounts = values.accounts.split(',').map(Number);
if (!accounts.every((count) => Number.isInteger(count) && count > 0)) throw new Error('--accounts takes whole numbers');

const found = JSON.parse(readFileSync(FOUND, 'utf8')) as Found;
for (const [name, text] of costTables(found, accounts)) console.log(`\n# ${name}\n\n${text}`);
if (values.write) writeFileSync(DOCUMENT, putTables(readFileSync(DOCUMENT, 'utf8'), costTables(found)));
