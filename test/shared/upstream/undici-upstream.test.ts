import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { UpstreamAnswer, UpstreamCall, UpstreamFailure } from '../../../shared/gateway/upstream.ts';
import { createUpstream } from '../../../shared/upstream/undici-upstream.ts';
import { offeredProtocols } from './offered-protocols.ts';
import { bytesOf, type RawApi, startRawApi } from './raw-api.ts';

const upstream = createUpstream();

const call = (api: Pick<RawApi, 'origin'>, more: Partial<UpstreamCall> = {}): UpstreamCall => ({
  method: 'GET',
  url: `${api.origin}/items?a=1`,
  headers: {},
  body: null,
  limits: { silenceMilliseconds: 60_000, requestBytesMax: 1024 * 1024 },
  gone: new AbortController().signal,
  ...more,
});
const silentFor = (silenceMilliseconds: number) => ({ silenceMilliseconds, requestBytesMax: 1024 * 1024 });

function answered(answer: UpstreamAnswer | UpstreamFailure): UpstreamAnswer {
  if (answer.outcome !== 'answered') throw new Error(`${answer.outcome}: ${answer.reason}`);
  return answer;
}

/** A request's or an answer's body that a test sends piece by piece, and can break off. */
function piecewise() {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  writer.closed.catch(() => undefined);
  return {
    body: readable as AsyncIterable<Uint8Array>,
    send: (text: string) => writer.write(Buffer.from(text)),
    end: () => writer.close(),
    breakOff: (reason?: Error) => writer.abort(reason),
  };
}

describe('a call of an API', () => {
  it('carries method, target, headers and body, and brings back status, headers and body', async () => {
    await using api = await startRawApi(async (request, response) => {
      const { method, url, headers } = request;
      const came = { method, url, probe: headers['x-probe'], body: (await bytesOf(request)).toString() };
      response.writeHead(207, { 'X-Answer': 'yes' }).end(JSON.stringify(came));
    });
    const upload = piecewise();
    const asked = call(api, { method: 'PATCH', headers: { 'x-probe': 'p' }, body: upload.body });
    const [answer] = await Promise.all([upstream(asked), upload.send('whole').then(upload.end)]);
    const { status, headers, body } = answered(answer);
    expect({ status, answer: headers['x-answer'] }).toEqual({ status: 207, answer: 'yes' });
    expect(JSON.parse((await bytesOf(body)).toString())).toEqual({
      method: 'PATCH',
      url: '/items?a=1',
      probe: 'p',
      body: 'whole',
    });
  });

  it('streams the request: its first bytes arrive before its last are sent', async () => {
    const upload = piecewise();
    const pieces: string[] = [];
    await using api = await startRawApi(async (request, response) => {
      for await (const chunk of request) {
        pieces.push(String(chunk));
        if (pieces.length === 1) void upload.send('second').then(upload.end);
      }
      response.end();
    });
    const [answer] = await Promise.all([
      upstream(call(api, { method: 'POST', body: upload.body })),
      upload.send('first'),
    ]);
    expect(answered(answer).status).toBe(200);
    expect(pieces).toEqual(['first', 'second']);
  });

  it('streams the answer: its first bytes are read before its last are sent', async () => {
    const goOn = Promise.withResolvers<void>();
    await using api = await startRawApi(async (_request, response) => {
      response.write('first');
      await goOn.promise;
      response.end('second');
    });
    const pieces: string[] = [];
    for await (const chunk of answered(await upstream(call(api))).body) {
      pieces.push(String(chunk));
      goOn.resolve();
    }
    expect(pieces).toEqual(['first', 'second']);
  });

  it('has all of a small answer at once, which came with its headers, and takes no part for all of it', async () => {
    const goOn = Promise.withResolvers<void>();
    await using api = await startRawApi(async (request, response) => {
      if (request.method !== 'DELETE') return response.end('all of it');
      response.write('first');
      await goOn.promise;
      return response.end('second');
    });
    expect(String(answered(await upstream(call(api))).whole)).toBe('all of it');
    expect(answered(await upstream(call(api, { method: 'HEAD' }))).whole).toHaveLength(0);
    const { whole, body } = answered(await upstream(call(api, { method: 'DELETE' })));
    expect(whole).toBeUndefined();
    goOn.resolve();
    expect(String(await bytesOf(body))).toBe('firstsecond');
  });

  it('asks an API for no more of its answer than is read', async () => {
    const long = Buffer.alloc(32 * 1024 * 1024, 'x');
    let sent = false;
    await using api = await startRawApi((request, response) => {
      if (request.url === '/long') response.once('finish', () => (sent = true)).end(long);
      else response.end();
    });
    const { whole, body } = answered(await upstream(call(api, { url: `${api.origin}/long` })));
    // As much time as the rest would have needed.
    for (let calls = 0; calls < 100; calls += 1) await upstream(call(api));
    expect({ whole, sent }).toEqual({ whole: undefined, sent: false });
    expect((await bytesOf(body)).equals(long)).toBe(true);
  });

  it('leaves a compressed answer compressed', async () => {
    const zipped = gzipSync('text');
    await using api = await startRawApi((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': zipped.length }).end(zipped);
    });
    const { headers, body } = answered(await upstream(call(api, { headers: { 'accept-encoding': 'gzip' } })));
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(zipped.length) });
    const bytes = await bytesOf(body);
    expect(bytes.equals(zipped)).toBe(true);
    expect(gunzipSync(bytes).toString()).toBe('text');
  });

  it('follows no redirect, which would take the token along', async () => {
    const targets: (string | undefined)[] = [];
    await using api = await startRawApi((request, response) => {
      targets.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const answer = answered(await upstream(call(api, { headers: { authorization: 'Bearer t' } })));
    expect({ status: answer.status, location: answer.headers.location }).toEqual({
      status: 302,
      location: '/elsewhere',
    });
    expect(targets).toEqual(['/items?a=1']);
    answer.discard();
  });

  it('goes by HTTP/1.1, also to an API that would rather have HTTP/2, in which a part of an answer passed for the whole', async () => {
    expect(await offeredProtocols((origin) => upstream(call({ origin })))).toEqual(['http/1.1']);
  });

  it('lets go of an answer that nobody reads', async () => {
    const gone = Promise.withResolvers<void>();
    await using api = await startRawApi((_request, response) => {
      response.once('close', gone.resolve).write('much more than this');
    });
    answered(await upstream(call(api))).discard();
    await gone.promise;
  });

  it('breaks off the answer where the API does', async () => {
    await using api = await startRawApi((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('the beginning', () => response.destroy());
    });
    const { status, body } = answered(await upstream(call(api)));
    expect(status).toBe(200);
    await expect(bytesOf(body)).rejects.toThrow();
  });
});

describe('a call that gets no answer', () => {
  it('is unreachable where nobody listens', async () => {
    const api = await startRawApi(() => undefined);
    await api[Symbol.asyncDispose]();
    expect(await upstream(call(api))).toEqual({ outcome: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it('is unreachable where nobody listens, and lets go of what was to be sent', async () => {
    const api = await startRawApi(() => undefined);
    await api[Symbol.asyncDispose]();
    const letGo = Promise.withResolvers<void>();
    const body = new ReadableStream<Uint8Array>({ cancel: () => letGo.resolve() });
    expect(await upstream(call(api, { method: 'POST', body }))).toMatchObject({ outcome: 'unreachable' });
    await letGo.promise;
  });

  it('is unreachable where the API hangs up in the middle of an upload', async () => {
    await using api = await startRawApi((request) => {
      request.once('data', () => request.socket.resetAndDestroy());
    });
    const upload = piecewise();
    const [answer] = await Promise.all([
      upstream(call(api, { method: 'POST', body: upload.body })),
      upload.send('the beginning'),
    ]);
    expect(answer).toMatchObject({ outcome: 'unreachable' });
  });

  it('has timed out where the API takes the call and says nothing', async () => {
    await using api = await startRawApi(() => undefined);
    expect(await upstream(call(api, { limits: silentFor(20) }))).toEqual({ outcome: 'timeout', reason: 'silence' });
  });

  it('has timed out where the API takes nothing more of an upload, and lets go of what was to be sent', async () => {
    await using api = await startRawApi((request) => request.on('error', () => {}));
    const letGo = Promise.withResolvers<void>();
    async function* endless(): AsyncIterable<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(64 * 1024);
      } finally {
        letGo.resolve();
      }
    }
    const limits = { silenceMilliseconds: 200, requestBytesMax: 1024 ** 3 };
    const answer = await upstream(call(api, { method: 'POST', body: endless(), limits }));
    expect(answer).toEqual({ outcome: 'timeout', reason: 'silence' });
    await letGo.promise;
  });

  it('has timed out where the answer does not begin in the time that the caller has', async () => {
    await using api = await startRawApi(() => undefined);
    const limits = { ...silentFor(60_000), answerMilliseconds: 20 };
    expect(await upstream(call(api, { limits }))).toEqual({ outcome: 'timeout', reason: 'answer' });
  });

  it('is the caller’s fault where its body does not come in that time', async () => {
    await using api = await startRawApi((request) => request.on('error', () => {}).resume());
    const { body } = piecewise();
    const limits = { ...silentFor(1), answerMilliseconds: 20 };
    const answer = await upstream(call(api, { method: 'POST', body, limits }));
    expect(answer).toEqual({ outcome: 'client-gone', reason: 'answer' });
  });

  it.each([
    ['is no HTTP', 'HTTP/1.1 2x0 Odd\r\n\r\n', 'HTTPParserError'],
    ['has a length that is none', 'HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\nok', 'HTTPParserError'],
    [
      'says twice how long it is',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok',
      'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    ],
    [
      'says two ways how long it is',
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    ],
    [
      'has more headers than anybody reads',
      `HTTP/1.1 200 OK\r\nx-large: ${'x'.repeat(20_000)}\r\n\r\n`,
      'UND_ERR_HEADERS_OVERFLOW',
    ],
  ])('is not believed where what comes %s, and the log says why', async (_what, bytes, reason) => {
    await using api = await startRawApi((request) => request.socket.end(bytes));
    expect(await upstream(call(api))).toEqual({ outcome: 'malformed', reason });
  });
});

describe('an answer that has begun', () => {
  it('is not taken for silence because the request goes on for a while', async () => {
    const goOn = Promise.withResolvers<void>();
    await using api = await startRawApi((request, response) => {
      request.resume().once('end', () => {
        const beat = setInterval(() => response.write('.'), 20);
        void goOn.promise.then(() => {
          clearInterval(beat);
          response.end();
        });
      });
      response.write('the beginning');
    });
    const upload = piecewise();
    const asked = call(api, { method: 'POST', body: upload.body, limits: silentFor(200) });
    const [answer] = await Promise.all([upstream(asked), upload.send('the request')]);
    let beats = 0;
    for await (const chunk of answered(answer).body) {
      if (beats === 0) await upload.end();
      beats += chunk.length;
      // Twice as long as it may keep silent.
      if (beats > 33) goOn.resolve();
    }
    expect(beats).toBeGreaterThan(33);
  });

  it('breaks off where the API keeps silent in the middle of it', async () => {
    await using api = await startRawApi((_request, response) => response.write('the beginning'));
    const { body } = answered(await upstream(call(api, { limits: silentFor(1_000) })));
    await expect(bytesOf(body)).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
  });

  it('breaks off where it goes on for longer than a call may, and the API hears of it', async () => {
    const gone = Promise.withResolvers<void>();
    await using api = await startRawApi((_request, response) => {
      response.once('close', gone.resolve).write('the beginning');
    });
    const { body } = answered(await createUpstream({ callMilliseconds: 50 })(call(api)));
    await expect(bytesOf(body)).rejects.toThrow('call');
    await gone.promise;
  });
});

describe('a caller that leaves', () => {
  it('takes a call that has no answer yet along at once', async () => {
    const leaving = new AbortController();
    const closed = Promise.withResolvers<void>();
    await using api = await startRawApi((request) => {
      request.socket.once('close', closed.resolve);
      leaving.abort();
    });
    expect(await upstream(call(api, { gone: leaving.signal }))).toEqual({ outcome: 'client-gone', reason: 'gone' });
    await closed.promise;
  });

  it('takes an answer under way along', async () => {
    const leaving = new AbortController();
    const closed = Promise.withResolvers<void>();
    await using api = await startRawApi((_request, response) => {
      response.once('close', closed.resolve).write('the beginning');
    });
    const { body } = answered(await upstream(call(api, { gone: leaving.signal })));
    leaving.abort();
    await expect(bytesOf(body)).rejects.toThrow('gone');
    await closed.promise;
  });

  it('before the call has nothing sent', async () => {
    let calls = 0;
    await using api = await startRawApi(() => {
      calls += 1;
    });
    const answer = await upstream(call(api, { gone: AbortSignal.abort() }));
    expect(answer).toMatchObject({ outcome: 'client-gone' });
    expect(calls).toBe(0);
  });
});

describe('a request that is too large', () => {
  it('is cut off before the first byte too many, however its length was told', async () => {
    const arrived: number[] = [];
    await using api = await startRawApi((request) => {
      request.on('data', (chunk: Buffer) => arrived.push(chunk.length)).on('error', () => {});
    });
    async function* endless(): AsyncIterable<Uint8Array> {
      for (;;) yield Buffer.alloc(1_000);
    }
    const limits = { silenceMilliseconds: 60_000, requestBytesMax: 10_000 };
    const answer = await upstream(call(api, { method: 'POST', body: endless(), limits }));
    expect(answer).toEqual({ outcome: 'request-too-large', reason: 'body' });
    expect(arrived.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(10_000);
  });
});

describe('a caller that goes away during its upload', () => {
  /** An API that waits for the whole body; the caller breaks off once the first bytes are there. */
  async function uploadBrokenBy(breakOff: (upload: ReturnType<typeof piecewise>) => Promise<void>, headers = {}) {
    const upload = piecewise();
    const cutOff = Promise.withResolvers<unknown>();
    await using api = await startRawApi((request: IncomingMessage) => {
      request.once('data', () => void breakOff(upload));
      request.once('error', cutOff.resolve).resume();
    });
    const [answer] = await Promise.all([
      upstream(call(api, { method: 'PUT', headers, body: upload.body })),
      upload.send('the beginning'),
    ]);
    await cutOff.promise;
    return answer;
  }

  it('is no fault of the API, which is cut off as well', async () => {
    const reset = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    expect(await uploadBrokenBy(({ breakOff }) => breakOff(reset))).toEqual({
      outcome: 'client-gone',
      reason: 'ECONNRESET',
    });
  });

  it('is known without an error that says so', async () => {
    expect(await uploadBrokenBy(({ breakOff }) => breakOff())).toMatchObject({ outcome: 'client-gone' });
  });

  it('is known by a body shorter than it was said to be', async () => {
    expect(await uploadBrokenBy(({ end }) => end(), { 'content-length': '100' })).toEqual({
      outcome: 'client-gone',
      reason: 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH',
    });
  });

  it('is known where it had gone before the first byte', async () => {
    await using api = await startRawApi((request) => request.resume());
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('gone')) });
    const answer = await upstream(call(api, { method: 'POST', body }));
    expect(answer).toEqual({ outcome: 'client-gone', reason: 'Error' });
  });

  it('leaves the API usable for the next call', async () => {
    await using api = await startRawApi(async (request, response) => {
      request.on('error', () => undefined);
      if (request.method === 'GET') response.end();
      else await once(request, 'close');
    });
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('gone')) });
    await upstream(call(api, { method: 'POST', body }));
    expect(answered(await upstream(call(api))).status).toBe(200);
  });
});
