import { beforeAll, describe, expect, it } from '@jest/globals';
import { CompactSign, createLocalJWKSet, exportJWK, generateKeyPair } from 'jose';
import { type JwtVerified, verifyJwt } from '../../../shared/oidc/verify-jwt.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';

const PAYLOAD = '{"aud":"client-1","sub":"sub-1"}';

let sign: (payload: string | Uint8Array, header?: Record<string, unknown>) => Promise<string>;
let verify: (jwt: string) => Promise<JwtVerified>;
beforeAll(async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] });
  sign = (payload, header = {}) =>
    new CompactSign(Buffer.from(payload)).setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header }).sign(privateKey);
  verify = (jwt) =>
    verifyJwt(jwt, keys, {
      audience: 'client-1',
      algorithms: ['ES256'],
      requiredClaims: ['aud'],
      typ: null,
      ageSecondsMax: null,
      now: TEST_EPOCH,
    });
});

const around = (text: string, inserted: string) => `${text.slice(0, 8)}${inserted}${text.slice(8)}`;

describe('the form of a JWT', () => {
  it('is taken as it was signed', async () => {
    expect(await verify(await sign(PAYLOAD))).toMatchObject({ outcome: 'verified', claims: { sub: 'sub-1' } });
  });

  it.each([' ', '\n', '\t', '\0', '=', '+', '/', 'é', '😀', '\ud800'])(
    'has no %j in any part, where decoders read past some of them',
    async (inserted) => {
      const [header = '', payload = '', signature = ''] = (await sign(PAYLOAD)).split('.');
      const altered = [
        [around(header, inserted), payload, signature],
        [header, around(payload, inserted), signature],
        [header, payload, around(signature, inserted)],
        [header, payload, `${signature}${inserted}`],
      ];
      for (const parts of altered) {
        expect(await verify(parts.join('.'))).toEqual({ outcome: 'invalid', reason: 'malformed' });
      }
    },
  );

  it.each(['', '.', '..', 'a.b', 'a.b.c.d', 'a.b.c.d.e'])('is not %j', async (jwt) => {
    expect(await verify(jwt)).toEqual({ outcome: 'invalid', reason: 'malformed' });
  });

  it('is not that of a megabyte', async () => {
    expect(await verify(await sign(`{"aud":"client-1","x":"${'x'.repeat(1 << 20)}"}`))).toEqual({
      outcome: 'invalid',
      reason: 'too-large',
    });
  });
});

describe('the JSON of a JWT', () => {
  it.each([
    ['a member twice', '{"aud":"client-1","sub":"a","sub":"b"}'],
    ['a member twice, once in escapes', '{"aud":"client-1","sub":"a","s\\u0075b":"b"}'],
    ['a member twice further in', '{"aud":"client-1","events":[{"x":{"a":1,"a":1}}]}'],
    ['`__proto__` twice', '{"aud":"client-1","__proto__":{},"__proto__":{}}'],
    ['seventeen levels', `{"aud":"client-1","x":${'['.repeat(16)}${']'.repeat(16)}}`],
    ['a byte order mark', `\ufeff${PAYLOAD}`],
    ['two values', `${PAYLOAD}{}`],
  ])('is refused with %s', async (_, payload) => {
    expect(await verify(await sign(payload))).toEqual({ outcome: 'invalid', reason: 'malformed' });
  });

  it.each([
    ['the same name in two objects', '{"aud":"client-1","a":[{"x":1},{"x":1}],"b":{"x":1}}'],
    ['names and values full of signs', '{"aud":"client-1","{\\"":"}","[":",:\\\\","\\\\":["\\"{"]}'],
    ['sixteen levels', `{"aud":"client-1","x":${'['.repeat(15)}${']'.repeat(15)}}`],
  ])('is taken with %s', async (_, payload) => {
    expect(await verify(await sign(payload))).toMatchObject({ outcome: 'verified', claims: JSON.parse(payload) });
  });

  it('is refused in anything but UTF-8: two names must not become one', async () => {
    const bytes = Buffer.concat([Buffer.from('{"aud":"client-1","sub":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(await verify(await sign(bytes))).toMatchObject({ outcome: 'invalid' });
  });

  it.each(['null', '[]', '"text"', '17'])('is refused as %s', async (payload) => {
    expect(await verify(await sign(payload))).toMatchObject({ outcome: 'invalid' });
  });

  it('gives no other object anything by a member named `__proto__`', async () => {
    const verified = await verify(await sign('{"aud":"client-1","__proto__":{"nonce":"n"}}'));
    expect(verified).toMatchObject({ outcome: 'verified' });
    expect((verified as { claims: Record<string, unknown> }).claims.nonce).toBeUndefined();
    expect(({} as Record<string, unknown>).nonce).toBeUndefined();
  });
});
