/** What the domain takes from the world: time, randomness and waiting. Tests pass their own. */
export interface Ambient {
  /** Wall clock, milliseconds since the epoch: what is stored and compared between instances. */
  now(): number;
  /** Monotonic clock, milliseconds: deadlines and leases, which a stepped wall clock must not stretch. */
  monotonic(): number;
  /** `count` bytes from a cryptographically secure source. */
  randomBytes(count: number): Uint8Array;
  /** Resolves after `milliseconds`. */
  sleep(milliseconds: number): Promise<void>;
}
