import { STORED, type Storage, SUBJECTS, type SubjectName } from './subjects/subjects.ts';

/** What of the matrix is measured, and for how long. */
export interface Plan {
  readonly subjects: readonly SubjectName[];
  /** Which of them are not measured with which storage. */
  readonly without: Partial<Readonly<Record<Storage, readonly SubjectName[]>>>;
  readonly storages: readonly Storage[];
  /** Of a user's cache. */
  readonly resources: readonly number[];
  readonly concurrencies: readonly number[];
  /** Of load on each subject before any is timed: the CPU that a call takes halves over the first ten to twenty. */
  readonly warmSeconds: number;
  /** Of load before each slice, which does not count: connections are made, and who has waited for the others' turns is awake. */
  readonly leadSeconds: number;
  readonly sliceSeconds: number;
  readonly rounds: number;
  /** Whether storage calls are counted on the wire, in a phase of its own. */
  readonly countsWire: boolean;
}

const ALL = {
  subjects: SUBJECTS,
  storages: STORED,
  concurrencies: [16, 1],
  warmSeconds: 20,
  leadSeconds: 0.5,
  countsWire: true,
} as const;

/** The quick share takes some seven minutes, all of it some forty. */
export function planOf(share: 'quick' | 'full'): Plan {
  return share === 'quick'
    ? { ...ALL, without: { '3ms': ['usual-rolling'] }, resources: [5], sliceSeconds: 1.2, rounds: 5 }
    : { ...ALL, without: {}, resources: [1, 5, 20], sliceSeconds: 2, rounds: 8 };
}
