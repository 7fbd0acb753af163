import { SETTLED_MINUTES } from '../account/attempt-life.ts';

/** When a run takes place; both milliseconds since the epoch. One moment for the whole run: it finds too little due, never too much. */
export interface Moment {
  readonly now: number;
  /** What fell due, or set out, before this is settled. */
  readonly settledBefore: number;
}

export const momentOf = (now: number): Moment => ({ now, settledBefore: now - SETTLED_MINUTES * 60_000 });
