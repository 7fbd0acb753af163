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
  kilobytesOfARequest: {
    value: 1.5,
    what: "kB of the Functions host's record of each execution, which it neither filters nor samples",
    source: 'assumed',
  },
  kilobytesATrace: { value: 3.5, what: 'kB of our own spans of a call that is drawn', source: 'assumed' },
  kilobytesOfHostLines: {
    value: 2,
    what: "kB of the host's two lines about each execution but those of `/api`",
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
  alertRules: { value: 15, what: 'alert rules', source: 'assumed' },
} as const satisfies Record<string, { value: number; what: string; source: Source }>;

/** Of the telemetry of API calls, how much is kept: shares. */
export interface Telemetry {
  readonly requests: number;
  readonly traced: number;
}

/** As it is deployed. */
export const DEPLOYED: Telemetry = { requests: 1, traced: 1 };
/** The workspace drops the host's records of `/api`, and `OTEL_TRACES_SAMPLER=traceidratio` draws one call in a hundred. */
export const LEAN: Telemetry = { requests: 0, traced: 0.01 };
