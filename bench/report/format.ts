import type { Spread } from '../measure/percentiles.ts';

/** A number with about three digits that count. */
export function shown(value: number): string {
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A ratio and the range over all rounds. */
export function shownRatio({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`;
}

export function shownSpread({ median, least, most }: Spread): string {
  return `${shown(median)} (${shown(least)} to ${shown(most)})`;
}
