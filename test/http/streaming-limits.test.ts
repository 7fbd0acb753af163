import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { bytesOf } from '../shared/upstream/raw-api.ts';
import { expectProblem } from './support/headers.ts';
import { rawGround } from './support/raw-ground.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024, 'exeunt ');
const UNPACED_MEBIBYTES = 16;
const WITHOUT_CHANNELS = fileURLToPath(new URL('fixtures/without-channels.cjs', import.meta.url));

const mebibytes = (count: number) => Readable.from(Array.from({ length: count }, () => MEBIBYTE));

/** Sends as much as is asked for, as fast as it is taken. */
function sendMebibytes(response: ServerResponse, count: number): void {
  // A reader that has left is what some tests wait for.
  pipeline(mebibytes(count), response).catch(() => undefined);
}

describe('a reader who takes nothing', () => {
  const ground = rawGround({ timeoutSeconds: 1 });

  it('is cut off after as long as the API may keep silent, and the API is let go', async () => {
    const closed = Promise.withResolvers<void>();
    ground.answerWith((_request, response) => {
      response.once('close', closed.resolve);
      sendMebibytes(response, 4_096);
    });
    const said = ground.app.host.next(/"api\.broken-off"/);
    const answer = await ground.open('/file').answer;
    await closed.promise;
    expect(JSON.parse(await said)).toMatchObject({ api: 'raw', reason: 'stalled' });
    answer.resume();
    await expect(once(answer, 'end')).rejects.toThrow('aborted');
  });
});

describe('an API that takes nothing of an upload', () => {
  const ground = rawGround({ timeoutSeconds: 1 });

  it('has timed out, which is nobody else’s fault, and the next call goes through', async () => {
    ground.answerWith((request) => request.on('error', () => undefined));
    const headers = { 'content-length': String(64 * MEBIBYTE.length) };
    const { outgoing, answer } = ground.open('/file', { method: 'PUT', headers });
    pipeline(mebibytes(64), outgoing).catch(() => undefined);
    expect((await answer).statusCode).toBe(504);
    outgoing.destroy();
    ground.answerWith((_request, response) => response.writeHead(204).end());
    expect((await ground.open('/file').answer).statusCode).toBe(204);
  });
});

describe('where nobody can tell how fast a reader is', () => {
  const ground = rawGround({}, { NODE_OPTIONS: `--require ${WITHOUT_CHANNELS}` });

  it('an answer of 16 MiB passes', async () => {
    ground.answerWith((_request, response) => sendMebibytes(response, UNPACED_MEBIBYTES));
    const bytes = await bytesOf(await ground.open('/file').answer);
    expect(bytes.length).toBe(UNPACED_MEBIBYTES * MEBIBYTE.length);
  });

  it('one that says that it is longer is refused, and the API is let go', async () => {
    const closed = Promise.withResolvers<void>();
    ground.answerWith((_request, response) => {
      response.once('close', closed.resolve);
      response.writeHead(200, { 'content-length': UNPACED_MEBIBYTES * MEBIBYTE.length + 1 }).write('a');
    });
    const said = ground.app.host.next(/"api_answer_refused"/);
    const url = `${ground.app.origin}/api/raw/file`;
    expectProblem(await ground.browser.fetch(url, { headers: { 'x-csrf': '1' } }), 502, 'api_answer_refused');
    expect(JSON.parse(await said)).toMatchObject({ reason: 'unpaced' });
    await closed.promise;
  });

  it('one that turns out to be longer breaks off, and the API is let go', async () => {
    const closed = Promise.withResolvers<void>();
    ground.answerWith((_request, response) => {
      response.once('close', closed.resolve);
      sendMebibytes(response, 4_096);
    });
    const said = ground.app.host.next(/"api\.broken-off"/);
    const answer = await ground.open('/file').answer;
    await expect(bytesOf(answer)).rejects.toThrow('aborted');
    expect(JSON.parse(await said)).toMatchObject({ reason: 'unpaced' });
    await closed.promise;
  });
});
