import { once } from 'node:events';
import { Agent, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, request as send } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { closeServer } from '../op/listen.ts';
import type { ServerCertificate } from './certificates.ts';
import { type KeyedAccount, type Service, sharedKeyLite } from './shared-key.ts';
import type { Refusal, StorageCheck } from './storage-check.ts';

const HOST = '127.0.0.1';
/** Of one connection alone, or put anew. */
const NOT_PASSED_ON = new Set([
  'authorization',
  'connection',
  'content-length',
  'date',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

export interface StorageFrontOptions {
  readonly service: Service;
  /** Azurite's endpoint of that service, with the account's name in its path. */
  readonly target: string;
  readonly account: KeyedAccount;
  readonly certificate: ServerCertificate;
  readonly check: StorageCheck;
  /** Where a client could get a token, for the challenge. */
  readonly authorizationUri: string;
}

/** A storage service as it is in Azure: by TLS and by tokens alone. The account is in the path, as the SDKs want it of an address. */
export interface StorageFront {
  readonly endpoint: string;
  /** What it refused, in order. */
  readonly refusals: readonly Refusal[];
  /** How many requests it let through. */
  readonly passed: number;
  close(): Promise<void>;
}

/**
 * Starts it on a free port, before the emulator: that speaks plain http, and takes the account's key for everything. (By its
 * option `--oauth basic` Azurite takes tokens, and any that has the right shape: it verifies no signature and knows no roles.)
 */
export async function startStorageFront(options: StorageFrontOptions): Promise<StorageFront> {
  const { service, target, certificate, check, authorizationUri } = options;
  const { pathname } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const refusals: Refusal[] = [];
  let passed = 0;
  const server = createServer(certificate, async (request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'https://storage');
    const refusal = await check(request.headers.authorization, searchParams);
    // All of it, so that the connection can be used again.
    const body = await buffer(request);
    if (refusal !== null) {
      refusals.push(refusal);
      return refuse(response, service, refusal, authorizationUri);
    }
    passed += 1;
    await forward(options, agent, request, body, response).catch(() => response.destroy());
  });
  await once(server.listen(0, HOST), 'listening');
  return {
    endpoint: `https://${HOST}:${(server.address() as AddressInfo).port}${pathname}`,
    refusals,
    get passed() {
      return passed;
    },
    async close() {
      await closeServer(server);
      agent.destroy();
    },
  };
}

/** Signed with the account's key, which no client of this service ever sees. */
async function forward(
  { service, target, account }: StorageFrontOptions,
  agent: Agent,
  { method = 'GET', url: path = '/', headers }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const { origin } = new URL(target);
  const sent: OutgoingHttpHeaders = {
    ...Object.fromEntries(Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.has(name))),
    'content-length': body.length,
    'x-ms-date': new Date().toUTCString(),
  };
  sent.authorization = sharedKeyLite(service, account, method, path, sent);
  const upstream = send(`${origin}${path}`, { agent, method, headers: sent });
  upstream.end(body);
  const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
  const answered = await buffer(answer);
  const kept = Object.entries(answer.headers).filter(([name]) => !NOT_PASSED_ON.has(name));
  const status = answer.statusCode ?? 502;
  const length = status === 204 || status === 304 ? {} : { 'content-length': answered.length };
  response.writeHead(status, { ...Object.fromEntries(kept), ...length }).end(answered);
}

/** The Table service says what is wrong in JSON, the others in XML and in a header. */
function refuse(response: ServerResponse, service: Service, refusal: Refusal, authorizationUri: string): void {
  const { status, code, detail } = refusal;
  const challenge = `Bearer authorization_uri=${authorizationUri} resource_id=https://storage.azure.com`;
  const [type, body] =
    service === 'table'
      ? ['application/json', JSON.stringify({ 'odata.error': { code, message: { lang: 'en-US', value: detail } } })]
      : [
          'application/xml',
          `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${detail}</Message></Error>`,
        ];
  response
    .writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      ...(status === 401 && { 'www-authenticate': challenge }),
      ...(service === 'queue' && { 'x-ms-error-code': code }),
    })
    .end(body);
}
