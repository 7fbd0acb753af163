import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenOnLoopback } from '../op/listen.ts';
import { type BearerOptions, bearerToken, createBearerCheck } from './bearer.ts';
import { type Answer, answer, failure } from './routes.ts';

/** A running downstream API. */
export interface Api {
  /** Starts on a port of the loopback address; 0 takes a free one. Rejects when the port is taken. */
  listen(port: number): Promise<{ readonly port: number }>;
  close(): Promise<void>;
  /** SHA-256 (hex) of each bearer token that came, good or not, in order. */
  readonly tokenHashes: readonly string[];
}

/**
 * Makes a local API that answers as Microsoft Graph does, to bearers of access tokens of one provider.
 *
 * @param options `jwksUrl` by an address that Node can reach; `issuer` and `audience` as the tokens carry them
 */
export function createApi(options: BearerOptions): Api {
  const check = createBearerCheck(options);
  const tokenHashes: string[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization } = request.headers;
    const token = bearerToken(authorization);
    if (token) tokenHashes.push(createHash('sha256').update(token).digest('hex'));
    const claims = await check(authorization);
    if (!claims) {
      response.setHeader('WWW-Authenticate', 'Bearer error="invalid_token"');
      return send(response, failure(401, 'InvalidAuthenticationToken', 'The access token is missing or not valid.'));
    }
    const path = new URL(request.url ?? '/', 'http://api').pathname;
    send(response, await answer(request, path, claims));
  }

  const server = createServer((request, response) => {
    // A body cut off by its sender ends here; there is nobody left to answer.
    serve(request, response).catch(() => response.destroy());
  });

  return {
    listen: (port) => listenOnLoopback(server, port),
    close: () => closeServer(server),
    tokenHashes,
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private' });
  response.end(JSON.stringify(body));
}
