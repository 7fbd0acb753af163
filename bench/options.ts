import { parseArgs } from 'node:util';
import { SUBJECTS, type SubjectName } from './subjects/subjects.ts';

/** What storage is in a run: the emulator, or answers that come out of the subject's own process after a fixed time. */
export type Storage = 'azurite' | '3ms';

export interface Options {
  readonly subjects: readonly SubjectName[];
  readonly storages: readonly Storage[];
  /** Of a user's cache. */
  readonly resources: readonly number[];
  readonly concurrencies: readonly number[];
  readonly warmSeconds: number;
  readonly sliceSeconds: number;
  readonly rounds: number;
  /** Where to put a profile of whom; null: nobody is profiled. */
  readonly profile: { readonly subject: SubjectName; readonly folder: string } | null;
}

/** Twenty seconds: the CPU that a call takes halves over the first ten to twenty. */
const QUICK = {
  storages: ['azurite'],
  resources: [5],
  concurrencies: [16, 1],
  warm: 20,
  seconds: 2,
  rounds: 7,
} as const;

/** @throws TypeError or RangeError for what cannot be meant */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      storage: { type: 'string' },
      resources: { type: 'string' },
      concurrency: { type: 'string' },
      warm: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      'cpu-prof': { type: 'string' },
      'cpu-prof-dir': { type: 'string', default: 'bench/results' },
    },
  });
  const profiled = values['cpu-prof'];
  return {
    subjects: among(SUBJECTS, values.only) ?? SUBJECTS,
    storages: among(['azurite', '3ms'] as const, values.storage) ?? QUICK.storages,
    resources: numbers(values.resources) ?? QUICK.resources,
    concurrencies: numbers(values.concurrency) ?? QUICK.concurrencies,
    warmSeconds: number(values.warm) ?? QUICK.warm,
    sliceSeconds: number(values.seconds) ?? QUICK.seconds,
    rounds: number(values.rounds) ?? QUICK.rounds,
    profile: profiled === undefined ? null : { subject: oneOf(SUBJECTS, profiled), folder: values['cpu-prof-dir'] },
  };
}

function among<T extends string>(known: readonly T[], text: string | undefined): readonly T[] | null {
  return text === undefined ? null : text.split(',').map((name) => oneOf(known, name));
}

function oneOf<T extends string>(known: readonly T[], name: string): T {
  const found = known.find((each) => each === name);
  if (found === undefined) throw new RangeError(`"${name}" is none of ${known.join(', ')}`);
  return found;
}

const numbers = (text: string | undefined): readonly number[] | null => text?.split(',').map(positive) ?? null;
const number = (text: string | undefined): number | null => (text === undefined ? null : positive(text));

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new RangeError(`"${text}" is no number above zero`);
  return value;
}
