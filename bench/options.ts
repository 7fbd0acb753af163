import { type Mistake, mistakeOf, readCommandLine, type Values } from '../local/command-line.ts';
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

const SCRIPT = 'npm run bench';

export const HELP = `${SCRIPT} -- [options], npm run bench:full -- [options]

Times what an API call and a cold start cost, side by side, in under ten minutes, or all of the matrix in under an hour. See
docs/performance.md. All but --full is for the calls side by side alone.

  --full              all of the matrix
  --only NAMES        of ${SUBJECTS.join(', ')} these alone, with commas between them
  --storage NAMES     of ${STORED.join(', ')} these alone
  --resources N,N     how many resources each person has tokens for
  --concurrency N,N   how many calls at once
  --warm N            seconds before timing begins
  --seconds N         seconds a slice
  --rounds N          how often each has its turn
  --no-wire           counts nothing on the wire
  --cpu-prof NAME     has that one write a profile of its CPU
  --cpu-prof-dir PATH where to (${RESULTS})
  --write-docs        puts tables and plot into docs/
  --help              this text
`;

const OPTIONS = {
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
} as const;

/**
 * What is asked for: the quick share, or all of it (`--full`), but for what is said otherwise. A mistake comes back as one line
 * that says what is wrong.
 */
export function parseOptions(args: readonly string[]): Options | 'help' | Mistake {
  const read = readCommandLine({ script: SCRIPT, options: OPTIONS }, args);
  if (read === 'help' || 'mistake' in read) return read;
  try {
    return optionsOf(read.values);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return mistakeOf(SCRIPT, error.message);
  }
}

/** @throws RangeError for what cannot be meant */
function optionsOf(values: Values<typeof OPTIONS>): Options {
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
