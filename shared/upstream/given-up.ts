import type { UpstreamFailure } from '../gateway/upstream.ts';

/** Why we ourselves ended a call, rather than the API or the connection. */
export class GivenUp extends Error {
  readonly failure: UpstreamFailure;

  constructor(outcome: UpstreamFailure['outcome'], reason: string) {
    super(reason);
    this.failure = { outcome, reason };
  }
}
