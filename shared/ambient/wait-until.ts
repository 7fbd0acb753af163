import type { Ambient } from './ambient.ts';

/** A timer wakes too early by a millisecond or two; more than a few times it does not. */
const WAKES_MAX = 8;

/**
 * Waits until the wall clock has come to a time. Timers go by another clock, and wake before this one shows what they were set
 * for: so whoever compares by the wall clock afterwards has to look again.
 *
 * @param time milliseconds since the epoch
 * @param millisecondsMax waits no longer, however far off the time is
 */
export async function waitUntil(
  { now, monotonic, sleep }: Ambient,
  time: number,
  millisecondsMax: number,
): Promise<void> {
  const givenUpAt = monotonic() + millisecondsMax;
  for (let wakes = 0; wakes < WAKES_MAX; wakes += 1) {
    const left = Math.min(time - now(), givenUpAt - monotonic());
    if (left <= 0) return;
    await sleep(left);
  }
}
