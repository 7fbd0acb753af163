import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { JWTPayload } from 'jose';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** Why a token will not do. */
  readonly wwwAuthenticate?: string;
}

const MESSAGES = [
  { id: 'message-1', subject: 'Exit, pursued by a bear', from: 'antigonus@contoso.example' },
  { id: 'message-2', subject: 'Rehearsal moved to three', from: 'quince@contoso.example' },
  { id: 'message-3', subject: 'Exeunt', from: 'prompter@contoso.example' },
];

const METHODS = [
  { '@odata.type': '#microsoft.graph.passwordAuthenticationMethod', id: 'method-1' },
  { '@odata.type': '#microsoft.graph.fido2AuthenticationMethod', id: 'method-2', displayName: 'The key on my ring' },
];

/**
 * Answers a request whose token is good, in Microsoft Graph's words.
 *
 * @param path without the query
 * @param claims the token's
 */
export async function answer(request: IncomingMessage, path: string, claims: JWTPayload): Promise<Answer> {
  const { method = 'GET' } = request;
  if (path === '/v1.0/echo') return { status: 200, body: await echo(request, path) };
  switch (`${method} ${path}`) {
    case 'GET /v1.0/me':
      return { status: 200, body: profile(claims) };
    case 'GET /v1.0/me/messages':
      return { status: 200, body: { value: MESSAGES } };
    case 'GET /v1.0/me/authentication/methods':
      return { status: 200, body: { value: METHODS } };
    case 'POST /v1.0/me/messages':
      return create(await readBody(request));
    default:
      return failure(404, 'itemNotFound', 'The resource could not be found.');
  }
}

/** An error as Graph gives it. */
export function failure(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

function profile(claims: JWTPayload) {
  const { oid, name, preferred_username: upn } = claims;
  return { id: oid, displayName: name, userPrincipalName: upn, mail: upn };
}

function create(body: Buffer): Answer {
  try {
    return { status: 201, body: JSON.parse(body.toString()) };
  } catch {
    return failure(400, 'invalidRequest', 'The body is not JSON.');
  }
}

/** What arrived, for tests of whoever sits in between; the token itself is not told. */
async function echo(request: IncomingMessage, path: string) {
  const body = await readBody(request);
  const { authorization, ...headers } = request.headers;
  return {
    method: request.method,
    path,
    query: (request.url ?? '').split('?')[1] ?? '',
    headers: { ...headers, ...(authorization && { authorization: 'present' }) },
    bodyBytes: body.length,
    bodySha256: createHash('sha256').update(body).digest('hex'),
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
