import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

const TENANT = '0defaced-0000-4000-8000-000000000000';
const KID = 'scripted';

export type Claims = Readonly<Record<string, unknown>>;
type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** What the next ID token is, made from claims that are all good. */
export type MakeIdToken = (good: Claims) => Promise<string>;

/** An OP of which a test writes every word. People do not sign in at it: a test makes the callback's URL by itself. */
export interface ScriptedOp {
  readonly issuer: string;
  /** The settings by which an application uses it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The forms that came to its token endpoint. */
  readonly tokenRequests: readonly URLSearchParams[];
  /** What came to `/par` and `/revoke`, which its metadata do not have unless a test says so. */
  readonly clientRequests: ScriptedRequest[];
  /** What those two answer, by path, instead of what is good. */
  readonly clientAnswers: Map<string, ScriptedAnswer>;
  /** Members of the discovery document over the usual ones; an undefined one is left out. Read when an application starts. */
  readonly metadata: Record<string, unknown>;
  /** Members of the token response over the usual ones. */
  tokenResponse: Record<string, unknown>;
  /** How the next ID tokens are made; the nonce of the attempt is known to it from `expect`. */
  idToken: MakeIdToken;
  /** Tells it the client and the nonce of the attempt whose code comes next. */
  expect(authorizationRequest: string): void;
  sign(claims: Claims, header?: Record<string, string>): Promise<string>;
  /** Signed by a key that its JWKS does not have, under the name of one that it has. */
  signAsStranger(claims: Claims): Promise<string>;
  /** Signed with its public key as the secret, which is no secret. */
  signWithPublicKey(claims: Claims): string;
  /** Signed by nobody (RFC 7519 section 6). */
  leaveUnsigned(claims: Claims, alg?: string): string;
  close(): Promise<void>;
}

/** A request of the application straight to the OP, other than for tokens. */
export interface ScriptedRequest {
  readonly path: string;
  readonly method: string | undefined;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly form: URLSearchParams;
}

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A token with other claims, and the signature that was made for its own. */
export async function swapClaims(token: Promise<string>, claims: Claims): Promise<string> {
  const [header, , signature] = (await token).split('.');
  return [header, encode(claims), signature].join('.');
}

/** Starts it on a free port of the loopback address; every answer is good until told otherwise. */
export async function startScriptedOp(): Promise<ScriptedOp> {
  const [pair, stranger] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(pair.publicKey)), kid: KID, use: 'sig', alg: 'RS256' };
  const tokenRequests: URLSearchParams[] = [];
  const clientRequests: ScriptedRequest[] = [];
  const clientAnswers = new Map<string, ScriptedAnswer>();
  const metadata: Record<string, unknown> = {};
  let expected = { clientId: '', nonce: '' };

  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer = `${origin}/${TENANT}/v2.0`;
  const discovery = `/${TENANT}/v2.0/.well-known/openid-configuration`;

  const sign = (claims: Claims, header: Record<string, string> = {}, key: SigningKey = pair.privateKey) =>
    new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: KID, typ: 'JWT', ...header }).sign(key);

  const op: ScriptedOp = {
    issuer,
    settings: { AUTH_AUTHORITY: `https://login.localhost/${TENANT}`, AUTH_METADATA_URL: `${origin}${discovery}` },
    tokenRequests,
    clientRequests,
    clientAnswers,
    metadata,
    tokenResponse: {},
    idToken: (good) => sign(good),
    expect(authorizationRequest) {
      const { searchParams } = new URL(authorizationRequest);
      expected = { clientId: searchParams.get('client_id') ?? '', nonce: searchParams.get('nonce') ?? '' };
    },
    sign,
    signAsStranger: (claims) => sign(claims, {}, stranger.privateKey),
    signWithPublicKey(claims) {
      const signed = `${encode({ alg: 'HS256', kid: KID })}.${encode(claims)}`;
      return `${signed}.${createHmac('sha256', JSON.stringify(jwk)).update(signed).digest('base64url')}`;
    },
    leaveUnsigned: (claims, alg = 'none') => `${encode({ alg, kid: KID })}.${encode(claims)}.`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    response.setHeader('content-type', 'application/json');
    // MSAL adds a query of its own.
    switch (request.url?.split('?')[0]) {
      case discovery:
        response.end(JSON.stringify({ ...discoveryDocument(origin, issuer), ...metadata }));
        break;
      case '/keys':
        response.end(JSON.stringify({ keys: [jwk] }));
        break;
      case '/token':
        tokenRequests.push(new URLSearchParams(Buffer.concat(chunks).toString()));
        response.end(JSON.stringify({ ...(await goodResponse(op, expected)), ...op.tokenResponse }));
        break;
      case '/par':
      case '/revoke': {
        const { method, url: path = '', headers } = request;
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const { authorization, 'content-type': contentType } = headers;
        clientRequests.push({ path, method, authorization, contentType, form });
        const told = clientAnswers.get(path) ?? goodAnswer(path);
        response.writeHead(told.status, told.headers).end(told.body === undefined ? '' : JSON.stringify(told.body));
        break;
      }
      default:
        response.writeHead(404).end();
    }
  }
  return op;
}

/** A reference is new each time; a revocation is answered with nothing. */
function goodAnswer(path: string): ScriptedAnswer {
  if (path === '/revoke') return { status: 200 };
  return { status: 201, body: { request_uri: `urn:ietf:params:oauth:request_uri:${randomUUID()}`, expires_in: 60 } };
}

function discoveryDocument(origin: string, issuer: string): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    jwks_uri: `${origin}/keys`,
  };
}

async function goodResponse({ idToken, issuer }: ScriptedOp, { clientId, nonce }: { clientId: string; nonce: string }) {
  const now = Math.floor(Date.now() / 1000);
  const oid = randomUUID();
  const claims = { iss: issuer, aud: clientId, sub: oid, oid, tid: TENANT, nonce, iat: now, nbf: now, exp: now + 300 };
  return {
    token_type: 'Bearer',
    access_token: `opaque-${randomUUID()}`,
    refresh_token: `opaque-${randomUUID()}`,
    expires_in: 3600,
    scope: 'openid profile offline_access api://graph/User.Read',
    client_info: encode({ uid: oid, utid: TENANT }),
    id_token: await idToken({ ...claims, preferred_username: 'person@scripted.example', sid: randomUUID() }),
  };
}
