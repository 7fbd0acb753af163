import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readStorageRequest, type StorageRequest } from './storage-request.ts';

/** What storage answered, whole. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** One request under way, and all that may become of it. */
export interface Exchange {
  readonly request: StorageRequest;
  /** Has storage do it. What it answers goes nowhere yet. */
  forward(): Promise<Reply>;
  /** Answers the application; without this nothing ever comes. */
  reply(reply: Reply): void;
  /** Sends the beginning of an answer, and the connection is lost. */
  cutOff(reply: Reply): void;
  /** The connection is lost. */
  reset(): void;
}

/** What becomes of a request. */
export type Fate = (exchange: Exchange) => Promise<void> | void;

/** A request that came by, and when, in milliseconds on the monotonic clock. */
export interface Passed extends StorageRequest {
  readonly beganAt: number;
  /** When its answer was given; infinite while there is none. */
  readonly endedAt: number;
  /** Of the answer's body. */
  readonly answerBytes: number;
}

/** A proxy on loopback between an application and Table Storage. */
export interface StorageProxy {
  /** The storage's connection string, by way of the proxy. */
  readonly connectionString: string;
  /** Every request, in order of arrival. */
  readonly requests: readonly Passed[];
  /** Decides what becomes of each request; undefined lets it pass. */
  decide: (request: StorageRequest) => Fate | undefined;
  close(): Promise<void>;
}

/** What a proxy does with a request that nothing is wrong with. */
export const pass: Fate = async ({ forward, reply }) => reply(await forward());

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host']);

/**
 * Starts it on a free port. Requests go on as they are: a shared key signs path, date and account, never the host.
 *
 * @param connectionString with a `TableEndpoint` of plain http
 */
export async function startStorageProxy(connectionString: string): Promise<StorageProxy> {
  const { origin } = new URL(/TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '');
  const requests: Passed[] = [];
  const server = createServer(async (incoming, response) => {
    const beganAt = performance.now();
    const body = await bytesOf(incoming);
    const { method = '', url = '', headers } = incoming;
    const request = readStorageRequest(method, url, headers, body);
    const passed = { ...request, beganAt, endedAt: Number.POSITIVE_INFINITY, answerBytes: 0 };
    requests.push(passed);
    const ended = (reply?: Reply) => {
      passed.endedAt = performance.now();
      passed.answerBytes = reply?.body.length ?? 0;
    };
    const fate = proxy.decide(request) ?? pass;
    const exchange = { request, forward: () => forward(origin, incoming, body), ...endings(response, ended) };
    // Where storage itself is gone, so is the connection.
    await Promise.resolve(fate(exchange)).catch(() => exchange.reset());
  });
  // A test that takes its time finds its connections as they were: what is lost is lost on purpose.
  server.keepAliveTimeout = 0;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const proxy: StorageProxy = {
    connectionString: connectionString.replace(origin, `http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    requests,
    decide: () => undefined,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return proxy;
}

function endings(
  response: ServerResponse,
  ended: (reply?: Reply) => void,
): Pick<Exchange, 'reply' | 'cutOff' | 'reset'> {
  return {
    reply(reply) {
      ended(reply);
      const { status, headers, body } = reply;
      response.writeHead(status, { ...headers, ...(status !== 204 && { 'content-length': body.length }) });
      response.end(body);
    },
    cutOff({ status, headers, body }) {
      ended();
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      const head = Buffer.from(`HTTP/1.1 ${status} \r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`);
      const beginning = body.length > 0 ? [head, body.subarray(0, body.length / 2)] : [head.subarray(0, 20)];
      response.socket?.end(Buffer.concat(beginning));
    },
    reset() {
      ended();
      response.socket?.resetAndDestroy();
    },
  };
}

async function forward(origin: string, incoming: IncomingMessage, body: Buffer): Promise<Reply> {
  const kept = Object.entries(incoming.headers).filter(([name]) => !HOP_BY_HOP.has(name));
  const outgoing = send(`${origin}${incoming.url}`, {
    agent: false,
    method: incoming.method ?? 'GET',
    headers: { ...Object.fromEntries(kept), 'content-length': body.length },
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const headers = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name));
  return {
    status: answer.statusCode ?? 0,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    body: await bytesOf(answer),
  };
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
