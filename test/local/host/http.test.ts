import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SpawnedHost } from '../../../local/host/spawn.ts';
import { startFixture } from './fixture.ts';

const environment = { AzureWebJobsDisableHomepage: 'true', FUNCTIONS_REQUEST_BODY_SIZE_LIMIT: '1000000' };

interface Echo {
  method: string;
  url: string;
  params: Record<string, string>;
  headers: Record<string, string>;
  body: string;
}

describe.each(['rpc', 'stream'])('HTTP functions in %s mode', (mode) => {
  let host: SpawnedHost;
  beforeAll(async () => {
    host = await startFixture(mode, { ...environment, FUNCTIONS_HOST_KEY: 'the key' });
  });
  afterAll(async () => {
    await host.stop();
  });
  const get = (path: string, init?: RequestInit) => fetch(host.origin + path, { redirect: 'manual', ...init });

  it('get method, url, headers in lower case, route values decoded, and body', async () => {
    const response = await get('/ECHO/Al%20ice/a/b%2Fc?x=1', {
      method: 'PUT',
      body: 'héllo',
      headers: { 'X-Csrf': '1' },
    });
    const echo = (await response.json()) as Echo;
    expect(echo).toMatchObject({
      method: 'PUT',
      url: `${host.origin}/ECHO/Al%20ice/a/b%2Fc?x=1`,
      params: { name: 'Al ice', path: 'a/b%2Fc' },
      body: 'héllo',
    });
    expect(echo.headers).toMatchObject({ 'x-csrf': '1', host: new URL(host.origin).host });
    expect(Object.keys(echo.headers).filter((name) => /invocation|forwarded/.test(name))).toEqual([]);
  });

  it('are found by path and method: anything else is 404, another method too', async () => {
    expect((await get('/no-such')).status).toBe(404);
    expect((await get('/cookies', { method: 'POST' })).status).toBe(404);
    expect((await get('/echo/x', { method: 'DELETE' })).status).toBe(404);
    expect((await get('/admin/host/status')).status).toBe(404);
  });

  it('may be at /, and under their name when the route is empty', async () => {
    expect(await (await get('/')).text()).toBe('home');
    expect(await (await get('/unnamed')).text()).toBe('by name');
  });

  it('set several cookies, each a header of its own', async () => {
    const { status, headers } = await get('/cookies');
    expect([status, headers.get('location'), headers.get('x-one')]).toEqual([303, '/next', '1']);
    const [session, gone, ...more] = headers.getSetCookie();
    expect(session).toMatch(/^__Host-session=a%20b; path=\/;/i);
    for (const flag of ['secure', 'httponly', 'samesite=lax'])
      expect(session?.toLowerCase().split('; ')).toContain(flag);
    expect(session).not.toMatch(/domain/i);
    expect(gone).toMatch(/^gone=; max-age=0; path=\/$/i);
    expect(more).toEqual([]);
  });

  it('that throw answer 500 with nothing in it; the log has the error', async () => {
    const response = await get('/throws');
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(await host.line(/inner detail/)).toBe('host: function "throws" failed: Error: inner detail');
  });

  it('that return nothing answer 204', async () => {
    expect((await get('/nothing')).status).toBe(204);
  });

  it.each([204, 205, 304])('answer %d without a body', async (status) => {
    const response = await get(`/empty/${status}`);
    expect([response.status, await response.text()]).toEqual([status, '']);
  });

  it('answer HEAD without a body, and leave the connection usable', async () => {
    const response = await get('/echo/x', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect((await get('/')).status).toBe(200);
  });

  it('log one line a message, exactly as given, and the console passes through', async () => {
    await get('/lines');
    await host.line(/^from the console$/);
    const from = host.lines.indexOf('before');
    expect(host.lines.slice(from, from + 4)).toEqual(['before', '{"plain":"json"}', 'a { b: 1 }', 'from the console']);
    expect(host.lines).not.toContain('too quiet');
  });

  it('with an authLevel want the key', async () => {
    expect((await get('/guarded')).status).toBe(401);
    expect((await get('/guarded', { headers: { 'x-functions-key': 'the kez' } })).status).toBe(401);
    expect((await get('/guarded', { headers: { 'x-functions-key': 'the key' } })).status).toBe(200);
    expect((await get('/guarded?code=the%20key')).status).toBe(200);
  });

  it('get bodies up to the limit', async () => {
    const echo = (await (await get('/echo/x', { method: 'POST', body: 'a'.repeat(1_000_000) })).json()) as Echo;
    expect(echo.body).toHaveLength(1_000_000);
  });

  it('are not bothered with a body over the limit', async () => {
    expect((await get('/echo/x', { method: 'POST', body: 'a'.repeat(1_000_001) })).status).toBe(413);
  });

  it('are not fooled by a body over the limit that does not say its length', async () => {
    const upload = request(`${host.origin}/echo/x`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    upload.on('error', () => undefined);
    upload.write('a'.repeat(600_000));
    upload.write('a'.repeat(600_000));
    const [response] = await once(upload, 'response');
    upload.destroy();
    expect(response.statusCode).toBe(413);
  });

  it('get bodies that do not say their length', async () => {
    const upload = request(`${host.origin}/echo/x`, { method: 'POST', headers: { 'transfer-encoding': 'chunked' } });
    upload.write('one ');
    upload.end('two');
    const [response] = await once(upload, 'response');
    expect(JSON.parse(await text(response))).toMatchObject({ body: 'one two' });
  });

  it('are not reached by a URL or query that Azure would refuse', async () => {
    expect((await get(`/echo/${'a'.repeat(8192)}`)).status).toBe(414);
    expect((await get(`/echo/x?${'a'.repeat(4096)}`)).status).toBe(404);
  });

  it.each([['host: ['], ['host: %'], ['host: a b'], ['host: x@y'], ['host: x:99999'], ['host: x', 'host: y']])(
    'are not reached by a host that is none: %s',
    async (...hosts) => {
      const raw = connect(Number(new URL(host.origin).port), '127.0.0.1');
      raw.end(['GET /echo/x HTTP/1.1', ...hosts, 'connection: close', '', ''].join('\r\n'));
      expect(await text(raw)).toMatch(/^HTTP\/1\.1 400 /);
    },
  );

  it('outlive clients that go away in the middle of a request or of an answer', async () => {
    const port = Number(new URL(host.origin).port);
    const half = connect(port, '127.0.0.1');
    await once(half, 'connect');
    await new Promise<unknown>((sent) =>
      half.write('POST /echo/gone HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', sent),
    );
    half.destroy();
    const abandoned = request(`${host.origin}/never`).end();
    abandoned.on('error', () => undefined);
    await host.line(/^never has begun$/);
    abandoned.destroy();
    const raw = connect(port, '127.0.0.1');
    raw.resume().end('this is not HTTP\r\n\r\n');
    await once(raw, 'close');
    expect((await get('/')).status).toBe(200);
  });
});

describe('in stream mode', () => {
  let host: SpawnedHost;
  beforeAll(async () => {
    host = await startFixture('stream');
  });
  afterAll(async () => {
    await host.stop();
  });

  it('an answer goes out while the function still writes it', async () => {
    const response = await fetch(`${host.origin}/drip`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('first ');
    await fetch(`${host.origin}/release`, { method: 'POST' });
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('second');
    expect((await reader.read()).done).toBe(true);
  });

  it('a function reads a body while the client still sends it, and may answer before its end', async () => {
    const upload = request(`${host.origin}/first-chunk`, { method: 'POST' });
    upload.on('error', () => undefined);
    upload.write('a beginning');
    const [response] = await once(upload, 'response');
    expect(await text(response)).toBe('got a beginning');
    upload.destroy();
  });

  it('an answer that breaks off is broken off for the client too, never ended as if it were whole', async () => {
    const response = await fetch(`${host.origin}/drip`);
    await fetch(`${host.origin}/release?fails`, { method: 'POST' });
    await expect(response.text()).rejects.toThrow();
    await host.line(/the stream broke/);
  });

  it('a query parameter named like the headers replaces them, as on Azure', async () => {
    const forged = encodeURIComponent(JSON.stringify({ cookie: 'forged=1' }));
    const response = await fetch(`${host.origin}/echo/x?Headers=${forged}`, { headers: { cookie: 'real=1' } });
    expect(((await response.json()) as Echo).headers).toEqual({ cookie: 'forged=1' });
  });
});
