import { ON_NODE_HTTP, OWN_SHARE, of, type Term } from '../measure/paired.ts';
import type { SubjectName } from '../subjects/subjects.ts';

/** One row of the ratio table. */
export interface Comparison {
  readonly title: string;
  readonly above: Term;
  readonly below: Term;
  /** Without any of them it says nothing. */
  readonly needs: readonly SubjectName[];
}

const WHOLE = ['exeunt', 'host-nothing', 'bare-http'] as const;

/** What is compared with what; the first is the headline. */
export const EXEUNT_TO_FLOOR: Comparison = {
  title: 'exeunt as on node:http / floor',
  above: ON_NODE_HTTP,
  below: of('floor'),
  needs: [...WHOLE, 'floor'],
};

export const EXEUNT_TO_USUAL: Comparison = {
  title: 'exeunt as on node:http / usual',
  above: ON_NODE_HTTP,
  below: of('usual'),
  needs: [...WHOLE, 'usual'],
};

export const COMPARISONS: readonly Comparison[] = [
  EXEUNT_TO_FLOOR,
  {
    title: 'exeunt less its host / floor',
    above: OWN_SHARE,
    below: of('floor'),
    needs: ['exeunt', 'host-nothing', 'floor'],
  },
  { title: 'exeunt, host and all / floor', above: of('exeunt'), below: of('floor'), needs: ['exeunt', 'floor'] },
  EXEUNT_TO_USUAL,
  {
    title: 'exeunt as on node:http / usual, rolling',
    above: ON_NODE_HTTP,
    below: of('usual-rolling'),
    needs: [...WHOLE, 'usual-rolling'],
  },
  { title: 'exeunt, host and all / usual', above: of('exeunt'), below: of('usual'), needs: ['exeunt', 'usual'] },
  { title: 'usual / floor', above: of('usual'), below: of('floor'), needs: ['usual', 'floor'] },
  {
    title: 'usual, rolling / floor',
    above: of('usual-rolling'),
    below: of('floor'),
    needs: ['usual-rolling', 'floor'],
  },
];

/** Those for which all subjects have been measured. */
export function comparable(measured: readonly string[]): Comparison[] {
  return COMPARISONS.filter(({ needs }) => needs.every((name) => measured.includes(name)));
}
