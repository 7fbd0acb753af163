import { parseArgs } from 'node:util';
import { type Plan, planOf } from './plan.ts';
import { STORED, type Storage, SUBJECTS, type SubjectName } from './subjects/subjects.ts';

export interface Options extends Plan {
  /** Where to put a profile of whom; null: nobody is profiled. */
  readonly profile: { readonly subject: SubjectName; readonly folder: string } | null;
  /** Where figures and plot go in any case. */
  readonly resultsFolder: string;
  /** Whether what is printed and the plot go into docs/ too. */
  readonly writeDocs: boolean;
}

const RESULTS = 'bench/results';

/**
 * What is asked for: the quick share, or all of it (`--full`), but for what is said otherwise.
 *
 * @throws TypeError or RangeError for what cannot be meant
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: 'boolean', default: false },
      only: { type: 'string' },
      storage: { type: 'string' },
      resources: { type: 'string' },
      concurrency: { type: 'string' },
      warm: { type: 'string' },
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      'no-wire': { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
      'cpu-prof-dir': { type: 'string', default: RESULTS },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const plan = planOf(values.full ? 'full' : 'quick');
  const profiled = values['cpu-prof'];
  return {
    subjects: among(SUBJECTS, values.only) ?? plan.subjects,
    without: values.only === undefined ? plan.without : {},
    storages: among<Storage>(STORED, values.storage) ?? plan.storages,
    resources: numbers(values.resources) ?? plan.resources,
    concurrencies: numbers(values.concurrency) ?? plan.concurrencies,
    warmSeconds: number(values.warm) ?? plan.warmSeconds,
    leadSeconds: plan.leadSeconds,
    sliceSeconds: number(values.seconds) ?? plan.sliceSeconds,
    rounds: number(values.rounds) ?? plan.rounds,
    countsWire: plan.countsWire && !values['no-wire'],
    profile: profiled === undefined ? null : { subject: oneOf(SUBJECTS, profiled), folder: values['cpu-prof-dir'] },
    resultsFolder: RESULTS,
    writeDocs: values['write-docs'],
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
