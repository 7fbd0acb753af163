import { GivenUp } from './given-up.ts';
import type { Patience } from './patience.ts';

/** A body that remembers whether it broke by itself. */
export interface WatchedBody {
  readonly body: AsyncIterable<Uint8Array>;
  hasFailed(): boolean;
}

/**
 * Watches a body where it is read, and nowhere else: when the connection fails, whoever was sending the body ends it with
 * the connection's error, which must not look like the body's own.
 *
 * @param bytesMax a longer one fails, with `GivenUp`, before the first byte too many is given on
 * @param patience told whose turn it is: the caller's to send more, or the API's to take it
 */
export function watchBody(
  body: AsyncIterable<Uint8Array>,
  bytesMax: number,
  patience: Pick<Patience, 'awaitApi' | 'awaitCaller'>,
): WatchedBody {
  const iterator = body[Symbol.asyncIterator]();
  let failed = false;
  let bytes = 0;
  const watched: AsyncIterator<Uint8Array> = {
    async next() {
      patience.awaitCaller();
      const step = await iterator.next().catch((error: unknown) => {
        failed = true;
        throw error;
      });
      patience.awaitApi();
      if (step.done) return step;
      bytes += step.value.byteLength;
      if (bytes > bytesMax) throw new GivenUp('request-too-large', 'body');
      return step;
    },
    // Lets go of what is left, so that the caller is not kept sending.
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return { body: { [Symbol.asyncIterator]: () => watched }, hasFailed: () => failed };
}
