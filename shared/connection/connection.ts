/** The way to whoever waits for an answer. */
export interface Connection {
  /** They have left. */
  readonly gone: AbortSignal;
  /**
   * A body as it may be handed to the Functions library, which takes as fast as it is given. Ends by itself where whoever
   * waited has left; breaks off, visibly, where the body does, so that a part is never taken for the whole.
   *
   * @returns null where it is longer than can be carried; then the call that it is of has been told to end
   */
  carry(body: AsyncIterable<Uint8Array>, delivery: Delivery): AsyncIterable<Uint8Array> | null;
}

export interface Delivery {
  /** How long the body says that it is; NaN where it does not. */
  readonly bytes: number;
  /** How long one piece may lie here before somebody takes it. */
  readonly stallMilliseconds: number;
  /** Told of an answer that began and did not end, unless it was the one who waited that left. */
  readonly onBrokenOff: (reason: string) => void;
}
