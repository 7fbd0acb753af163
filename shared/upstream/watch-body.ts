import { GivenUp } from './given-up.ts';

/** A body that remembers how far it came. */
export interface WatchedBody {
  readonly body: AsyncIterable<Uint8Array>;
  /** Whether it broke by itself. */
  hasFailed(): boolean;
  /** Whether all of it has been read. */
  hasEnded(): boolean;
}

/**
 * Watches a body where it is read, and nowhere else: when the connection fails, whoever was sending the body ends it with
 * the connection's error, which must not look like the body's own.
 *
 * @param bytesMax a longer one fails, with `GivenUp`, before the first byte too many is given on
 * @param onEnd called when all of it has been read
 */
export function watchBody(body: AsyncIterable<Uint8Array>, bytesMax: number, onEnd: () => void): WatchedBody {
  const iterator = body[Symbol.asyncIterator]();
  let state: 'flowing' | 'ended' | 'failed' = 'flowing';
  let bytes = 0;
  const watched: AsyncIterator<Uint8Array> = {
    async next() {
      const step = await iterator.next().catch((error: unknown) => {
        state = 'failed';
        throw error;
      });
      if (step.done) {
        state = 'ended';
        onEnd();
        return step;
      }
      bytes += step.value.byteLength;
      if (bytes > bytesMax) throw new GivenUp('request-too-large', 'body');
      return step;
    },
    // Lets go of what is left, so that the caller is not kept sending.
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return {
    body: { [Symbol.asyncIterator]: () => watched },
    hasFailed: () => state === 'failed',
    hasEnded: () => state === 'ended',
  };
}
