import { ATTEMPT_MINUTES } from '../signin/attempt.ts';

/**
 * What a sign-in may still take when its attempt's life is over: the deadlines of its calls. Azure gives up an answer
 * after 230 s; this leaves more than double, and clocks that differ are within it.
 */
const DEADLINES_MINUTES = 10;
/** No operation in flight can still be about what is older than this (DESIGN, rule 9). */
export const SETTLED_MINUTES = ATTEMPT_MINUTES + DEADLINES_MINUTES;

/** When a run takes place; both milliseconds since the epoch. One moment for the whole run: it finds too little due, never too much. */
export interface Moment {
  readonly now: number;
  /** What fell due, or set out, before this is settled. */
  readonly settledBefore: number;
}

export const momentOf = (now: number): Moment => ({ now, settledBefore: now - SETTLED_MINUTES * 60_000 });
