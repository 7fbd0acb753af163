import { createHash } from 'node:crypto';
import type { Ambient } from '../../shared/ambient/ambient.ts';

/** The one true time, milliseconds since the race began. It stands still but for sleepers and for time that passes by name. */
export interface Clock {
  elapsed(): number;
  /** Goes forward to that time, never back. */
  reach(milliseconds: number): void;
}

export function createClock(): Clock {
  let elapsed = 0;
  return {
    elapsed: () => elapsed,
    reach: (milliseconds) => {
      elapsed = Math.max(elapsed, milliseconds);
    },
  };
}

/**
 * One operation's view of the world, as if each ran in an instance of its own.
 *
 * @param epoch what a right clock shows when the race begins
 * @param skew how far this one is ahead of a right one
 * @param sleep a yield point
 */
export function instanceAmbient(
  clock: Clock,
  actor: string,
  epoch: number,
  skew: number,
  sleep: Ambient['sleep'],
): Ambient {
  let drawn = 0;
  return {
    now: () => epoch + skew + clock.elapsed(),
    monotonic: () => clock.elapsed(),
    randomBytes: (count) => {
      drawn += 1;
      return bytesNamed(`${actor} ${drawn}`, count);
    },
    sleep,
  };
}

const drawnBefore = new Map<string, Uint8Array>();

/** The same bytes in every order: drawn once. */
function bytesNamed(name: string, count: number): Uint8Array {
  const key = `${name} ${count}`;
  const bytes = drawnBefore.get(key) ?? createHash('shake256', { outputLength: count }).update(name).digest();
  drawnBefore.set(key, bytes);
  return bytes;
}
