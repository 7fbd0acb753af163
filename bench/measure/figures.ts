import { percentile } from './percentiles.ts';

/** One slice of load on one subject. */
export interface Slice {
  readonly requests: number;
  readonly seconds: number;
  /** Of the subject's process: user and system, all threads. */
  readonly cpuMilliseconds: number;
  /** Ascending. */
  readonly latencies: Float64Array;
  readonly residentBytes: number;
}

/** A slice in the units that are shown. Times in milliseconds. */
export interface Figures {
  readonly cpu: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly rate: number;
  readonly residentMebibytes: number;
}

export type Measure = keyof Figures;

export function figuresOf({ requests, seconds, cpuMilliseconds, latencies, residentBytes }: Slice): Figures {
  return {
    cpu: cpuMilliseconds / requests,
    p50: percentile(latencies, 0.5),
    p95: percentile(latencies, 0.95),
    p99: percentile(latencies, 0.99),
    rate: requests / seconds,
    residentMebibytes: residentBytes / 1024 / 1024,
  };
}
