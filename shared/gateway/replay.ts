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
  const kept: Uint8Array[] = [];
  let bytes = 0;
  let whole = true;
  let held = true;
  let left = false;
  let end: IteratorResult<Uint8Array> | undefined;
  let pulling: Promise<IteratorResult<Uint8Array>> | undefined;

  const lose = (): void => {
    whole = false;
    held = false;
    kept.length = 0;
  };
  const pull = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      const step = await iterator.next();
      if (step.done) end = step;
      else if (whole) {
        bytes += step.value.byteLength;
        if (bytes > KEPT_BYTES_MAX) lose();
        else kept.push(step.value);
      }
      return step;
    } catch (error) {
      // Sent again, what had come by then would pass for all of it.
      lose();
      throw error;
    } finally {
      pulling = undefined;
    }
  };
  const letGo = async (): Promise<void> => {
    await iterator.return?.();
  };
  const reader = (): AsyncIterator<Uint8Array> => {
    let at = 0;
    left = false;
    return {
      async next() {
        const known = kept[at];
        at += 1;
        if (whole && known !== undefined) return { done: false, value: known };
        // One that was left in the middle of a read and the one after it wait for the same piece.
        if (end !== undefined) return end;
        pulling ??= pull();
        return pulling;
      },
      async return() {
        left = true;
        if (!held) await letGo();
        return { done: true, value: undefined };
      },
    };
  };
  return {
    read: () => ({ [Symbol.asyncIterator]: reader }),
    isWhole: () => whole,
    release() {
      held = false;
      if (left) letGo().catch(() => undefined);
    },
  };
}
