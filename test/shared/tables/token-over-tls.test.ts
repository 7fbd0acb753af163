import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jwtVerify, SignJWT } from 'jose';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { createBearerTokens } from '../../../shared/identity/bearer-tokens.ts';
import { createIdentities } from '../../../shared/identity/identities.ts';
import { authorizationByToken } from '../../../shared/tables/authorization.ts';
import { createCaller } from '../../../shared/tables/caller.ts';
import { createExchange } from '../../../shared/tables/exchange.ts';
import { createPointRead } from '../../../shared/tables/point-read.ts';
import { pointReads } from '../../../shared/tables/point-reads.ts';
import { openTables } from '../../../shared/tables/tables.ts';
import { selfSignedPem } from '../settings/certificate.ts';
import { offeredProtocols } from '../upstream/offered-protocols.ts';

const KEY = { partitionKey: 'p', rowKey: 'r' };
const AUDIENCE = 'https://storage.azure.com';
const CHALLENGE = `Bearer authorization_uri=https://login.example/tenant/oauth2/authorize resource_id=${AUDIENCE}`;

const tls = generateKeyPairSync('rsa', { modulusLength: 2048 });
const certificate = selfSignedPem(tls.privateKey, 'localhost');
const [op, foreignOp] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];

/** A Table service that takes a token of the OP for itself, and no other. */
let service: Server;
let origin: string;
let requests: string[] = [];

beforeAll(async () => {
  const key = tls.privateKey.export({ type: 'pkcs8', format: 'pem' });
  service = createServer({ key, cert: certificate }, async (request, response) => {
    const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    requests.push(token);
    const isGood = await jwtVerify(token, op.publicKey, { audience: AUDIENCE }).then(
      () => true,
      () => false,
    );
    response.writeHead(isGood ? 200 : 401, {
      'content-type': 'application/json',
      ...(!isGood && { 'www-authenticate': CHALLENGE, 'x-ms-error-code': 'InvalidAuthenticationInfo' }),
    });
    response.end(isGood ? '{"odata.etag":"W/\\"1\\"","a":"x"}' : '');
  });
  await once(service.listen(0, 'localhost'), 'listening');
  origin = `https://localhost:${(service.address() as AddressInfo).port}`;
});
afterAll(async () => {
  service.closeAllConnections();
  await once(service.close(), 'close');
});
beforeEach(() => {
  requests = [];
});

interface Made {
  readonly audience?: string;
  readonly endsInSeconds?: number;
  readonly isForeign?: boolean;
}
const made = ({ audience = AUDIENCE, endsInSeconds = 3_600, isForeign = false }: Made = {}): Promise<string> => {
  const seconds = Math.floor(Date.now() / 1_000);
  return new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'EdDSA' })
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + endsInSeconds)
    .sign((isForeign ? foreignOp : op).privateKey);
};

let clock = 0;
const ambient = { ...systemAmbient, monotonic: () => clock };
/** Reads with what the credential gives, in turn; the last goes on. */
const reader = (given: readonly Made[], ca = certificate) => {
  let turn = 0;
  const tokens = createBearerTokens(async () => {
    const token = await made(given[Math.min(turn, given.length - 1)]);
    turn += 1;
    return { token, expiresOnTimestamp: Date.now() + 3_600_000 };
  }, ambient);
  const pointRead = createPointRead('accounts', {
    address: { origin, path: '/' },
    authorization: authorizationByToken(tokens),
    exchange: createExchange(origin, { ca }),
    ambient,
  });
  const call = createCaller({ ambient: systemAmbient, deadlineMilliseconds: 5_000, createTable: async () => {} });
  return {
    read: async () => {
      const called = await call((signal) => pointRead(KEY, ['a'], signal), 'look');
      clock += 10_000;
      return called.ok ? called.value?.properties : called.refusal;
    },
    asked: () => turn,
  };
};

const none = () => createBearerTokens(async () => null, ambient);

describe('a read by the token of an identity', () => {
  it('is answered, and many at once cost one token', async () => {
    const { read, asked } = reader([{}]);
    const answers = await Promise.all(Array.from({ length: 20 }, read));
    expect(answers).toEqual(answers.map(() => ({ a: 'x' })));
    expect(asked()).toBe(1);
  });

  it.each([
    ['for another audience', { audience: 'https://vault.azure.net' }],
    ['that has expired', { endsInSeconds: -60 }],
    ['of a foreign OP', { isForeign: true }],
  ])('with a token %s is sent once more with a new one', async (_, refused) => {
    const { read, asked } = reader([refused, {}]);
    expect(await read()).toEqual({ a: 'x' });
    expect(await read()).toEqual({ a: 'x' });
    expect(asked()).toBe(2);
    expect(requests).toHaveLength(3);
    expect(requests[2]).toBe(requests[1]);
  });

  it('is refused where a new token is refused too, after two requests', async () => {
    const { read } = reader([{ isForeign: true }]);
    expect(await read()).toEqual({ status: 401, code: 'InvalidAuthenticationInfo' });
    expect(requests).toHaveLength(2);
    expect(requests[1]).not.toBe(requests[0]);
  });

  it('sends no token to a server whose certificate is not trusted', async () => {
    const stranger = selfSignedPem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'localhost');
    const { read } = reader([{}], stranger);
    expect(await read()).toMatchObject({ status: undefined, code: expect.stringMatching(/^[A-Z_]+$/) });
    expect(requests).toEqual([]);
  });

  it('asks the identity for a token of storage and of nothing else, once for all tables, whoever reads and writes', async () => {
    const asked: unknown[] = [];
    const ask = (clientId: string | null, scope: string) => async () => {
      asked.push([clientId, scope]);
      return { token: 'x', expiresOnTimestamp: Date.now() + 3_600_000 };
    };
    const identities = createIdentities(ask, systemAmbient);
    const tables = openTables(
      // By another path on this host the SDK would take it for Cosmos DB's emulator.
      { kind: 'endpoint', endpoint: `${origin}/devstoreaccount1` },
      { identity: (scope) => identities.tokens(null, scope), ambient: { ...systemAmbient, sleep: async () => {} } },
    );
    for (const table of [tables.accounts, tables.sids]) {
      // Its certificate is nobody's here.
      expect(await table.read(KEY, ['a'])).toMatchObject({ outcome: 'unavailable' });
      expect(await table.create(KEY, {})).toMatchObject({ outcome: 'unavailable' });
    }
    expect(asked).toEqual([[null, 'https://storage.azure.com/.default']]);
    expect(requests).toEqual([]);
  });

  it.each([
    'http://account.table.core.windows.net',
    'http://127.0.0.1:10002/account',
    'https://account.table.core.windows.net?sv=1&sig=x',
    'https://account.table.cosmos.azure.com',
    'https://account.table.cosmosdb.azure.com',
  ])('is the SDK’s at %s', (endpoint) => {
    expect(pointReads({ kind: 'endpoint', endpoint }, none, ambient, {})('accounts')).toBeUndefined();
  });

  it('goes by HTTP/1.1, as the SDK’s does', async () => {
    const read = (at: string) => createExchange(at)('/accounts', [], AbortSignal.timeout(5_000));
    expect(await offeredProtocols(read)).toEqual(['http/1.1']);
  });

  it('is the SDK’s at Cosmos DB by an account’s key too', () => {
    const byKey = 'DefaultEndpointsProtocol=https;AccountName=account;AccountKey=AAAA';
    const readOf = (where: string) =>
      pointReads({ kind: 'connection-string', connectionString: `${byKey};${where}` }, none, ambient, {})('accounts');
    expect(readOf('TableEndpoint=https://account.table.cosmos.azure.com:443/')).toBeUndefined();
    expect(readOf('EndpointSuffix=cosmosdb.azure.com')).toBeUndefined();
    expect(readOf('EndpointSuffix=core.windows.net')).toBeDefined();
  });

  it('is our own at an endpoint with TLS, but not through a proxy', () => {
    const settings = { kind: 'endpoint', endpoint: 'https://account.table.core.windows.net' } as const;
    expect(pointReads(settings, none, ambient, {})('accounts')).toBeDefined();
    expect(pointReads(settings, none, ambient, { https_proxy: 'http://proxy:3128' })('accounts')).toBeUndefined();
    const loopback = { kind: 'endpoint', endpoint: origin } as const;
    expect(pointReads(loopback, none, ambient, { HTTPS_PROXY: 'http://proxy:3128' })('accounts')).toBeDefined();
  });
});
