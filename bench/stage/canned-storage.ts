/**
 * Loaded into a subject before it: storage answers from inside the process, after a fixed time. The first time that something
 * is asked, the real storage answers; from then on the same bytes come again, whoever asks. Nothing of the subject is changed:
 * it connects, writes and reads as ever, but where its connection to storage would be is a pair of buffers.
 */
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { CannedSocket } from './canned-socket.ts';

/** Names the storage's `host:port` in a subject's environment. */
const { BENCH_STORAGE_HOST: storage = '' } = process.env;
/** A timer's own resolution is a millisecond: the same for all subjects. */
const ANSWER_MILLISECONDS = 3;

type Connect = (...args: unknown[]) => unknown;

interface Place {
  readonly host?: string;
  readonly hostname?: string;
  readonly port?: number | string;
}

/** In the place of a function that connects: what goes to storage goes nowhere. */
function diverted<F extends Connect>(connect: F): F {
  return function (this: unknown, ...args: unknown[]) {
    const [place] = args as [Place | undefined];
    const host = place?.hostname ?? place?.host;
    if (typeof place === 'object' && `${host}:${place.port}` === storage) {
      return new CannedSocket(ANSWER_MILLISECONDS, askStorage);
    }
    return Reflect.apply(connect, this, args);
  } as F;
}

const { createConnection } = net;
/** What the diversion itself asks goes the real way. */
const direct = new http.Agent({ keepAlive: true });
direct.createConnection = createConnection as typeof direct.createConnection;

const agents = http.Agent.prototype;
agents.createConnection = diverted(agents.createConnection as Connect) as typeof agents.createConnection;
net.connect = diverted(net.connect as Connect) as typeof net.connect;
net.createConnection = diverted(net.createConnection as Connect) as typeof net.createConnection;
syncBuiltinESMExports();

const answers = new Map<string, Promise<Buffer>>();

/** By method and address alone: a signature and a date tell nothing apart. */
function askStorage(method: string, path: string, headers: readonly string[], body: Buffer): Promise<Buffer> {
  const key = `${method} ${path}`;
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = askReally(method, path, headers, body);
  answers.set(key, answer);
  return answer;
}

function askReally(method: string, path: string, headers: readonly string[], body: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const [host, port] = storage.split(':');
    const request = http.request(
      { agent: direct, host, port, method, path, headers: headers as string[] },
      (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece) => pieces.push(piece));
        answer.on('end', () => resolve(wholeAnswer(answer, Buffer.concat(pieces))));
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}

/** The bytes of an answer with its length in front, on a connection that stays. */
function wholeAnswer({ statusCode, statusMessage, rawHeaders }: http.IncomingMessage, body: Buffer): Buffer {
  const lines = [`HTTP/1.1 ${statusCode} ${statusMessage}`];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (!/^(?:connection|keep-alive|transfer-encoding|content-length)$/i.test(rawHeaders[at] as string)) {
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
    }
  }
  if (statusCode !== 204) lines.push(`Content-Length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}
