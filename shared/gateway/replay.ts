/** What is kept of a request's body, so that the request can be sent once more. */
const KEPT_BYTES_MAX = 64 * 1024;

/** A body that streams as it comes, and can be had from its beginning again as long as it has been small. */
export interface KeptBody {
  /** From the beginning; whoever reads it after another takes over from there. */
  read(): AsyncIterable<Uint8Array>;
  /** Whether it can still be had from the beginning. */
  isWhole(): boolean;
  /** Nobody is going to ask for it again: whoever stops reading lets go of the rest. */
  release(): void;
}

/** Keeps what has been read, and the rest unread, until more has come than is kept. */
export function keepBody(source: AsyncIterable<Uint8Array>): KeptBody {
  const iterator = source[Symbol.asyncIterator]();
  const pieces = keepPieces(iterator);
  let readers = 0;
  let released = false;
  let left = false;

  const letGo = async (): Promise<void> => {
    await iterator.return?.();
  };
  const reader = (): AsyncIterator<Uint8Array> => {
    let at = pieces.first();
    left = false;
    readers += 1;
    const own = readers;
    return {
      async next() {
        for (;;) {
          const value = pieces.at(at);
          if (value !== undefined) {
            at += 1;
            if (own === readers) pieces.pass(at);
            return { done: false, value };
          }
          if (pieces.isEnd()) return { done: true, value: undefined };
          if (own !== readers) throw new Error('read by another');
          await pieces.pull();
        }
      },
      async return() {
        // A connection may end its body when the next has begun with it, and must not take that one's rest away.
        if (own === readers) {
          left = true;
          if (released || !pieces.isWhole()) await letGo();
        }
        return { done: true, value: undefined };
      },
    };
  };
  return {
    read: () => ({ [Symbol.asyncIterator]: reader }),
    isWhole: pieces.isWhole,
    release() {
      released = true;
      if (left) letGo().catch(() => undefined);
    },
  };
}

/** All that comes is kept until it is passed: the piece that is one too many may come while a second reader is at the first. */
function keepPieces(iterator: AsyncIterator<Uint8Array>) {
  const kept: Uint8Array[] = [];
  /** How many at the beginning are kept no longer. */
  let dropped = 0;
  let bytes = 0;
  let whole = true;
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let pulling: Promise<void> | undefined;

  const pullOne = async (): Promise<void> => {
    try {
      const step = await iterator.next();
      if (step.done) {
        ended = true;
        return;
      }
      kept.push(step.value);
      bytes += step.value.byteLength;
      if (bytes > KEPT_BYTES_MAX) whole = false;
    } catch (error) {
      // Sent again, what had come by then would pass for all of it. Whoever asks an iterator on after that is told of an end.
      whole = false;
      failure = { error };
    } finally {
      pulling = undefined;
    }
  };
  return {
    isWhole: () => whole,
    first: () => dropped,
    at: (index: number) => kept[index - dropped],
    /** Whoever reads is there: what is before it is kept only as long as all is. */
    pass(index: number): void {
      if (!whole) dropped += kept.splice(0, index - dropped).length;
    },
    /** Throws what the source has thrown, each time. */
    isEnd(): boolean {
      if (failure !== undefined) throw failure.error;
      return ended;
    },
    /** One that was left in the middle of a piece and the one after it wait for the same. */
    pull(): Promise<void> {
      pulling ??= pullOne();
      return pulling;
    },
  };
}
