import type { AccountStore } from '../account/account-store.ts';
import type { Moment } from './moment.ts';
import type { SweepCounts } from './sweep-note.ts';

/** How much one run does; the next goes on where it stopped. */
export interface SweepLimits {
  readonly milliseconds: number;
  /** Notes, and accounts where all are looked through. */
  readonly notes: number;
  /** Read at once. */
  readonly page: number;
}

/** Beside people who sign in and out: one partition takes 2,000 operations a second from all of them. */
export const AT_ONCE_MAX = 8;

/** One run at one place. */
export interface Run {
  readonly store: AccountStore;
  readonly limits: SweepLimits;
  readonly moment: Moment;
  readonly counts: SweepCounts;
  /** On the monotonic clock. */
  readonly endsAt: number;
  readonly afterBatch: () => Promise<void>;
  looked: number;
}

export function isAtLimit({ store, limits, endsAt, looked }: Run): boolean {
  return looked >= limits.notes || store.ambient.monotonic() >= endsAt;
}
