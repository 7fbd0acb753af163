import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server answers at one path: a status and a body, which is sent as JSON unless it is text already. */
export interface CannedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface JsonServer extends AsyncDisposable {
  readonly origin: string;
  /** Answers by path; what is not there is 404. A test may change it while the server runs. */
  readonly answers: Map<string, CannedAnswer>;
  /** The paths asked for, in order. */
  readonly requests: readonly string[];
  /** Stops listening and drops what is connected: from then on the origin is dead. */
  close(): Promise<void>;
}

/** A small HTTP server on a loopback port of its own. */
export async function startJsonServer(): Promise<JsonServer> {
  const answers = new Map<string, CannedAnswer>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    requests.push(path);
    const { status = 200, headers = {}, body = '' } = answers.get(path) ?? { status: 404 };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, answers, requests, close, [Symbol.asyncDispose]: close };
}
