import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { User } from '../../local/op/op.ts';
import type { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { bringIn } from './support/sign-in.ts';
import type { Sent } from './support/wire.ts';

const MEBIBYTE = Buffer.alloc(1024 * 1024, 'exeunt ');
const CSRF = { 'x-csrf': '1' };

const world = localWorld();
let browser: Browser;
let person: User;
beforeAll(async () => {
  ({ browser, person } = await bringIn(world));
});
beforeEach(() => world.odd.answerWith((_request, response) => response.writeHead(200).end()));

const call = (path: string, { headers, ...sent }: Sent = {}) =>
  browser.fetch(`${world.app.origin}/api${path}`, { ...sent, headers: { ...CSRF, ...headers } });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('a call of an API', () => {
  it('goes through with a token that the API takes and the browser never sees', async () => {
    const answer = await call('/graph/me');
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ id: person.oid, userPrincipalName: person.upn });
    for (const secret of world.op.issued) expect(answer.text + JSON.stringify(answer.headers)).not.toContain(secret);
  });

  it('carries method, query, body and the headers that matter', async () => {
    const body = JSON.stringify({ subject: 'Exeunt omnes' });
    const answer = await call('/graph/echo?$select=id&q=a%20b%26c', {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'accept-language': 'de',
        prefer: 'return=minimal',
        range: 'bytes=0-9',
      },
    });
    expect(answer.json()).toMatchObject({
      method: 'POST',
      path: '/v1.0/echo',
      query: '$select=id&q=a%20b%26c',
      headers: {
        'content-type': 'application/json',
        'accept-language': 'de',
        prefer: 'return=minimal',
        range: 'bytes=0-9',
        authorization: 'present',
      },
      bodySha256: sha256(Buffer.from(body)),
    });
  });

  it.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'])('by %s is passed on as that', async (method) => {
    expect((await call('/odd/any/thing', { method })).status).toBe(200);
    expect(world.odd.received.at(-1)).toMatchObject({ method, target: '/base/any/thing' });
  });

  it("keeps the caller's Authorization, cookies and the platform's headers on this side", async () => {
    const headers = {
      authorization: 'Bearer callers-own',
      'x-forwarded-for': '10.0.0.1',
      'x-ms-client-principal': 'forged',
      'x-original-url': '/admin',
      'x-http-method-override': 'DELETE',
      referer: 'http://contoso.localhost/secret-path',
      connection: 'close, authorization',
    };
    await call('/odd/items/1', { headers });
    const arrived = world.odd.received.at(-1)?.headers ?? {};
    expect(arrived.authorization).toMatch(/^Bearer ey/);
    expect(Object.keys(arrived).toSorted()).toEqual(['accept', 'authorization', 'connection', 'host']);
    expect(arrived.host).toBe(new URL(world.odd.origin).host);
    expect(JSON.stringify(arrived)).not.toMatch(/callers-own|__Host-session|forged|secret-path/);
  });

  it('answers what the API answers: status, type, ETag, paging', async () => {
    world.odd.answerWith((_request, response) =>
      response
        .writeHead(418, { 'content-type': 'text/plain', etag: '"v7"', 'retry-after': '9' })
        .end('short and stout'),
    );
    const answer = await call('/odd/items/1');
    expect([answer.status, answer.text]).toEqual([418, 'short and stout']);
    expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', etag: '"v7"', 'retry-after': '9' });
  });

  it("lets nothing of the API's act in the name of this origin", async () => {
    world.odd.answerWith((_request, response) =>
      response
        .writeHead(200, {
          'set-cookie': ['__Host-session=planted; Secure; Path=/', 'other=1'],
          'access-control-allow-origin': '*',
          'clear-site-data': '"*"',
          'content-security-policy': "default-src *; script-src 'unsafe-inline'",
          'content-type': 'text/html',
          'cache-control': 'public, max-age=600',
          location: 'https://evil.example',
          server: 'odd/1',
          'service-worker-allowed': '/',
          'strict-transport-security': 'max-age=0',
          'x-powered-by': 'odd',
        })
        .end('<script>alert(1)</script>'),
    );
    const answer = await call('/odd/items/1');
    expect(answer.setCookies).toEqual([]);
    expect(answer.headers).toMatchObject({
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    const told = Object.keys(answer.headers);
    for (const name of ['access-control-allow-origin', 'clear-site-data', 'location', 'server', 'x-powered-by']) {
      expect(told).not.toContain(name);
    }
    expect(told).not.toContain('service-worker-allowed');
    expect(told).not.toContain('strict-transport-security');
  });
});

describe('bodies', () => {
  it('of 1 MiB pass both ways, byte for byte', async () => {
    world.odd.answerWith((_request, response) => response.writeHead(200).end(MEBIBYTE));
    const answer = await call('/odd/items', { method: 'POST', body: MEBIBYTE });
    expect(sha256(world.odd.received.at(-1)?.body ?? Buffer.alloc(0))).toBe(sha256(MEBIBYTE));
    expect(sha256(answer.bytes)).toBe(sha256(MEBIBYTE));
  });

  it('that the API compressed arrive compressed', async () => {
    world.odd.answerWith((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip');
      response.writeHead(200, { 'content-encoding': 'gzip', vary: 'accept-encoding' }).end(gzipSync(MEBIBYTE));
    });
    const answer = await call('/odd/items/1', { headers: { 'accept-encoding': 'gzip' } });
    expect(answer.headers).toMatchObject({
      'content-encoding': 'gzip',
      vary: expect.stringMatching(/^accept-encoding, /),
    });
    expect(sha256(gunzipSync(answer.bytes))).toBe(sha256(MEBIBYTE));
  });

  it.each([204, 304])('do not come with %d', async (status) => {
    world.odd.answerWith((_request, response) => response.writeHead(status, { etag: '"same"' }).end());
    const answer = await call('/odd/items/1', { headers: { 'if-none-match': '"same"' } });
    expect([answer.status, answer.text, answer.headers.etag]).toEqual([status, '', '"same"']);
    expect(world.odd.received.at(-1)?.headers['if-none-match']).toBe('"same"');
  });

  it('do not come with 205, though the API sends one, and nobody waits for it', async () => {
    world.odd.answerWith((_request, response) =>
      response.socket?.end('HTTP/1.1 205 Odd\r\ncontent-length: 2\r\n\r\nno'),
    );
    const answer = await call('/odd/items/1');
    expect([answer.status, answer.text]).toEqual([205, '']);
    expect(answer.headers['content-length']).not.toBe('2');
  });

  it('do not come with HEAD', async () => {
    world.odd.answerWith((_request, response) =>
      response.writeHead(200, { 'content-length': '1234', 'content-type': 'image/png' }).end(),
    );
    const answer = await call('/odd/items/1', { method: 'HEAD' });
    expect([answer.status, answer.text, answer.headers['content-type']]).toEqual([200, '', 'image/png']);
    expect(world.odd.received.at(-1)?.method).toBe('HEAD');
  });

  it('that break off at the API break off here, and are not taken for whole', async () => {
    world.odd.answerWith((_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('half', () => response.destroy());
    });
    await expect(call('/odd/items/1')).rejects.toThrow();
  });
});
