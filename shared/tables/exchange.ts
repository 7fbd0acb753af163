import { type Dispatcher, Pool } from 'undici';

/** Calls under way at once, of one instance with one service; the rest wait, within their deadlines. */
const CONNECTIONS_MAX = 256;
const CONNECT_DEADLINE_MILLISECONDS = 5_000;
/** Making a connection anew costs more than a read; before this is over, nothing on the way drops one that rests. */
const KEEP_ALIVE_MILLISECONDS = 30_000;
const HEADER_BYTES_MAX = 16 * 1024;
/** An entity of 1 MiB is 1.4 MB in base64, and 3 MiB at the very most: text of which JSON escapes each character. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Null for one that is longer than any that the service gives. */
  readonly body: Buffer | null;
}

/**
 * Asks once. No redirect is followed, and nothing is repeated.
 *
 * @param path with its query, as it is sent
 * @param headers names and values in turn
 * @throws what the network does, and the signal's reason as soon as that aborts: the connection is given up with it
 */
export type Exchange = (path: string, headers: readonly string[], signal: AbortSignal) => Promise<Answer>;

/**
 * GETs of one origin over kept connections of our own, each of which carries one request at a time. `undici`'s `dispatch`
 * tells of an answer as it comes: `request` would make a stream of each. No deadline but the signal's.
 *
 * @param options for tests: whom to trust, and how many connections there may be
 */
export function createExchange(
  origin: string,
  { connections = CONNECTIONS_MAX, ...tls }: { readonly ca?: string; readonly connections?: number } = {},
): Exchange {
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    // Nothing here is made for calls that share a connection, nor does the service speak HTTP/2.
    allowH2: false,
    connect: { timeout: CONNECT_DEADLINE_MILLISECONDS, ...tls },
    keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return (path, headers, signal) => get(pool, path, headers, signal);
}

function get(pool: Dispatcher, path: string, sent: readonly string[], signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let status = 0;
    let headers: Headers = {};
    const chunks: Buffer[] = [];
    let bytes = 0;
    const giveUp = (): void => {
      const reason = signal.reason as Error;
      reject(reason);
      controller?.abort(reason);
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    pool.dispatch(
      { path, method: 'GET', headers: sent as string[] },
      {
        onRequestStart(started) {
          // It may have waited for a connection until nobody waited for it: then the connection is left to the next, of which there
          // are many after a storage that hung. To abort it here would close that.
          if (signal.aborted) throw signal.reason;
          controller = started;
        },
        onResponseStart(_, answered, given) {
          status = answered;
          headers = given;
        },
        onResponseData(reading, chunk) {
          bytes += chunk.length;
          chunks.push(chunk);
          if (bytes <= BODY_BYTES_MAX) return;
          resolve({ status, headers, body: null });
          reading.abort(new Error('an answer that is too long'));
        },
        onResponseEnd() {
          signal.removeEventListener('abort', giveUp);
          const [only] = chunks;
          resolve({ status, headers, body: chunks.length === 1 && only ? only : Buffer.concat(chunks) });
        },
        onResponseError(_, error) {
          signal.removeEventListener('abort', giveUp);
          reject(error);
        },
      },
    );
  });
}
