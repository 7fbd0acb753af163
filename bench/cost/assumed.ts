import type { Source } from '../scale/limits.ts';

/** What is neither counted by the simulation nor a price. */
export const ASSUMED = {
  memoryGibibytes: { value: 2, what: 'memory of an instance, GB', source: 'documented' },
  billedSecondsLeast: {
    value: 1,
    what: 'seconds billed of an instance that has begun to work, at least',
    source: 'documented',
  },
  executionsASignIn: { value: 2, what: 'executions of a sign-in: there and back', source: 'measured here' },
  executionsASignOut: {
    value: 2,
    what: 'executions of a sign-out: it, and the page after it',
    source: 'measured here',
  },
  timersADay: { value: 144, what: 'runs of the sweep a day', source: 'measured here' },
  kilobytesAnAnswer: { value: 5, what: 'kB that an API answers', source: 'assumed' },
  kilobytesATrace: {
    value: 5,
    what: 'kB of telemetry of a call that is drawn: the request and three spans',
    source: 'assumed',
  },
  kilobytesOfHostLines: {
    value: 2,
    what: "kB of the Functions host's own two lines about each execution",
    source: 'assumed',
  },
  kilobytesOfOwnLines: { value: 1, what: 'kB of each of our own lines', source: 'assumed' },
  ownLinesASession: {
    value: 12,
    what: 'lines of our own about a session: sign-in, its refreshes, sign-out',
    source: 'assumed',
  },
  kilobytesOfMetricsAMinute: { value: 60, what: 'kB of metrics a minute and instance', source: 'assumed' },
  kilobytesOfStorageLog: { value: 1.2, what: 'kB that a storage log has of each call', source: 'assumed' },
  alertRules: { value: 14, what: 'alert rules', source: 'assumed' },
} as const satisfies Record<string, { value: number; what: string; source: Source }>;

/** Of the telemetry that could be had, how much is. */
export interface Telemetry {
  /** Of the calls. */
  readonly traced: number;
  readonly hostLines: boolean;
}

export const ALL_OF_IT: Telemetry = { traced: 1, hostLines: true };
/** `OTEL_TRACES_SAMPLER=parentbased_traceidratio`, and the host's own lines from `Warning` on. */
export const SAMPLED: Telemetry = { traced: 0.01, hostLines: false };
