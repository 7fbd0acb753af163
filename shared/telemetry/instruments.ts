import type { Counter, Histogram, Meter, MetricOptions } from '@opentelemetry/api';
import { metrics } from '@opentelemetry/api';

/** By this name a view or a query finds what is ours. */
export const SCOPE = 'exeunt';

interface InstrumentDefinition extends MetricOptions {
  readonly kind: 'counter' | 'histogram';
  readonly unit: string;
  /** One sentence; docs/telemetry.md is made of it. */
  readonly description: string;
  readonly attributes: readonly string[];
}

/** From a point read to a sign-out that waited in the queue for a quarter of an hour. */
const WAITS_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];
/** As the semantic conventions advise for calls of a database. */
const CALLS_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Every instrument, by its name. Attributes take few values each: no account, `sid`, token or path among them.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/general/metrics/
 */
export const INSTRUMENTS = {
  'exeunt.signout.outcomes': {
    kind: 'counter',
    unit: '{signout}',
    description:
      'What became of sign-outs: `completed`, `queued` (storage failed; the queue has it), `delayed` (tried again from there, in vain), `failed`.',
    attributes: ['exeunt.door', 'exeunt.outcome', 'error.type'],
  },
  'exeunt.signout.refusals': {
    kind: 'counter',
    unit: '{refusal}',
    description:
      'What came in at a door and was not believed, or not from somebody who may: operators, logout tokens, security events; of the directory each notification that was dropped.',
    attributes: ['exeunt.door', 'error.type'],
  },
  'exeunt.signout.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From a sign-out received to all of it gone, its wait in the queue included.',
    attributes: ['exeunt.door'],
    advice: { explicitBucketBoundaries: WAITS_SECONDS },
  },
  'exeunt.signout.sessions': {
    kind: 'counter',
    unit: '{session}',
    description: 'Sessions that sign-outs removed.',
    attributes: ['exeunt.door'],
  },
  'exeunt.signout.token_caches': {
    kind: 'counter',
    unit: '{cache}',
    description: 'Token caches that went with them.',
    attributes: ['exeunt.door'],
  },
  'exeunt.signout.retries': {
    kind: 'counter',
    unit: '{retry}',
    description:
      'Messages of the retry queue, by what became of each: `completed`, `delayed`, `passed_on` to another instance, `failed`.',
    attributes: ['exeunt.outcome'],
  },
  'exeunt.signin.outcomes': {
    kind: 'counter',
    unit: '{signin}',
    description:
      'What became of sign-ins: `started`, `completed`, `again` (a sign-out came in meanwhile: sent round once more), `refused`.',
    attributes: ['exeunt.outcome', 'error.type'],
  },
  'exeunt.signin.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the callback received to the session stored.',
    attributes: ['exeunt.outcome'],
    advice: { explicitBucketBoundaries: WAITS_SECONDS },
  },
  'exeunt.refresh.outcomes': {
    kind: 'counter',
    unit: '{refresh}',
    description:
      'What became of refreshes: `refreshed`, `failed` (the session stands), `ended` (the session went with its tokens).',
    attributes: ['exeunt.outcome', 'exeunt.api', 'error.type'],
  },
  'exeunt.refresh.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'From the call that needed a token to the new one stored.',
    attributes: ['exeunt.api'],
    advice: { explicitBucketBoundaries: WAITS_SECONDS },
  },
  'exeunt.revocations': {
    kind: 'counter',
    unit: '{token}',
    description: 'Refresh tokens that were to be revoked at the OP: `revoked`, `failed` (they live until they expire).',
    attributes: ['exeunt.outcome'],
  },
  'exeunt.storage.calls': {
    kind: 'counter',
    unit: '{call}',
    description: 'Calls of Table Storage.',
    attributes: ['db.collection.name', 'db.operation.name', 'exeunt.outcome', 'error.type'],
  },
  'exeunt.storage.duration': {
    kind: 'histogram',
    unit: 's',
    description: 'How long calls of Table Storage took, the tries of the SDK included.',
    attributes: ['db.collection.name', 'db.operation.name'],
    advice: { explicitBucketBoundaries: CALLS_SECONDS },
  },
} as const satisfies Record<string, InstrumentDefinition>;

type Definitions = typeof INSTRUMENTS;

/** One attribute's value, for those that the definition names; a record that names another does not compile. */
type AttributesOf<D extends InstrumentDefinition> = Partial<Record<D['attributes'][number], string>>;

/** What can be recorded on each instrument. */
export type Instruments = {
  readonly [N in keyof Definitions]: (value: number, attributes: AttributesOf<Definitions[N]>) => void;
};

let made: Instruments | undefined;

/**
 * The instruments of this process. Made at the first use and once: an SDK that has registered by then is heard (the API
 * hands out no-ops before), and no request pays for making one.
 */
export function instruments(): Instruments {
  made ??= createInstruments(metrics.getMeter(SCOPE));
  return made;
}

/** Makes every instrument of the meter, with its unit and its advice. */
function createInstruments(meter: Meter): Instruments {
  const entries = Object.entries<InstrumentDefinition>(INSTRUMENTS).map(([name, definition]) => {
    const { kind, attributes: _, ...options } = definition;
    return [
      name,
      kind === 'counter' ? counts(meter.createCounter(name, options)) : measures(meter.createHistogram(name, options)),
    ];
  });
  return Object.fromEntries(entries) as Instruments;
}

const counts = (counter: Counter) => (value: number, attributes: Record<string, string>) =>
  counter.add(value, attributes);
const measures = (histogram: Histogram) => (value: number, attributes: Record<string, string>) =>
  histogram.record(value, attributes);
