/**
 * The value below which that share of the samples lies, by the nearest rank.
 *
 * @param sorted ascending; not empty
 * @param share from 0 to 1
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) throw new RangeError('no samples, no percentile');
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] as number;
}

/** What many runs of one thing came to. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return {
    median: (percentile(sorted, 0.5) + (sorted[Math.floor(middle)] as number)) / 2,
    least: sorted[0] as number,
    most: sorted.at(-1) as number,
  };
}
