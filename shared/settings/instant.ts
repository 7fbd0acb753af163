import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import type { Schema } from './schema.ts';
import { fromText } from './text-schema.ts';

/** ISO 8601, in UTC alone: an instant that is read an hour off is one at which nobody looks twice. */
const INSTANT = /^(20\d{2}-\d{2}-\d{2}T\d{2}:\d{2}):(\d{2})(?:\.(\d{1,3}))?Z$/;

/** `2026-11-29T12:00:00Z`, in milliseconds since the epoch. */
export const instant: Schema<number> = fromText((text, refuse) => {
  const [, minutes = '', seconds = '', fraction = ''] = INSTANT.exec(text) ?? [];
  const exact = `${minutes}:${seconds}.${fraction.padEnd(3, '0')}Z`;
  const read = Date.parse(exact);
  // What is no day of the calendar, such as 30 February, the parser takes for one that is.
  if (Number.isNaN(read) || new Date(read).toISOString() !== exact) {
    refuse('must be an instant in UTC with seconds, such as 2026-11-29T12:00:00Z');
  }
  return read;
});

/** What is wrong with an instant before which nothing counts, at a time; null: nothing. */
export function notBeforeProblem(notBefore: number | undefined, now: number): string | null {
  const isFuture = notBefore !== undefined && notBefore > now + CLOCK_SKEW_MILLISECONDS;
  return isFuture
    ? "is in the future by this machine's clock, and until then nobody could sign in: set one that has passed"
    : null;
}
