import type { Endpoint } from './types.ts';

export interface Failure {
  readonly error: string;
  readonly status: number;
}

/** A request that stands still at an endpoint until the test lets it go. */
export interface Hold {
  /** Settles when a request has reached the endpoint and waits. */
  readonly arrived: Promise<void>;
  release(): void;
}

interface Pause extends Hold {
  reached(): void;
  readonly released: Promise<void>;
}

/** What a test wants to go wrong, per endpoint, first come first served. */
export interface Faults {
  failNext(endpoint: Endpoint, error: string, status?: number): void;
  holdNext(endpoint: Endpoint): Hold;
  /** Called as a request arrives: waits where it is held, then says whether it is to fail. */
  meet(endpoint: Endpoint): Promise<Failure | undefined>;
}

/** No faults yet; see {@link Faults}. */
export function createFaults(): Faults {
  const failures = new Map<Endpoint, Failure[]>();
  const pauses = new Map<Endpoint, Pause[]>();
  return {
    failNext(endpoint, error, status = 400) {
      failures.set(endpoint, [...(failures.get(endpoint) ?? []), { error, status }]);
    },
    holdNext(endpoint) {
      const arrival = Promise.withResolvers<void>();
      const departure = Promise.withResolvers<void>();
      const pause: Pause = {
        arrived: arrival.promise,
        reached: arrival.resolve,
        released: departure.promise,
        release: departure.resolve,
      };
      pauses.set(endpoint, [...(pauses.get(endpoint) ?? []), pause]);
      return pause;
    },
    async meet(endpoint) {
      const pause = pauses.get(endpoint)?.shift();
      pause?.reached();
      await pause?.released;
      return failures.get(endpoint)?.shift();
    },
  };
}
