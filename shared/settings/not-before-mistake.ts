import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import type { SettingMistake } from './mistakes.ts';

export const NOT_BEFORE_EXAMPLE = '2026-11-29T12:00:00Z';

const YET_TO_COME =
  "is in the future by this machine's clock, and until then nobody could sign in: set one that has passed, or wait until it has";

/**
 * What is wrong with SESSIONS_NOT_BEFORE at a time; null: nothing. By clocks that differ it may be a little ahead. It is asked at each
 * request, so that it knows no other setting: the bundle that answers has none of how they are read.
 *
 * @param notBefore null where it is not set; like `now` milliseconds since the epoch
 */
export function notBeforeMistake(notBefore: number | null, now: number): SettingMistake | null {
  if (notBefore === null || notBefore <= now + CLOCK_SKEW_MILLISECONDS) return null;
  const setting = 'SESSIONS_NOT_BEFORE';
  return { setting, problem: YET_TO_COME, example: `${setting}=${NOT_BEFORE_EXAMPLE}` };
}
