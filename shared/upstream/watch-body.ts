/** A body that remembers whether it broke by itself. */
export interface WatchedBody {
  readonly body: AsyncIterable<Uint8Array>;
  hasFailed(): boolean;
}

/**
 * Watches a body where it is read, and nowhere else: when the connection fails, whoever was sending the body ends it with
 * the connection's error, which must not look like the body's own.
 */
export function watchBody(body: AsyncIterable<Uint8Array>): WatchedBody {
  const iterator = body[Symbol.asyncIterator]();
  let failed = false;
  const watched: AsyncIterator<Uint8Array> = {
    async next() {
      try {
        return await iterator.next();
      } catch (error) {
        failed = true;
        throw error;
      }
    },
    // Lets go of what is left, so that the caller is not kept sending.
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return { body: { [Symbol.asyncIterator]: () => watched }, hasFailed: () => failed };
}
