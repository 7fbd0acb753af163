import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Finalizers run between turns, and what they let go of falls to the next collection. */
const COLLECTIONS = 3;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What this process's own objects fill after a collection, bytes: heap, buffers and what lies beside it for them. */
export async function heapBytes(): Promise<number> {
  for (let count = 0; count < COLLECTIONS; count += 1) {
    collect();
    await nextTurn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
