import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Api, createApi } from '../../../local/api/api.ts';

const issuer = 'http://login.localhost/tenant/v2.0';
const audience = 'api://graph';
const { privateKey, publicKey } = await generateKeyPair('RS256');
let keys: Server;
let api: Api;
let origin: string;

beforeEach(async () => {
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] });
  keys = createServer((_request, response) => response.end(jwks));
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  api = createApi({
    jwksUrl: `http://127.0.0.1:${(keys.address() as AddressInfo).port}/`,
    issuer,
    audience,
    mailAudience: 'api://mail',
  });
  origin = `http://127.0.0.1:${(await api.listen(0)).port}`;
});
afterEach(async () => {
  await api.close();
  keys.closeAllConnections();
  await new Promise((resolve) => keys.close(resolve));
});

function token(claims: Record<string, unknown> = {}, key = privateKey): Promise<string> {
  const payload = {
    iss: issuer,
    aud: audience,
    exp: Math.floor(Date.now() / 1000) + 60,
    scp: 'User.Read',
    oid: 'oid-1',
  };
  return new SignJWT({ ...payload, name: 'Alice Arden', preferred_username: 'alice@contoso.example', ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .sign(key);
}

async function call(path: string, bearer?: string, init: RequestInit = {}) {
  const headers = { ...(init.headers as Record<string, string>), ...(bearer && { authorization: `Bearer ${bearer}` }) };
  const response = await fetch(origin + path, { ...init, headers });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

describe('the downstream API', () => {
  it('answers /me as Graph does, from the token', async () => {
    const { status, body } = await call('/v1.0/me', await token());
    expect(status).toBe(200);
    expect(body).toEqual({
      id: 'oid-1',
      displayName: 'Alice Arden',
      userPrincipalName: 'alice@contoso.example',
      mail: 'alice@contoso.example',
    });
  });

  it('lists messages, and makes one out of the JSON that it is sent', async () => {
    const bearer = await token();
    expect((await call('/v1.0/me/messages', bearer)).body.value).toHaveLength(3);
    const made = await call('/v1.0/me/messages', bearer, { method: 'POST', body: '{"subject":"Hi"}' });
    expect(made).toMatchObject({ status: 201, body: { subject: 'Hi' } });
    expect((await call('/v1.0/me/messages', bearer, { method: 'POST', body: '{' })).status).toBe(400);
  });

  it('echoes what arrived, but never the token', async () => {
    const bearer = await token();
    const { body } = await call('/v1.0/echo?a=1&b=%2F', bearer, {
      method: 'PUT',
      body: 'some bytes',
      headers: { 'x-probe': 'p' },
    });
    expect(body).toMatchObject({
      method: 'PUT',
      path: '/v1.0/echo',
      query: 'a=1&b=%2F',
      bodyBytes: 10,
      bodySha256: createHash('sha256').update('some bytes').digest('hex'),
    });
    expect(body.headers).toMatchObject({ 'x-probe': 'p', authorization: 'present' });
    expect(JSON.stringify(body)).not.toContain(bearer);
  });

  it('refuses with 401 what is not a good token of this issuer for this API', async () => {
    const foreign = (await generateKeyPair('RS256')).privateKey;
    const bad = {
      'no token': undefined,
      'not a token': 'abc',
      'another signature': await token({}, foreign),
      'another issuer': await token({ iss: 'http://other' }),
      'another audience': await token({ aud: 'api://other' }),
      expired: await token({ exp: Math.floor(Date.now() / 1000) - 1 }),
      'no scope': await token({ scp: undefined }),
    };
    for (const [what, bearer] of Object.entries(bad)) {
      const { status, headers } = await call('/v1.0/me', bearer);
      expect([what, status, headers.get('www-authenticate')]).toEqual([what, 401, 'Bearer error="invalid_token"']);
    }
  });

  it('answers 404 for what is not there and remembers the hash of each token, not the token', async () => {
    const bearer = await token();
    expect((await call('/v1.0/users', bearer)).status).toBe(404);
    expect(api.tokenHashes).toEqual([createHash('sha256').update(bearer).digest('hex')]);
  });
});

describe('the mail API', () => {
  const mail = (claims: Record<string, unknown> = {}) => token({ aud: 'api://mail', scp: 'Mail.Read', ...claims });

  it('takes tokens of its own alone', async () => {
    expect(await call('/mail/letters', await mail())).toMatchObject({ status: 200, body: { value: [{}, {}] } });
    expect((await call('/mail/letters', await token())).status).toBe(401);
    expect((await call('/v1.0/me', await mail())).status).toBe(401);
    expect((await call('/mail/elsewhere', await mail())).status).toBe(404);
  });

  it('asks by a claims challenge for what a sealed letter takes', async () => {
    const refused = await call('/mail/letters/sealed', await mail({ acrs: ['c1'] }));
    expect(refused.status).toBe(401);
    const [, claims = ''] =
      /error="insufficient_claims", claims="([^"]+)"/.exec(refused.headers.get('www-authenticate') ?? '') ?? [];
    expect(JSON.parse(atob(claims))).toEqual({ access_token: { acrs: { essential: true, value: 'c2' } } });
    expect((await call('/mail/letters/sealed', await mail({ acrs: ['c1', 'c2'] }))).status).toBe(200);
  });
});
