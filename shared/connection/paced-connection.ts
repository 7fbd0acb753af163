import type { ServerResponse } from 'node:http';
import { reasonOf } from '../log/reason-of.ts';
import type { Connection, Delivery } from './connection.ts';

/** A connection of which the library's own response is at hand. */
export function pacedConnection(response: ServerResponse): Connection {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  if (response.destroyed) leave();
  else response.once('close', () => response.writableFinished || leave());
  return {
    gone: leaving.signal,
    carry: (body, delivery) => carryPaced(response, leaving.signal, body, delivery),
  };
}

/**
 * The library writes a piece and asks for the next at once; it gets that when the last one is on its way, so that no more
 * than a piece and the socket's own buffer wait here, however slow the reader is.
 */
async function* carryPaced(
  response: ServerResponse,
  gone: AbortSignal,
  body: AsyncIterable<Uint8Array>,
  { stallMilliseconds, onBrokenOff }: Delivery,
): AsyncIterable<Uint8Array> {
  // It sets the headers before it asks for the first piece, and sends them with that: an event source would not open until its
  // first event. A runtime that asks sooner than it must (streams may) has set none yet, and could then set none any more.
  if (response.getHeaderNames().length > 0) response.flushHeaders();
  try {
    for await (const piece of body) {
      yield piece;
      if ((await takenOn(response, stallMilliseconds)) === 'stalled') throw new Stalled();
    }
  } catch (error) {
    // Ended in quiet, as the library has nobody to tell: its `end` does nothing to a connection that is no more.
    if (gone.aborted) return;
    response.destroy();
    onBrokenOff(reasonOf(error));
  }
}

class Stalled extends Error {
  readonly code = 'stalled';
}

/** Waits until the socket takes more. */
function takenOn(response: ServerResponse, stallMilliseconds: number): Promise<'ready' | 'stalled'> | 'ready' {
  if (!response.writableNeedDrain) return 'ready';
  return new Promise((resolve) => {
    const settle = (outcome: 'ready' | 'stalled'): void => {
      clearTimeout(stall);
      response.off('drain', ready).off('close', ready);
      resolve(outcome);
    };
    const ready = (): void => settle('ready');
    const stall = setTimeout(settle, stallMilliseconds, 'stalled').unref();
    response.once('drain', ready).once('close', ready);
  });
}
