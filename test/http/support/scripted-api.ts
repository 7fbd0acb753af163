import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { API_AUDIENCE } from '../../../local/stage/applications.ts';

/** What came, as it came. */
export interface ReceivedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A downstream API that checks nothing and answers what a test says: a redirect, a cookie, bytes. */
export interface ScriptedApi {
  readonly origin: string;
  /** Its entry in `DOWNSTREAM_APIS`. */
  readonly setting: object;
  readonly received: readonly ReceivedRequest[];
  /** Settles when the next request begins to arrive, before its body. */
  nextArrival(): Promise<void>;
  /** How requests are answered from now on; the body has been read. */
  answerWith(answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

/** Starts it on a free port of the loopback address; it answers 200 with an empty body until told otherwise. */
export async function startScriptedApi(): Promise<ScriptedApi> {
  const received: ReceivedRequest[] = [];
  const awaited: (() => void)[] = [];
  let answer: RequestListener = (_request, response) => response.writeHead(200).end();
  const server = createServer(async (request, response) => {
    for (const arrived of awaited.splice(0)) arrived();
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // It broke off: nobody is to be answered, and nothing came.
    }
    const { method = '', url: target = '', headers } = request;
    received.push({ method, target, headers, body: Buffer.concat(chunks) });
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    setting: {
      baseUrl: `${origin}/base`,
      scopes: [`${API_AUDIENCE}/User.Read`],
      allow: ['GET /', 'GET /items/*', 'HEAD /items/*', 'POST /items', '* /any/**'],
    },
    received,
    nextArrival: () => new Promise((resolve) => awaited.push(resolve)),
    answerWith(next) {
      answer = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
