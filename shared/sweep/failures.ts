import type { Unavailable } from '../store/table.ts';

/** So many in a row, of as many accounts or targets, are not of each of them: storage is away. */
const IN_A_ROW_MAX = 8;

/** Whom storage did not answer for in one run. One of them must not keep a run, and the next, from everybody behind it. */
export interface Failures {
  /** What the first of them was told; null where there was none. */
  readonly first: () => Unavailable | null;
  /** Whether it was so for this one: it is not asked for again in this run. */
  readonly has: (subject: string) => boolean;
  readonly add: (subject: string, unavailable: Unavailable) => void;
  /** That storage answered for somebody. */
  readonly answered: () => void;
  readonly isAway: () => boolean;
}

export function createFailures(): Failures {
  const subjects = new Set<string>();
  let first: Unavailable | null = null;
  let inARow = 0;
  return {
    first: () => first,
    has: (subject) => subjects.has(subject),
    add(subject, unavailable) {
      first ??= unavailable;
      if (subjects.has(subject)) return;
      subjects.add(subject);
      inARow += 1;
    },
    answered() {
      inARow = 0;
    },
    isAway: () => inARow >= IN_A_ROW_MAX,
  };
}
