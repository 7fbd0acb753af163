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
