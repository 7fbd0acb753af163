import { randomUUID } from 'node:crypto';
import { Agent, type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { flatHeaders, httpBindingData } from './binding-data.ts';
import { answerEmpty, answerTooLarge, type HttpExchange, hasBody } from './http-exchange.ts';
import { invoke, logFailure } from './invoke.ts';

/** The library pairs the forwarded request with its invocation by this header. */
const INVOCATION_ID_HEADER = 'x-ms-invocation-id';
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/** What of one exchange has already been seen to. */
interface Forwarding {
  upstream: ClientRequest;
  /** Settles when the answer is with the client, or can no longer be. */
  done: Promise<void>;
  answered: boolean;
  isTooLarge: boolean;
}

/**
 * Answers requests with `enableHttpStream`: each is forwarded to the library's own server while the function is invoked,
 * and that server's answer is passed on, both as streams with back-pressure on this host's side.
 *
 * @param port the library's server, on the loopback address
 * @returns answers one exchange; never rejects for what the function does
 * @see https://github.com/Azure/azure-functions-host `DefaultHttpProxyService.cs`
 */
export function createStreamAnswerer(port: number): (exchange: HttpExchange) => Promise<void> {
  const agent = new Agent({ keepAlive: true });
  return async (exchange) => {
    const { worker, fn, request, response, target, values } = exchange;
    const invocationId = randomUUID();
    const forwarding = forward(exchange, agent, port, invocationId);
    try {
      const { result } = await invoke(worker, fn, {
        invocationId,
        inputData: [{ name: fn.bindingName, data: { http: {} } }],
        triggerMetadata: httpBindingData(target.query, values, flatHeaders(request.headers)),
      });
      if (result === undefined || result === null) failOpen(forwarding, exchange, 204, 'returned nothing');
    } catch (error) {
      if (!forwarding.isTooLarge) logFailure(fn.metadata.name, error);
      if (!response.destroyed) failOpen(forwarding, exchange, 500, 'failed');
    }
    await forwarding.done;
  };
}

/** The library answers nothing in these cases, and Azure waits 240 s for it; this host does not make anyone wait. */
function failOpen(forwarding: Forwarding, { fn, response }: HttpExchange, status: number, what: string): void {
  if (forwarding.isTooLarge) return;
  if (!forwarding.answered) {
    process.stderr.write(`host: function "${fn.metadata.name}" ${what}: on Azure this request would hang\n`);
  }
  answerEmpty(response, status);
  forwarding.upstream.destroy();
}

function forward(exchange: HttpExchange, agent: Agent, port: number, invocationId: string): Forwarding {
  const { request, response, target } = exchange;
  const headers: Record<string, string> = {
    ...withoutHopByHop(flatHeaders(request.headers)),
    'x-forwarded-host': request.headers.host ?? 'localhost',
    'x-forwarded-proto': 'http',
    [INVOCATION_ID_HEADER]: invocationId,
  };
  if (request.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  const upstream = sendRequest({
    host: '127.0.0.1',
    port,
    agent,
    method: request.method ?? 'GET',
    path: target.target,
    headers,
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const forwarding: Forwarding = { upstream, done: promise, answered: false, isTooLarge: false };
  upstream.on('response', (answer) => {
    forwarding.answered = true;
    passOn(answer, exchange);
  });
  upstream.on('error', () => {
    if (!response.writableEnded) answerEmpty(response, 502);
  });
  response.once('close', () => {
    // The client has gone, or has its whole answer: what is left of the forwarded request has no reader.
    if (!response.writableFinished) upstream.destroy();
    resolve();
  });
  if (hasBody(request)) sendBody(exchange, forwarding);
  else upstream.end();
  return forwarding;
}

function sendBody({ request, response, maxBodyBytes }: HttpExchange, forwarding: Forwarding): void {
  let bytes = 0;
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      forwarding.isTooLarge = bytes > maxBodyBytes;
      if (!forwarding.isTooLarge) return done(null, chunk);
      answerTooLarge(response);
      return done(new Error('request body over the limit'));
    },
  });
  // A function may answer without reading the body, and a client may go away: neither is an error of the host.
  pipeline(request, limit, forwarding.upstream).catch(() => undefined);
}

function passOn(answer: IncomingMessage, { response }: HttpExchange): void {
  if (response.headersSent || response.destroyed) {
    answer.destroy();
    return;
  }
  const headers = Object.entries(answer.headersDistinct).filter(([name]) => !HOP_BY_HOP.has(name));
  for (const [name, values] of headers) if (values) response.setHeader(name, values);
  response.writeHead(answer.statusCode ?? 502);
  // An answer may be slow to begin: its headers need not wait for its first byte.
  response.flushHeaders();
  pipeline(answer, response).catch(() => response.destroy());
}

function withoutHopByHop(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}
