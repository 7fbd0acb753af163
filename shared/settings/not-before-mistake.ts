import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import { mistake, type SettingMistake } from './mistakes.ts';

const YET_TO_COME =
  "is in the future by this machine's clock, and until then nobody could sign in: set one that has passed, or wait until it has";

/**
 * What is wrong with SESSIONS_NOT_BEFORE at a time; null: nothing. By clocks that differ it may be a little ahead.
 *
 * @param notBefore null where it is not set; like `now` milliseconds since the epoch
 */
export function notBeforeMistake(notBefore: number | null, now: number): SettingMistake | null {
  if (notBefore === null || notBefore <= now + CLOCK_SKEW_MILLISECONDS) return null;
  return mistake('SESSIONS_NOT_BEFORE', YET_TO_COME);
}
