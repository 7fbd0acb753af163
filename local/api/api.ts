import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { closeServer, listenOnLoopback } from '../op/listen.ts';
import { type BearerOptions, bearerToken, createBearerCheck } from './bearer.ts';
import { answerMail } from './mail.ts';
import { type Answer, answer, failure } from './routes.ts';

/** A running downstream API. */
export interface Api {
  /** Starts on a port of the loopback address; 0 takes a free one. Rejects when the port is taken. */
  listen(port: number): Promise<{ readonly port: number }>;
  close(): Promise<void>;
  /** SHA-256 (hex) of each bearer token that came, good or not, in order. */
  readonly tokenHashes: readonly string[];
}

/** Where the mail API is on the same server. */
export const MAIL_PATH = '/mail';

export interface ApiOptions extends BearerOptions {
  /** The audience of the mail API's tokens; without one there is none. */
  readonly mailAudience?: string;
}

/**
 * Makes a local API that answers as Microsoft Graph does, to bearers of access tokens of one provider, and beside it one for
 * mail, with tokens of its own.
 *
 * @param options `jwksUrl` by an address that Node can reach; `issuer` and the audiences as the tokens carry them
 */
export function createApi({ mailAudience, ...options }: ApiOptions): Api {
  const graph = { check: createBearerCheck(options), answer, prefix: '' };
  const mail = mailAudience === undefined ? null : createMail({ ...options, audience: mailAudience });
  const tokenHashes: string[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { authorization } = request.headers;
    const token = bearerToken(authorization);
    if (token) tokenHashes.push(createHash('sha256').update(token).digest('hex'));
    const path = new URL(request.url ?? '/', 'http://api').pathname;
    const part = mail !== null && path.startsWith(`${MAIL_PATH}/`) ? mail : graph;
    const claims = await part.check(authorization);
    if (!claims) return send(response, INVALID_TOKEN);
    send(response, await part.answer(request, path.slice(part.prefix.length), claims));
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

const createMail = (options: BearerOptions) => ({
  check: createBearerCheck(options),
  answer: answerMail,
  prefix: MAIL_PATH,
});

const INVALID_TOKEN: Answer = {
  ...failure(401, 'InvalidAuthenticationToken', 'The access token is missing or not valid.'),
  wwwAuthenticate: 'Bearer error="invalid_token"',
};

function send(response: ServerResponse, { status, body, wwwAuthenticate }: Answer): void {
  if (wwwAuthenticate !== undefined) response.setHeader('WWW-Authenticate', wwwAuthenticate);
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'private' });
  response.end(JSON.stringify(body));
}
