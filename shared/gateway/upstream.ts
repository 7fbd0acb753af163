/** The port to a downstream API: one call, streamed both ways, redirects not followed, bodies as they are on the wire. */
export type Upstream = (call: UpstreamCall) => Promise<UpstreamAnswer | UpstreamFailure>;

export interface UpstreamCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

export interface UpstreamAnswer {
  readonly outcome: 'answered';
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Lets go of the answer without reading it. */
  discard(): void;
}

export interface UpstreamFailure {
  /** `client-gone`: the caller broke off its own body, for which the API cannot be blamed. */
  readonly outcome: 'unreachable' | 'timeout' | 'client-gone';
  /** A code for the log. */
  readonly reason: string;
}
