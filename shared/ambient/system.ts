import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ambient } from './ambient.ts';

/** The real world: system clocks, the operating system's randomness, timers. */
export const systemAmbient: Ambient = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  randomBytes: (count) => randomBytes(count),
  sleep: (milliseconds) => sleep(milliseconds),
};
