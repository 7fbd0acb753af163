import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import { request as sendSecurely } from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWK } from 'jose';
import { createAuthority } from '../../../local/identity/certificates.ts';
import { createStorageCheck } from '../../../local/identity/storage-check.ts';
import { type StorageFront, startStorageFront } from '../../../local/identity/storage-front.ts';
import { createSigningKey } from '../../../local/op/keys.ts';
import { closeServer, listenOnLoopback } from '../../../local/op/listen.ts';
import { createOp, type Op } from '../../../local/op/op.ts';

const newIdentity = () => ({ clientId: randomUUID(), principalId: randomUUID() });
const [identity, stranger] = [newIdentity(), newIdentity()];
const AUTHORIZATION_URI = 'http://login.localhost/tenant/oauth2/authorize';
const authority = createAuthority(Date.now());

let op: Op;
/** What the emulator would get. */
let emulator: Server;
let arrived: { readonly url: string; readonly headers: IncomingHttpHeaders }[] = [];
let tables: StorageFront;
let queues: StorageFront;
beforeAll(async () => {
  op = await createOp();
  await op.listen(0);
  emulator = createServer(({ url = '', headers }, response) => {
    arrived.push({ url, headers });
    response.writeHead(200, { 'content-type': 'application/json', etag: 'W/"1"' }).end('{"a":"x"}');
  });
  const { port } = await listenOnLoopback(emulator, 0);
  const roles = new Set([identity.principalId]);
  const check = createStorageCheck({ jwksUrl: op.jwksUrl, issuer: op.servicesIssuer, roles });
  const front = (service: 'table' | 'queue') =>
    startStorageFront({
      service,
      target: `http://127.0.0.1:${port}/account`,
      account: { account: 'account', key: Buffer.from('a key').toString('base64') },
      certificate: authority.issue('127.0.0.1'),
      check,
      authorizationUri: AUTHORIZATION_URI,
    });
  [tables, queues] = await Promise.all([front('table'), front('queue')]);
});
afterAll(async () => {
  await Promise.all([tables.close(), queues.close(), op.close(), closeServer(emulator)]);
});

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;
const token = (claims: Readonly<Record<string, unknown>> = {}, more: { readonly key?: JWK } = {}, who = identity) =>
  op.identityToken(who, { resource: 'https://storage.azure.com', expiresAt: inAnHour(), claims, ...more });

async function ask(authorization: string | undefined, front = tables, path = '/accounts()?$select=a') {
  arrived = [];
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { 'x-ms-version': '2019-02-02', ...(authorization !== undefined && { authorization }) };
  sendSecurely(`${front.endpoint}${path}`, { ca: authority.certificate, headers, agent: false }, resolve)
    .once('error', reject)
    .end();
  const answer = await promise;
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}
const codeIn = (body: string): string => /"code":"(\w+)"|<Code>(\w+)/.exec(body)?.slice(1).find(Boolean) ?? '';

describe('the stand-in for a storage service that takes tokens alone', () => {
  it('lets through whom a role was assigned to, signed with a key that they never see', async () => {
    const { status, headers, body } = await ask(`Bearer ${await token()}`);
    expect([status, headers.etag, body]).toEqual([200, 'W/"1"', '{"a":"x"}']);
    const [{ url, headers: sent } = { url: '', headers: {} }] = arrived;
    expect(url).toBe('/account/accounts()?$select=a');
    expect(sent.authorization).toMatch(/^SharedKeyLite account:[\w+/]{43}=$/);
    expect(sent['x-ms-version']).toBe('2019-02-02');
    expect(tables.passed).toBe(1);
  });

  it('takes the audience with a slash at its end too, as Azure does', async () => {
    expect((await ask(`Bearer ${await token({ aud: 'https://storage.azure.com/' })}`)).status).toBe(200);
  });

  const unsigned = async () =>
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await token()).split('.')[1]}.`;
  const foreign = async () => token({}, { key: await createSigningKey() });
  const madeUp = async () => `${(await token()).split('.').slice(0, 2).join('.')}.${'A'.repeat(342)}`;

  it.each([
    ['for the OP', /Audience/, () => token({ aud: 'api://AzureADTokenExchange' })],
    ['for the vault', /Audience/, () => token({ aud: 'https://vault.azure.net' })],
    ['of another tenant', /Issuer/, () => token({ iss: 'http://login.localhost/another/' })],
    ['that has expired', /Lifetime.*expired/, () => token({ exp: Math.floor(Date.now() / 1_000) - 1 })],
    ['that never expires', /Lifetime/, () => token({ exp: undefined })],
    ['that is not good yet', /Lifetime/, () => token({ nbf: inAnHour() })],
    ['of another key', /Signature/, foreign],
    ['whose signature is made up', /Signature/, madeUp],
    ['without a signature', /Signature/, unsigned],
    ['that is none', /Signature/, async () => 'mark3r'],
  ])('knows nobody by a token %s, and says where to get one', async (_, detail, made) => {
    for (const front of [tables, queues]) {
      const { status, headers, body } = await ask(`Bearer ${await made()}`, front);
      expect([status, codeIn(body)]).toEqual([401, 'InvalidAuthenticationInfo']);
      expect(headers['www-authenticate']).toBe(
        `Bearer authorization_uri=${AUTHORIZATION_URI} resource_id=https://storage.azure.com`,
      );
      expect(front.refusals.at(-1)?.detail).toMatch(detail);
      expect(arrived).toEqual([]);
    }
  });

  it('knows nobody who shows nothing', async () => {
    const { status, headers, body } = await ask(undefined);
    expect([status, codeIn(body)]).toEqual([401, 'NoAuthenticationInformation']);
    expect(headers['www-authenticate']).toMatch(/^Bearer authorization_uri=/);
  });

  it('does nothing for another identity of the same tenant: there is no challenge that would help', async () => {
    const { status, headers, body } = await ask(`Bearer ${await token({}, {}, stranger)}`);
    expect([status, codeIn(body)]).toEqual([403, 'AuthorizationPermissionMismatch']);
    expect(headers['www-authenticate']).toBeUndefined();
    expect(arrived).toEqual([]);
  });

  it('has its keys off: neither they nor what is signed by them opens anything', async () => {
    const answers = [
      await ask('SharedKeyLite account:AAAA'),
      await ask(undefined, tables, '/accounts()?sv=1&sig=AAAA'),
    ];
    expect(answers.map(({ status, body }) => [status, codeIn(body)])).toEqual(
      Array(2).fill([403, 'KeyBasedAuthenticationNotPermitted']),
    );
  });

  it('says its code in the body of the Table service, and in a header of the Queue service', async () => {
    expect(JSON.parse((await ask(undefined)).body)['odata.error'].code).toBe('NoAuthenticationInformation');
    expect((await ask(undefined, queues)).headers['x-ms-error-code']).toBe('NoAuthenticationInformation');
  });
});
