/** What a figure of the platform rests on. */
export type Source = 'documented' | 'measured here' | 'assumed';

export interface Figure {
  readonly value: number;
  readonly what: string;
  readonly source: Source;
}

/**
 * What the platform promises. Targets, not limits: Microsoft's own word is to measure.
 *
 * @see https://learn.microsoft.com/azure/storage/tables/scalability-targets
 * @see https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan
 */
export const LIMITS = {
  partition: { value: 2_000, what: 'entities of 1 KiB a second, of one partition', source: 'documented' },
  account: {
    value: 20_000,
    what: 'operations on entities of 1 KiB a second, of one storage account',
    source: 'documented',
  },
  instances: { value: 1_000, what: 'instances of one Flex Consumption app', source: 'documented' },
  coresAnInstance: { value: 1, what: 'cores of an instance of 2,048 MB', source: 'assumed' },
  concurrency: { value: 16, what: 'HTTP requests at once, of one instance of 2,048 MB', source: 'assumed' },
  cpuMillisecondsACall: {
    value: 0.6,
    what: 'CPU of an API call, the bundle in the local host, milliseconds',
    source: 'measured here',
  },
  platformCpuMillisecondsACall: {
    value: 1,
    what: "CPU of the platform's own host for it, a process beside ours, milliseconds",
    source: 'assumed',
  },
  callMilliseconds: {
    value: 50,
    what: 'time that a call takes with the API behind it, milliseconds',
    source: 'assumed',
  },
  tripMilliseconds: { value: 5, what: 'one round trip to storage, milliseconds', source: 'assumed' },
  sweepOperations: {
    value: 3_000,
    what: 'storage calls a second that one instance makes beside nothing else',
    source: 'assumed',
  },
  usage: { value: 0.6, what: 'of a limit that one plans for', source: 'assumed' },
} as const satisfies Record<string, Figure>;
