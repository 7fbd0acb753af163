import type { Figures } from '../measure/figures.ts';
import { pairedRatio } from '../measure/paired.ts';
import type { Cell, Results } from '../measure/results.ts';
import type { Wire } from '../measure/wire.ts';
import { titleOf } from './cell-tables.ts';
import { type Comparison, comparable, EXEUNT_TO_FLOOR, EXEUNT_TO_USUAL } from './comparisons.ts';
import { shownRatio } from './format.ts';

/** Something that was promised, and what was found. */
export interface Verdict {
  readonly target: string;
  readonly found: string;
  readonly met: boolean;
}

const ANSWERED_BYTES_MAX = 2_048;

/** Holds what was found against what was promised, as far as this run measured it. */
export function verdicts({ cells, wires }: Results): Verdict[] {
  return [...cells.flatMap(verdictsOfCell), ...verdictsOfWire(wires.filter(({ subject }) => subject === 'exeunt'))];
}

function verdictsOfCell(cell: Cell): Verdict[] {
  const measured = comparable(Object.keys(cell.rounds[0] ?? {}));
  const ratio = (comparison: Comparison, measure: keyof Figures, most: number, what: string): Verdict[] => {
    if (!measured.includes(comparison)) return [];
    const found = pairedRatio(cell.rounds, measure, comparison.above, comparison.below);
    return [{ target: `${what}; ${titleOf(cell)}`, found: shownRatio(found), met: found.median <= most }];
  };
  if (cell.concurrency === 1) return ratio(EXEUNT_TO_FLOOR, 'p50', 1.1, 'p50 at most 1.1 x floor');
  return [
    ...ratio(EXEUNT_TO_FLOOR, 'cpu', 1, 'CPU at most 1.0 x floor'),
    ...ratio(EXEUNT_TO_USUAL, 'cpu', 0.25, 'CPU at most 1/4 x usual'),
  ];
}

function verdictsOfWire(wires: readonly Wire[]): Verdict[] {
  if (wires.length === 0) return [];
  const most = (measure: 'reads' | 'writes' | 'answeredBytes' | 'readsOfTen'): number =>
    Math.max(...wires.map((wire) => wire[measure]));
  const [reads, writes, bytes, ofTen] = [most('reads'), most('writes'), most('answeredBytes'), most('readsOfTen')];
  return [
    {
      target: `a call: 1 read, 0 writes, at most ${ANSWERED_BYTES_MAX} bytes answered, whatever the cache and the sessions`,
      found: `${reads} reads, ${writes} writes, ${bytes.toFixed(0)} bytes at most`,
      met: reads === 1 && writes === 0 && bytes <= ANSWERED_BYTES_MAX,
    },
    { target: '10 calls of one session at once: at most 2 reads', found: `${ofTen} at most`, met: ofTen <= 2 },
  ];
}

export const verdictLine = ({ target, found, met }: Verdict): string =>
  `${met ? 'met   ' : 'MISSED'}  ${target}: ${found}`;
