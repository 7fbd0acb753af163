import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { bytesOf } from '../shared/upstream/raw-api.ts';
import { expectProblem } from './support/headers.ts';
import { rawGround } from './support/raw-ground.ts';
import { bringIn } from './support/sign-in.ts';
import { openCall } from './support/streamed.ts';

const TEXT = 'Exit, pursued by a bear. ';
const ground = rawGround();

/** A call whose answer is read to its end. */
async function whole(path: string, sent: Parameters<typeof ground.open>[1] = {}) {
  const call = ground.open(path, sent);
  call.outgoing.end();
  const answer = await call.answer;
  return { status: answer.statusCode, headers: answer.headers, text: (await bytesOf(answer)).toString('latin1') };
}

describe('server-sent events', () => {
  it('arrive as they are sent: each before the next is, and the first after the stream has opened', async () => {
    const asked: Promise<unknown>[] = [];
    const asks: (() => void)[] = [];
    for (let event = 0; event < 5; event += 1) {
      const { promise, resolve } = Promise.withResolvers<void>();
      asked.push(promise);
      asks.push(resolve);
    }
    ground.answerWith(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      for (const [at, isAsked] of asked.entries()) {
        await isAsked;
        response.write(`data: ${at}\n\n`);
      }
      response.end();
    });
    const answer = await ground.open('/events').answer;
    expect(answer.headers['content-type']).toBe('text/event-stream');
    const pieces = answer[Symbol.asyncIterator]();
    for (const [at, ask] of asks.entries()) {
      ask();
      expect(String((await pieces.next()).value)).toBe(`data: ${at}\n\n`);
    }
    expect((await pieces.next()).done).toBe(true);
  });
});

describe('a sign-out in the middle of an answer', () => {
  it('cuts nothing off, and whatever is asked next is refused', async () => {
    const begun = Promise.withResolvers<ServerResponse>();
    ground.answerWith((_request, response) => {
      response.write('before');
      begun.resolve(response);
    });
    const { browser } = await bringIn(ground.world, undefined, ground.app);
    const url = `${ground.app.origin}/api/raw/events`;
    const answer = await openCall(browser, url).answer;
    const pieces = answer[Symbol.asyncIterator]();
    expect(String((await pieces.next()).value)).toBe('before');
    await browser.submit(`${ground.app.origin}/auth/signout`, {}, ground.app.origin);
    (await begun.promise).end('after');
    expect(String((await pieces.next()).value)).toBe('after');
    expectProblem(await browser.fetch(url, { headers: { 'x-csrf': '1' } }), 401, 'session_required');
  });
});

describe('a browser that goes away', () => {
  const closed = ({ socket }: IncomingMessage) => new Promise((resolve) => socket.once('close', resolve));

  it('before the answer has begun takes the call of the API along', async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    ground.answerWith((request) => arrived.resolve(request));
    const { leave } = ground.open('/slow');
    const request = await arrived.promise;
    const refused = ground.app.host.next(/"api\.failed"/);
    leave();
    await closed(request);
    expect(JSON.parse(await refused)).toMatchObject({ code: 'request_incomplete', reason: 'gone' });
  });

  it('in the middle of an answer that is silent just now takes it along', async () => {
    const arrived = Promise.withResolvers<IncomingMessage>();
    ground.answerWith((request, response) => {
      response.write(TEXT);
      arrived.resolve(request);
    });
    const { answer, leave } = ground.open('/events');
    await once(await answer, 'data');
    const request = await arrived.promise;
    leave();
    await closed(request);
  });

  it('in the middle of its upload is not waited for', async () => {
    const begun = Promise.withResolvers<IncomingMessage>();
    ground.answerWith((request) => request.on('error', () => {}).once('data', () => begun.resolve(request)));
    const { outgoing, leave } = ground.open('/files', { method: 'PUT', headers: { 'content-length': '1000000' } });
    outgoing.write(TEXT);
    const request = await begun.promise;
    const refused = ground.app.host.next(/"api\.failed"/);
    leave();
    await closed(request);
    expect(JSON.parse(await refused)).toMatchObject({ code: 'request_incomplete' });
  });

  it('is no failure, and the next call goes through', async () => {
    const { length } = ground.app.host.lines;
    ground.answerWith((_request, response) => response.write(TEXT));
    const { answer, leave } = ground.open('/events');
    await once(await answer, 'data');
    leave();
    ground.answerWith((_request, response) => response.end(TEXT));
    expect(await whole('/me')).toMatchObject({ status: 200, text: TEXT });
    const said = ground.app.host.lines.slice(length).join('\n');
    expect(said).not.toMatch(/broken-off|api\.failed|failed:/);
  });
});

describe('an answer that breaks off', () => {
  it.each([
    ['with a length', { 'content-length': '1000' }],
    ['without one', {}],
  ])('%s is not taken for whole, and the log says why', async (_what, headers) => {
    ground.answerWith((_request, response) => {
      response.writeHead(200, headers).write(TEXT, () => setImmediate(() => response.destroy()));
    });
    const said = ground.app.host.next(/"api\.broken-off"/);
    await expect(whole('/me')).rejects.toThrow('aborted');
    expect(JSON.parse(await said)).toMatchObject({ api: 'raw', reason: 'UND_ERR_SOCKET' });
  });
});

describe('an upload', () => {
  it('arrives as it is sent', async () => {
    const pieces = Promise.withResolvers<AsyncIterator<Buffer>>();
    ground.answerWith((request, response) => {
      pieces.resolve(request[Symbol.asyncIterator]());
      request.once('end', () => response.end());
    });
    const { outgoing, answer } = ground.open('/files', { method: 'POST' });
    for (const text of ['first', 'second', 'third']) {
      outgoing.write(text);
      const arriving = await pieces.promise;
      expect(String((await arriving.next()).value)).toBe(text);
    }
    outgoing.end();
    const { done } = await (await pieces.promise).next();
    expect([done, (await answer).statusCode]).toEqual([true, 200]);
  });

  it('that the API refuses before it has read it is answered by what the API says', async () => {
    ground.answerWith((_request, response) => response.writeHead(409, { etag: '"other"' }).end(TEXT));
    const { outgoing, answer } = ground.open('/files', { method: 'PUT', headers: { 'content-length': '1000000' } });
    outgoing.write(TEXT);
    const { statusCode, headers } = await answer;
    expect([statusCode, headers.etag]).toEqual([409, '"other"']);
    outgoing.destroy();
  });
});

describe('what HTTP says of an answer', () => {
  it('to HEAD stays the length of the one to GET', async () => {
    ground.answerWith((_request, response) => response.writeHead(200, { 'content-length': '12345' }).end());
    const { status, headers, text } = await whole('/file', { method: 'HEAD' });
    expect([status, headers['content-length'], text]).toEqual([200, '12345', '']);
  });

  it('to OPTIONS is the API’s own', async () => {
    ground.answerWith(({ method }, response) => response.writeHead(200, { 'content-length': '7' }).end(method));
    expect(await whole('/file', { method: 'OPTIONS' })).toMatchObject({ status: 200, text: 'OPTIONS' });
  });

  it.each([204, 304])('stays at %d, with its ETag', async (status) => {
    ground.answerWith((request, response) =>
      response.writeHead(status, { etag: String(request.headers['if-none-match']) }).end(),
    );
    const answer = await whole('/file', { headers: { 'if-none-match': 'W/"7"' } });
    expect([answer.status, answer.headers.etag, answer.text]).toEqual([status, 'W/"7"', '']);
    expect(answer.headers['content-length'] ?? '0').toBe('0');
  });

  it.each([
    ['bytes=5-9', '"v1"', 206, 'bytes 5-9/25', 'purs'],
    ['bytes=-5', '"v1"', 206, 'bytes 20-24/25', 'bear.'],
    ['bytes=90-', '"v1"', 416, 'bytes */25', ''],
    // Of another version than the browser has the beginning of.
    ['bytes=5-9', '"v0"', 200, undefined, TEXT.trim()],
  ])('of a part, %s if %s, is %d', async (range, version, status, contentRange, _text) => {
    ground.answerWith(({ headers }, response) => {
      const bytes = Buffer.from(TEXT);
      const common = { etag: '"v1"', 'accept-ranges': 'bytes' };
      const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? [];
      if (headers['if-range'] !== '"v1"') return response.writeHead(200, common).end(bytes);
      const from = first === '' ? bytes.length - Number(last) : Number(first);
      const to = first === '' || last === '' ? bytes.length - 1 : Number(last);
      if (from >= bytes.length)
        return response.writeHead(416, { ...common, 'content-range': `bytes */${bytes.length}` }).end();
      const part = bytes.subarray(from, to + 1);
      const its = { 'content-range': `bytes ${from}-${to}/${bytes.length}`, 'content-length': part.length };
      return response.writeHead(206, { ...common, ...its }).end(part);
    });
    const answer = await whole('/file', { headers: { range, 'if-range': version } });
    expect([answer.status, answer.headers['content-range']]).toEqual([status, contentRange]);
    expect(answer.headers).toMatchObject({ etag: '"v1"', 'accept-ranges': 'bytes' });
    const [, from = 0, to = 24] = /bytes (\d+)-(\d+)/.exec(contentRange ?? '') ?? [];
    expect(answer.text).toBe(status === 416 ? '' : TEXT.slice(Number(from), Number(to) + 1));
  });

  it('in bytes past ASCII is left out, and the rest is answered', async () => {
    ground.answerWith((_request, response) => {
      response.socket?.end(
        Buffer.concat([
          Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 2\r\netag: "a'),
          Buffer.from([0xe9]),
          Buffer.from(
            '"\r\ncontent-disposition: attachment; filename="\u20ac.txt"\r\ncontent-type: text/csv\r\n\r\nok',
          ),
        ]),
      );
    });
    const { status, headers, text } = await whole('/file');
    expect([status, text]).toEqual([200, 'ok']);
    expect(headers).toMatchObject({ 'content-disposition': 'attachment', 'content-type': 'text/csv' });
    expect(headers).not.toHaveProperty('etag');
  });

  it('that is compressed, with a length or without, leaves every byte as it was', async () => {
    const bytes = brotliCompressSync(TEXT.repeat(1_000));
    for (const length of [{ 'content-length': bytes.length }, {}]) {
      ground.answerWith((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'br', ...length }).end(bytes),
      );
      const { headers, text } = await whole('/file', { headers: { 'accept-encoding': 'br' } });
      expect(headers['content-encoding']).toBe('br');
      expect(Buffer.from(text, 'latin1').equals(bytes)).toBe(true);
    }
  });
});
