/** How much of something an instance may do: a token bucket. Its memory is two numbers, whatever comes in. */
export interface Budget {
  /** Takes one; false where nothing is left for now. */
  take(): boolean;
  /** Puts back one that was taken for nothing. */
  giveBack(): void;
}

export interface BudgetSize {
  /** How many at once, after a quiet time. */
  readonly burst: number;
  /** How many in the long run. */
  readonly perMinute: number;
}

/** A budget that begins full. @param monotonic milliseconds: a wall clock that is set back would withhold what is due */
export function createBudget({ burst, perMinute }: BudgetSize, monotonic: () => number): Budget {
  let left = burst;
  let countedAt = monotonic();
  const count = (): void => {
    const now = monotonic();
    left = Math.min(burst, left + ((now - countedAt) * perMinute) / 60_000);
    countedAt = now;
  };
  return {
    take() {
      count();
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    giveBack() {
      left = Math.min(burst, left + 1);
    },
  };
}
