import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as passed } from 'node:timers/promises';
import type { RawApp } from '../http/support/raw-app.ts';
import type { OpenCall } from '../http/support/streamed.ts';

const MEBIBYTE = 1024 * 1024;
const PIECE = Buffer.alloc(MEBIBYTE, 'exeunt ');
/** Nothing has moved for so long: what can be taken has been. */
const STILL_MILLISECONDS = 500;

/** Bodies so large that none of them may be held. */
export interface Scene {
  readonly title: string;
  /** Ends when the memory that it may cost has been taken, and leaves nothing under way. */
  play(ground: RawApp, mebibytes: number): Promise<void>;
}

/** Before anything is counted: a process that has just begun grows by what it has not loaded and compiled yet. */
export const WARM_UP: Scene = { title: 'warm-up: a download and an upload', play: warmUp };

export const SCENES: readonly Scene[] = [
  { title: 'download, by a reader who keeps up', play: download },
  { title: 'upload, to an API that keeps up', play: upload },
  { title: 'download, by 4 browsers who take nothing', play: untakenDownloads },
  { title: 'upload, by 4 browsers to an API that takes nothing', play: untakenUploads },
];

const BROWSERS = 4;

async function warmUp(ground: RawApp, mebibytes: number): Promise<void> {
  await download(ground, mebibytes);
  await upload(ground, mebibytes);
}

async function download(ground: RawApp, mebibytes: number): Promise<void> {
  ground.answerWith((_request, response) => void send(response, mebibytes));
  const answer = await ground.open('/file').answer;
  const reader = counter();
  await pipeline(answer, reader);
  expectWhole(reader.bytes, mebibytes);
}

async function upload(ground: RawApp, mebibytes: number): Promise<void> {
  const reader = counter();
  ground.answerWith(async (request, response) => {
    await pipeline(request, reader);
    response.end();
  });
  const { outgoing, answer } = ground.open('/file', putting(mebibytes));
  await pipeline(pieces(mebibytes), outgoing);
  const { statusCode } = await answer;
  if (statusCode !== 200) throw new Error(`the upload was answered ${statusCode}`);
  expectWhole(reader.bytes, mebibytes);
}

async function untakenDownloads(ground: RawApp, mebibytes: number): Promise<void> {
  const responses: ServerResponse[] = [];
  const sockets: Socket[] = [];
  ground.answerWith(({ socket }, response) => {
    responses.push(response);
    sockets.push(socket);
    void send(response, mebibytes);
  });
  const calls = Array.from({ length: BROWSERS }, () => ground.open('/file'));
  for (const { answer } of calls) await answer;
  await untilStill(sockets);
  await leaveAll(calls, responses);
}

async function untakenUploads(ground: RawApp, mebibytes: number): Promise<void> {
  const responses: ServerResponse[] = [];
  ground.answerWith((request, response) => {
    request.on('error', () => {});
    responses.push(response);
  });
  const calls = Array.from({ length: BROWSERS }, () => ground.open('/file', putting(mebibytes)));
  const sockets = await Promise.all(
    calls.map(({ outgoing }) => outgoing.socket ?? once(outgoing, 'socket').then(([socket]) => socket as Socket)),
  );
  for (const { outgoing } of calls) pipeline(pieces(mebibytes), outgoing).catch(() => undefined);
  await untilStill(sockets);
  await leaveAll(calls, responses);
}

const putting = (mebibytes: number) => ({
  method: 'PUT',
  headers: { 'content-length': String(mebibytes * MEBIBYTE) },
});

const pieces = (mebibytes: number): Readable => Readable.from(Array.from({ length: mebibytes }, () => PIECE));

/** What has left is no failure of whoever was sending to it. */
const send = (response: ServerResponse, mebibytes: number): Promise<void> =>
  pipeline(pieces(mebibytes), response).catch(() => undefined);

function counter() {
  return new (class extends Writable {
    bytes = 0;
    override _write(chunk: Buffer, _encoding: string, done: () => void): void {
      this.bytes += chunk.length;
      done();
    }
  })();
}

function expectWhole(bytes: number, mebibytes: number): void {
  if (bytes !== mebibytes * MEBIBYTE) throw new Error(`${bytes} bytes of ${mebibytes} MiB came`);
}

/** Something has gone over each of them, and nothing does any more. */
async function untilStill(sockets: readonly Socket[]): Promise<void> {
  for (let before = ''; ; await passed(STILL_MILLISECONDS)) {
    const moved = sockets.map(({ bytesWritten }) => bytesWritten);
    if (!moved.includes(0) && before === String(moved)) return;
    before = String(moved);
  }
}

async function leaveAll(calls: readonly OpenCall[], responses: readonly ServerResponse[]): Promise<void> {
  const closed = responses.map((response) => response.destroyed || once(response, 'close'));
  for (const { leave } of calls) leave();
  // Nobody learns of a sender who has left while nothing is read of what they sent.
  for (const { req } of responses) req.resume();
  await Promise.all(closed);
}
