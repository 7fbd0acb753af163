import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { Connection, Delivery } from '../../../shared/connection/connection.ts';
import { watchConnections } from '../../../shared/connection/connections.ts';
import { startLibrary, writeOut } from './library.ts';

const PIECE = Buffer.alloc(64 * 1024, 'exeunt ');
const PIECES_MAX = 4_096;
/** What the kernel takes on both sides, and the socket's own buffer, with room to spare. */
const BUFFERED_PIECES_MAX = 1_024;
const INSTANT_MILLISECONDS = 50;
const LONG_MILLISECONDS = 60_000;

const connections = watchConnections();

/** A body that counts what was taken of it, and says when it was let go. */
function counted(pieces = PIECES_MAX) {
  const letGo = Promise.withResolvers<void>();
  const state = { taken: 0 };
  async function* body(): AsyncIterable<Uint8Array> {
    try {
      for (; state.taken < pieces; state.taken += 1) yield PIECE;
    } finally {
      letGo.resolve();
    }
  }
  return { body: body(), state, letGo: letGo.promise };
}

function delivery(changes: Partial<Delivery> = {}): Delivery & { readonly brokenOff: Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>();
  return {
    bytes: Number.NaN,
    stallMilliseconds: LONG_MILLISECONDS,
    onBrokenOff: resolve,
    brokenOff: promise,
    ...changes,
  };
}

/** Answers every request by what this makes of its connection. */
const answering = (make: (connection: Connection) => AsyncIterable<Uint8Array> | null) =>
  startLibrary((invocationId, response: ServerResponse) => {
    const body = make(connections.take(invocationId));
    if (body === null) throw new Error('not carried');
    return writeOut(response, body);
  });

describe('a connection that has been found', () => {
  it('gives a reader who keeps up every byte', async () => {
    const { body } = counted(200);
    await using library = await answering((connection) => connection.carry(body, delivery()));
    const answer = await library.ask('1');
    let bytes = 0;
    for await (const piece of answer) bytes += (piece as Buffer).length;
    expect(bytes).toBe(200 * PIECE.length);
    expect(answer.complete).toBe(true);
  });

  it('asks for no more than the sockets hold while nobody reads, and for the rest when somebody does', async () => {
    const { body, state } = counted();
    await using library = await answering((connection) => connection.carry(body, delivery()));
    const answer = await library.ask('1');
    // Settled when nothing has been taken for a while: there is no event for what does not happen.
    for (let before = -1; before !== state.taken; await new Promise((resolve) => setTimeout(resolve, 100))) {
      before = state.taken;
    }
    expect(state.taken).toBeLessThan(BUFFERED_PIECES_MAX);
    answer.resume();
    await once(answer, 'end');
    expect(state.taken).toBe(PIECES_MAX);
  });

  it('breaks off where nobody takes anything for too long, and lets go of the body', async () => {
    const { body, state, letGo } = counted();
    const { brokenOff, ...told } = delivery({ stallMilliseconds: INSTANT_MILLISECONDS });
    await using library = await answering((connection) => connection.carry(body, told));
    const answer = await library.ask('1');
    expect(await brokenOff).toBe('stalled');
    await letGo;
    expect(state.taken).toBeLessThan(BUFFERED_PIECES_MAX);
    answer.resume();
    await expect(once(answer, 'end')).rejects.toThrow('aborted');
  });

  it('sends the headers before there is a first piece', async () => {
    const first = Promise.withResolvers<void>();
    async function* late(): AsyncIterable<Uint8Array> {
      await first.promise;
      yield PIECE;
    }
    await using library = await answering((connection) => connection.carry(late(), delivery()));
    const answer = await library.ask('1');
    expect(answer.headers['x-answer']).toBe('yes');
    first.resolve();
    answer.resume();
    await once(answer, 'end');
  });

  it('leaves status and headers to the library where a runtime asks for the first piece before they are set', async () => {
    async function* one(): AsyncIterable<Uint8Array> {
      yield PIECE;
    }
    await using library = await startLibrary(async (invocationId, response) => {
      const body = connections.take(invocationId).carry(one(), delivery());
      const pieces = (body ?? one())[Symbol.asyncIterator]();
      const first = pieces.next();
      await new Promise(setImmediate);
      async function* eager(): AsyncIterable<Uint8Array> {
        for (let piece = await first; !piece.done; piece = await pieces.next()) yield piece.value;
      }
      response.statusCode = 206;
      await writeOut(response, eager()).catch(() => response.destroy());
    });
    const answer = await library.ask('1');
    answer.resume();
    await once(answer, 'end');
    expect([answer.statusCode, answer.headers['x-answer']]).toEqual([206, 'yes']);
  });

  it('breaks off where the body does, so that a part is not taken for the whole', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield PIECE;
      throw Object.assign(new Error('the API hung up'), { code: 'UND_ERR_SOCKET' });
    }
    const { brokenOff, ...told } = delivery();
    await using library = await answering((connection) => connection.carry(broken(), told));
    const answer = await library.ask('1');
    answer.resume();
    await expect(once(answer, 'end')).rejects.toThrow('aborted');
    expect(await brokenOff).toBe('UND_ERR_SOCKET');
  });
});

describe('who leaves', () => {
  it('is told of at once, though nothing is written, and is no failure of the answer', async () => {
    const gone = Promise.withResolvers<void>();
    const told: string[] = [];
    const ended = Promise.withResolvers<void>();
    await using library = await startLibrary(async (invocationId, response) => {
      const connection = connections.take(invocationId);
      connection.gone.addEventListener('abort', () => gone.resolve());
      // As a call of an API does that is aborted then.
      async function* waiting(): AsyncIterable<Uint8Array> {
        yield PIECE;
        await gone.promise;
        throw new Error('gone');
      }
      const body = connection.carry(waiting(), delivery({ onBrokenOff: (reason) => told.push(reason) }));
      await writeOut(response, body ?? waiting());
      ended.resolve();
    });
    const answer = await library.ask('1');
    answer.destroy();
    await gone.promise;
    await ended.promise;
    expect(told).toEqual([]);
  });

  it('while it has not taken what was sent frees what waits', async () => {
    const { body, letGo, state } = counted();
    await using library = await answering((connection) => {
      connection.gone.addEventListener('abort', () => void body[Symbol.asyncIterator]().return?.());
      return connection.carry(body, delivery());
    });
    const answer = await library.ask('1');
    answer.destroy();
    await letGo;
    expect(state.taken).toBeLessThan(PIECES_MAX);
  });

  it('before anybody asked is known as gone by whoever asks with the response still at hand', async () => {
    const taken = Promise.withResolvers<Connection>();
    await using library = await startLibrary((invocationId, response) => {
      response.destroy();
      taken.resolve(connections.take(invocationId));
    });
    await expect(library.ask('1')).rejects.toThrow();
    expect((await taken.promise).gone.aborted).toBe(true);
  });

  it('with all of the answer has not left', async () => {
    const signals: AbortSignal[] = [];
    const closed = Promise.withResolvers<void>();
    await using library = await startLibrary((invocationId, response) => {
      signals.push(connections.take(invocationId).gone);
      response.once('close', closed.resolve).end('all');
    });
    const answer = await library.ask('1');
    answer.resume();
    await closed.promise;
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});

describe('a connection that cannot be found', () => {
  const MEBIBYTE = 1024 * 1024;
  const unknown = () => connections.take('nobody');
  const mebibytes = async function* (count: number): AsyncIterable<Uint8Array> {
    for (let each = 0; each < count; each += 1) yield Buffer.alloc(MEBIBYTE);
  };
  const lengthOf = async (body: AsyncIterable<Uint8Array> | null): Promise<number> => {
    let bytes = 0;
    for await (const piece of body ?? []) bytes += piece.byteLength;
    return bytes;
  };

  it('carries 16 MiB', async () => {
    expect(await lengthOf(unknown().carry(mebibytes(16), delivery()))).toBe(16 * MEBIBYTE);
  });

  it('breaks off past that, by an error, and says why', async () => {
    const { brokenOff, ...told } = delivery();
    await expect(lengthOf(unknown().carry(mebibytes(17), told))).rejects.toThrow();
    expect(await brokenOff).toBe('unpaced');
  });

  it('does not begin with what says that it is longer, and ends its call', () => {
    const connection = unknown();
    expect(connection.carry(mebibytes(0), delivery({ bytes: 16 * MEBIBYTE + 1 }))).toBeNull();
    expect(connection.gone.aborted).toBe(true);
  });

  it('says by which error a body ended', async () => {
    async function* broken(): AsyncIterable<Uint8Array> {
      yield PIECE;
      throw new TypeError('no code');
    }
    const { brokenOff, ...told } = delivery();
    await expect(lengthOf(unknown().carry(broken(), told))).rejects.toThrow('no code');
    expect(await brokenOff).toBe('TypeError');
  });
});
