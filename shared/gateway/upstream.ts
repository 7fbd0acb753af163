/** The port to a downstream API: one call, streamed both ways, redirects not followed, bodies as they are on the wire. */
export type Upstream = (call: UpstreamCall) => Promise<UpstreamAnswer | UpstreamFailure>;

export interface UpstreamCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | null;
  readonly limits: UpstreamLimits;
  /** Whoever waits for the answer has left: the call is aborted at once. */
  readonly gone: AbortSignal;
}

export interface UpstreamLimits {
  /** How long the API may keep silent: from the last byte of the request to its answer's first, and within the answer. */
  readonly silenceMilliseconds: number;
  readonly requestBytesMax: number;
  /** From the call to the first byte of its answer, where that is less than the platform gives. */
  readonly answerMilliseconds?: number;
}

export interface UpstreamAnswer {
  readonly outcome: 'answered';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** All of the body, where it is small and here already: instead of `body`, by whoever asks at once. */
  readonly whole?: Uint8Array;
  /** Lets go of the answer without reading it. */
  discard(): void;
}

export interface UpstreamFailure {
  /**
   * `client-gone`: the caller left, broke off its own body, or did not send all of it in time, for which the API cannot be blamed.
   * `request-too-large`: the body was longer than it may be. `malformed`: what the API answers is no HTTP, or has more headers than anybody reads.
   */
  readonly outcome: 'unreachable' | 'timeout' | 'malformed' | 'client-gone' | 'request-too-large';
  /** A code for the log. */
  readonly reason: string;
}
