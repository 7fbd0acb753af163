import type { Figures } from '../measure/figures.ts';
import { of, pairedRatio } from '../measure/paired.ts';
import { spreadOf } from '../measure/percentiles.ts';
import type { Cell } from '../measure/results.ts';
import { comparable } from './comparisons.ts';
import { shown, shownRatio, shownSpread } from './format.ts';
import { textTable } from './text-table.ts';

const STORAGE = { azurite: 'storage: Azurite', '3ms': 'storage: 3 ms, from inside the process' } as const;

export function titleOf({ storage, resources, concurrency }: Cell): string {
  const tokens = `tokens for ${resources} resource${resources === 1 ? '' : 's'} in each cache`;
  return `${STORAGE[storage]}; ${tokens}; concurrency ${concurrency}`;
}

/** What each subject took: the median of all rounds, of the CPU also the range. */
export function figuresTable({ rounds }: Cell): string {
  const [first = {}] = rounds;
  const spread = (subject: string, measure: keyof Figures) =>
    spreadOf(rounds.map((round) => of(subject)(round, measure)));
  const rows = Object.keys(first).map((subject) => [
    subject,
    shownSpread(spread(subject, 'cpu')),
    ...(['p50', 'p95', 'p99', 'rate', 'residentMebibytes'] as const).map((measure) =>
      shown(spread(subject, measure).median),
    ),
  ]);
  return textTable([['', 'CPU ms/call', 'p50 ms', 'p95 ms', 'p99 ms', 'calls/s', 'MiB after'], ...rows]);
}

/** The ratios of each round, their medians and ranges. */
export function ratioTable({ rounds }: Cell): string {
  const [first = {}] = rounds;
  const rows = comparable(Object.keys(first)).map(({ title, above, below }) => [
    title,
    ...(['cpu', 'p50'] as const).map((measure) => shownRatio(pairedRatio(rounds, measure, above, below))),
  ]);
  return textTable([['ratio, median (range)', 'CPU', 'p50'], ...rows]);
}
