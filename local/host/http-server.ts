import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HttpFunction } from './function-table.ts';
import { answerEmpty, answerTooLarge, type HttpExchange } from './http-exchange.ts';
import { parseRequestTarget, type RequestTarget } from './request-target.ts';
import { findRoute, type Route } from './route-table.ts';
import type { Worker } from './worker.ts';

const DEFAULT_MAX_BODY_BYTES = 100 * 1024 * 1024;
const HOMEPAGE = '<!doctype html><title>Functions</title><p>Your Functions app is up and running.</p>\n';

export interface HttpHost {
  worker: Worker;
  routes: readonly Route<HttpFunction>[];
  environment: Readonly<Record<string, string | undefined>>;
  /** Runs the function and answers. */
  answer: (exchange: HttpExchange) => Promise<void>;
}

/** Makes the server that finds a function for each request, and answers what no function does. Not listening yet. */
export function createHttpServer(host: HttpHost): Server {
  const { FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: limit, AzureWebJobsDisableHomepage: noHomepage } = host.environment;
  const maxBodyBytes = limit && /^\d+$/.test(limit) ? Number(limit) : DEFAULT_MAX_BODY_BYTES;
  const hasHomepage = noHomepage?.toLowerCase() !== 'true';

  return createServer((request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const target = parseRequestTarget(request.url ?? '');
    if (typeof target === 'number') return answerEmpty(response, target);
    if (!hasOneHost(request)) return answerEmpty(response, 400);
    const match = findRoute(host.routes, request.method ?? '', target.path);
    if (!match) return answerUnmatched(target, response, hasHomepage);
    const { fn } = match.route;
    if (!isAuthorized(fn.authLevel, request, target, host.environment.FUNCTIONS_HOST_KEY)) {
      return answerEmpty(response, 401);
    }
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return answerTooLarge(response);
    host
      .answer({ worker: host.worker, fn, request, response, target, values: match.values, maxBodyBytes })
      .catch((error: unknown) => {
        process.stderr.write(`host: ${String(error)}\n`);
        answerEmpty(response, 500);
      });
  });
}

/**
 * Whether there is no more than one `Host`, and a URL can be made of it (RFC 9112 section 3.2). Kestrel answers others itself;
 * the Functions library would throw on them before any function runs, and never answer.
 */
function hasOneHost({ headersDistinct }: IncomingMessage): boolean {
  const hosts = headersDistinct.host ?? [];
  return hosts.length <= 1 && hosts.every((host) => host === '' || URL.parse(`http://${host}`)?.username === '');
}

/** @see https://github.com/Azure/azure-functions-host `HomepageMiddleware.cs`: switched off, `/` is 204, not 404 */
function answerUnmatched(target: RequestTarget, response: ServerResponse, hasHomepage: boolean): void {
  if (target.path !== '/') answerEmpty(response, 404);
  else if (!hasHomepage) answerEmpty(response, 204);
  else response.writeHead(200, { 'content-type': 'text/html' }).end(HOMEPAGE);
}

/** Any level but `anonymous` wants the one key that this host knows; without one, nobody has it. */
function isAuthorized(
  authLevel: string,
  request: IncomingMessage,
  target: RequestTarget,
  hostKey: string | undefined,
): boolean {
  if (authLevel.toLowerCase() === 'anonymous') return true;
  const given = Buffer.from(String(request.headers['x-functions-key'] ?? target.query.get('code') ?? ''));
  const wanted = Buffer.from(hostKey ?? '');
  return wanted.length > 0 && wanted.length === given.length && timingSafeEqual(wanted, given);
}
