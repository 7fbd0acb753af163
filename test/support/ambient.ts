import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Ambient } from '../../shared/ambient/ambient.ts';

/** Any moment does; this one is easy to recognise in a failing test. */
export const TEST_EPOCH = Date.parse('2026-11-21T09:00:00Z');

/** A world under a test's control: nothing in it happens by itself. */
export interface TestAmbient extends Ambient {
  /** Moves both clocks forward. */
  advance(milliseconds: number): void;
  /** Sets the wall clock alone, as an administrator or NTP does; the monotonic clock goes on. */
  setWallClock(milliseconds: number): void;
  /** How many bytes have been drawn. */
  randomBytesDrawn(): number;
  /** The waits asked for, in order, in milliseconds. */
  readonly sleeps: readonly number[];
}

/**
 * Clocks that stand until they are moved, and bytes that are distinct and the same in every run. Who sleeps gives way to
 * others and wakes with the clocks moved on; several that sleep at once share the time.
 *
 * @param now where the wall clock begins, milliseconds since the epoch
 */
export function createTestAmbient(now: number = TEST_EPOCH): TestAmbient {
  let wall = now;
  let elapsed = 0;
  let drawn = 0;
  const sleeps: number[] = [];
  const advance = (milliseconds: number): void => {
    wall += milliseconds;
    elapsed += milliseconds;
  };
  return {
    now: () => wall,
    monotonic: () => elapsed,
    advance,
    setWallClock: (milliseconds) => {
      wall = milliseconds;
    },
    randomBytes: (count) => {
      drawn += count;
      const block = createHash('shake256', { outputLength: count });
      return block.update(`${drawn}`).digest();
    },
    randomBytesDrawn: () => drawn,
    sleep: async (milliseconds) => {
      sleeps.push(milliseconds);
      const wakesAt = elapsed + milliseconds;
      await nextTurn();
      if (elapsed < wakesAt) advance(wakesAt - elapsed);
    },
    sleeps,
  };
}
