import { number, table } from '../scale/markdown.ts';
import type { Found } from '../scale/report.ts';
import { ASSUMED, DEPLOYED, LEAN } from './assumed.ts';
import { alwaysReady, billOf, DAYS_A_MONTH, usageOf } from './cost.ts';
import { FREE, PRICES } from './prices.ts';

/** For whom docs/cost.md is computed. */
export const ACCOUNTS: readonly number[] = [1_000, 100_000, 1_000_000];

/** The tables of docs/cost.md, by the name of the place where each stands. */
export function costTables({ measured, simulated }: Found, accounts = ACCOUNTS): ReadonlyMap<string, string> {
  const usages = accounts.map((count) => usageOf(count, simulated.behaviour, measured, DEPLOYED));
  const lean = accounts.map((count) => usageOf(count, simulated.behaviour, measured, LEAN));
  const bills = usages.map(billOf);
  const head = ['accounts', ...accounts.map(number)];
  const row = <Of>(name: string, of: readonly Of[], show: (one: Of) => number, mark = ''): string[] => [
    name,
    ...of.map((one) => `${mark}${number(show(one))}${mark}`),
  ];
  const storageLog = (gigabytes: number): number => gigabytes * PRICES.gigabyteLogged.value;
  return new Map([
    [
      'usage',
      table(head, [
        row('executions', usages, ({ executions }) => executions),
        row('GB-seconds of instances', usages, ({ gibibyteSeconds }) => gibibyteSeconds),
        row('transactions of tables', usages, ({ transactions }) => transactions),
        row('GB stored', usages, ({ gibibytesStored }) => gibibytesStored),
        row('GB sent', usages, ({ gigabytesSent }) => gigabytesSent),
        row('GB logged, as deployed', usages, ({ gigabytesLogged }) => gigabytesLogged),
        row('of those a day', usages, ({ gigabytesLogged }) => gigabytesLogged / DAYS_A_MONTH),
        row('GB logged, cut down', lean, ({ gigabytesLogged }) => gigabytesLogged),
      ]),
    ],
    [
      'bill',
      table(head, [
        row('Functions', bills, ({ functions }) => functions),
        row('tables', bills, ({ tables }) => tables),
        row('what is sent', bills, ({ sent }) => sent),
        row('logs, as deployed', bills, ({ logged }) => logged),
        row('alerts', bills, ({ alerts }) => alerts),
        row('**a month**', bills, ({ sum }) => sum, '**'),
        row('an account and month', usages, (usage) => billOf(usage).sum / usage.accounts),
        row('instead, logs cut down', lean.map(billOf), ({ logged }) => logged),
        row('**a month, with logs cut down**', lean.map(billOf), ({ sum }) => sum, '**'),
        row('more, with storage logs of every call', usages, (usage) => storageLog(usage.gigabytesOfStorageLog)),
        row('more, for one always-ready instance', usages, alwaysReady),
      ]),
    ],
    ['prices', pricesTable()],
    [
      'assumed',
      table(
        ['', 'figure', ''],
        Object.values(ASSUMED).map(({ what, value, source }) => [what, number(value), source]),
      ),
    ],
  ]);
}

function pricesTable(): string {
  const priced = Object.values(PRICES).map(({ what, value, source }) => [what, `${value}`, source]);
  const free = Object.values(FREE).map(({ what, value, source }) => [
    `free each month: ${what}`,
    number(value),
    source,
  ]);
  return table(['', 'US dollars', 'from'], [...priced, ...free]);
}
