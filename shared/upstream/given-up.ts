import type { UpstreamFailure } from '../gateway/upstream.ts';

/** Why we ourselves ended a call, rather than the API or the connection. */
export class GivenUp extends Error {
  readonly failure: UpstreamFailure;
  /** For whoever reads the answer when it ends. */
  readonly code: string;

  constructor(outcome: UpstreamFailure['outcome'], reason: string) {
    super(reason);
    this.code = reason;
    this.failure = { outcome, reason };
  }
}
