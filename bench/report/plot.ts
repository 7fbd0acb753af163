import { pairedRatio } from '../measure/paired.ts';
import type { Cell } from '../measure/results.ts';
import { titleOf } from './cell-tables.ts';
import { COMPARISONS, comparable } from './comparisons.ts';
import { barChart } from './svg.ts';

const TO_FLOOR = ' / floor';

/** How many times the floor's CPU a call costs, in each cell of the matrix. */
export function plot(cells: readonly Cell[]): string {
  const shownHere = COMPARISONS.filter(({ title }) => title.endsWith(TO_FLOOR));
  const panels = cells.map((cell) => {
    const measured = comparable(Object.keys(cell.rounds[0] ?? {}));
    const bars = shownHere
      .filter((comparison) => measured.includes(comparison))
      .map(({ title, above, below }) => ({
        label: title.slice(0, -TO_FLOOR.length),
        ...pairedRatio(cell.rounds, 'cpu', above, below),
      }));
    return { title: titleOf(cell), bars };
  });
  return barChart(
    'CPU of one API call, in multiples of the least gateway (dashed line)',
    'Median of paired ratios; the thin line is the range over all rounds.',
    panels,
  );
}
