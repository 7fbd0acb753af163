import { reasonOf } from '../log/reason-of.ts';
import type { Connection, Delivery } from './connection.ts';

/** What an answer may fill of this instance's memory where nobody says how fast it leaves. */
export const UNPACED_BYTES_MAX = 16 * 1024 * 1024;

/**
 * A connection that could not be found, because a later version of the library goes about it in another way: nobody tells
 * of a reader who is slow or has left, so that the whole of an answer may come to lie in memory. Hence there is a limit.
 */
export function unpacedConnection(): Connection {
  const ending = new AbortController();
  return {
    gone: ending.signal,
    carry(body, delivery) {
      if (!(delivery.bytes > UNPACED_BYTES_MAX)) return carryBounded(body, delivery);
      ending.abort();
      return null;
    },
  };
}

/** Breaks off by an error: that the library does not end such an answer is what keeps it from being taken for whole. */
async function* carryBounded(body: AsyncIterable<Uint8Array>, { onBrokenOff }: Delivery): AsyncIterable<Uint8Array> {
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.byteLength;
      if (bytes > UNPACED_BYTES_MAX) throw new Unpaced();
      yield piece;
    }
  } catch (error) {
    onBrokenOff(reasonOf(error));
    throw error;
  }
}

class Unpaced extends Error {
  readonly code = 'unpaced';
}
