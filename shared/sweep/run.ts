import type { AccountStore } from '../account/account-store.ts';
import { createFailures, type Failures } from './failures.ts';
import { type Moment, momentOf } from './moment.ts';
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
  readonly failures: Failures;
  /** On the monotonic clock. */
  readonly endsAt: number;
  readonly afterBatch: () => Promise<void>;
  looked: number;
}

export function beginRun(store: AccountStore, limits: SweepLimits, afterBatch = async (): Promise<void> => {}): Run {
  return {
    store,
    limits,
    moment: momentOf(store.ambient.now()),
    counts: { accounts: 0, sessions: 0, indexRows: 0, tombstones: 0, notes: 0, left: 0 },
    failures: createFailures(),
    endsAt: store.ambient.monotonic() + limits.milliseconds,
    afterBatch,
    looked: 0,
  };
}

/**
 * Whether a run has done what it may.
 *
 * @param share of it, from its beginning on
 */
export function isAtLimit({ store, limits, endsAt, looked }: Run, share = 1): boolean {
  const left = limits.milliseconds * (1 - share);
  return looked >= limits.notes * share || store.ambient.monotonic() >= endsAt - left;
}
