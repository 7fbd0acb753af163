import type { Storage } from '../subjects/subjects.ts';
import type { Round } from './paired.ts';
import type { Wire } from './wire.ts';

/** One cell of the matrix. */
export interface Cell {
  readonly storage: Storage;
  readonly resources: number;
  readonly concurrency: number;
  readonly rounds: readonly Round[];
}

/** All that a run has found. */
export interface Results {
  readonly cells: readonly Cell[];
  readonly wires: readonly Wire[];
}
