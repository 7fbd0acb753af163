import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';

/** What may have come of an answer that nobody has taken: as much as a stream of Node's own holds. */
const WAITING_BYTES_MAX = 64 * 1024;
/** Well below what a connection takes without having anybody wait for it: given on at once, it is paced all the same. */
const WHOLE_BYTES_MAX = 32 * 1024;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** How an answer begins. */
export interface Head {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Headers;
}

/**
 * One request and its answer at undici's own level, without the streams, signals and scopes that its `request` makes of each: a
 * call of an API costs half of what it did, and it can be told whether a small answer is there already.
 *
 * @see https://undici.nodejs.org/#/docs/api/Dispatcher `Dispatcher.dispatch`
 */
export class Exchange implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array> {
  /** Rejects with what the call was given up for, or by what it failed. */
  readonly head: Promise<Head>;
  readonly #begin: (head: Head) => void;
  readonly #fail: (error: unknown) => void;
  readonly #upload: Readable | null;
  readonly #over: () => void;
  readonly #pieces: Uint8Array[] = [];
  #waitingBytes = 0;
  #controller: Dispatcher.DispatchController | undefined;
  #ended = false;
  #failure: { readonly error: Error } | undefined;
  /** Whoever has asked for a piece before it came. */
  #wake: (() => void) | undefined;

  /**
   * @param upload the request's body; let go of where the call fails
   * @param over told once nothing more is to come of it, or nobody wants it
   */
  constructor(upload: Readable | null, over: () => void) {
    const { promise, resolve, reject } = Promise.withResolvers<Head>();
    this.head = promise;
    this.#begin = resolve;
    this.#fail = reject;
    this.#upload = upload;
    this.#over = over;
  }

  /** Ends it, wherever it is: whoever waits for it, or reads it, is told this. */
  giveUp(error: Error): void {
    this.#break(error);
    this.#pieces.length = 0;
    this.#controller?.abort(error);
  }

  /**
   * All of the answer's content, where it is there already and small; undefined where more may come. Whoever is given it is not to
   * read on. To be asked before anything else is waited for after `head`: what came with it is there by then.
   */
  whole(): Uint8Array | undefined {
    if (!this.#ended || this.#waitingBytes > WHOLE_BYTES_MAX) return undefined;
    this.#over();
    return inOne(this.#pieces);
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      if (this.#pieces.length > 0) {
        // An API that writes byte by byte would have each of them cost what a large piece does.
        const value = inOne(this.#pieces.splice(0));
        this.#waitingBytes = 0;
        this.#controller?.resume();
        return { done: false, value };
      }
      if (this.#failure !== undefined) throw this.#failure.error;
      if (this.#ended) {
        this.#over();
        return { done: true, value: undefined };
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Lets go of what is left. */
  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#ended) this.giveUp(new Abandoned());
    this.#over();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection.
    if (this.#failure !== undefined) controller.abort(this.#failure.error);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status >= 200) this.#begin({ status, headers });
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.#pieces.push(piece);
    this.#waitingBytes += piece.byteLength;
    if (this.#waitingBytes >= WAITING_BYTES_MAX) controller.pause();
    this.#tell();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#tell();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#break(error);
  }

  #break(error: Error): void {
    // Of what has come to its end, and is thrown away unread, the reader must not be told that end.
    if (this.#failure !== undefined || (this.#ended && this.#pieces.length === 0)) return;
    this.#failure = { error };
    this.#fail(error);
    this.#upload?.on('error', () => {}).destroy(error);
    this.#over();
    this.#tell();
  }

  #tell(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

function inOne(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  return pieces.length === 1 && only ? only : Buffer.concat(pieces);
}

class Abandoned extends Error {
  readonly code = 'abandoned';
}
