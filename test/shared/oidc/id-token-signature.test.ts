import { createHmac } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JWTVerifyGetKey } from 'jose';
import { checkIdToken, type IdTokenExpectations } from '../../../shared/oidc/id-token.ts';
import { remoteKeys } from '../../../shared/oidc/remote-keys.ts';
import { SIGNING_ALGORITHMS } from '../../../shared/settings/signing-algorithms.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { type JsonServer, startJsonServer } from '../../support/json-server.ts';
import { generateSigningKey, JWKS_PATH, publishKeys, type SigningKey, sign } from '../../support/signing-op.ts';

const NOW_SECONDS = TEST_EPOCH / 1_000;
const EXPECTED: IdTokenExpectations = {
  issuer: 'https://op.example/v2.0',
  clientId: 'client-1',
  nonce: 'nonce-1',
  tenants: [],
  algorithms: SIGNING_ALGORITHMS,
  now: TEST_EPOCH,
};
const CLAIMS = {
  iss: EXPECTED.issuer,
  aud: EXPECTED.clientId,
  sub: 'sub-1',
  nonce: EXPECTED.nonce,
  iat: NOW_SECONDS,
  exp: NOW_SECONDS + 3_600,
};

let key: SigningKey;
let stranger: SigningKey;
let server: JsonServer;
let keys: JWTVerifyGetKey;
beforeAll(async () => {
  key = await generateSigningKey('key-1');
  stranger = await generateSigningKey('key-1');
});
beforeEach(async () => {
  server = await startJsonServer();
  publishKeys(server, key);
  keys = remoteKeys(`${server.origin}${JWKS_PATH}`);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.close();
});

/** jose goes by the wall clock: from here on it stands a little more than a second ahead. */
function passCooldown(): void {
  const later = Date.now() + 1_001;
  jest.spyOn(Date, 'now').mockReturnValue(later);
}

const check = (idToken: string, expected: Partial<IdTokenExpectations> = {}) =>
  checkIdToken(idToken, keys, { ...EXPECTED, ...expected });
const checkClaims = async (claims: Record<string, unknown>, expected: Partial<IdTokenExpectations> = {}) =>
  check(await sign({ ...CLAIMS, ...claims }, key), expected);

describe('the signature of an ID token', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('must be of the OP, not of one who uses the name of its key', async () => {
    expect(await check(await sign(CLAIMS, stranger))).toEqual({
      outcome: 'invalid',
      reason: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    });
  });

  it('must fit the claims', async () => {
    const [header, , signature] = (await sign(CLAIMS, key)).split('.');
    const forged = [header, encode({ ...CLAIMS, sub: 'admin' }), signature].join('.');
    expect(await check(forged)).toMatchObject({ outcome: 'invalid' });
  });

  it.each(['none', 'NONE', 'None'])('must be there: alg %s is refused', async (alg) => {
    const unsigned = `${encode({ alg, kid: key.kid })}.${encode(CLAIMS)}.`;
    expect(await check(unsigned)).toMatchObject({ outcome: 'invalid' });
  });

  it('is not one by HS256 with the public key as the secret', async () => {
    for (const secret of [JSON.stringify(key.jwk), String(key.jwk.x)]) {
      const signed = `${encode({ alg: 'HS256', kid: key.kid })}.${encode(CLAIMS)}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      expect(await check(`${signed}.${mac}`)).toEqual({ outcome: 'invalid', reason: 'ERR_JOSE_ALG_NOT_ALLOWED' });
    }
  });

  it.each(['', 'abc', 'a.b', 'a.b.c', 'a.b.c.d.e', '{}'])('cannot be checked in %j, which is invalid', async (text) => {
    expect(await check(text)).toMatchObject({ outcome: 'invalid' });
  });

  it('may be by RSA, as Entra ID signs', async () => {
    const rsa = await generateSigningKey('rsa-1', 'RS256');
    publishKeys(server, key, rsa);
    expect(await check(await sign(CLAIMS, rsa))).toMatchObject({ outcome: 'valid' });
  });
});

describe("the OP's keys", () => {
  it('are fetched once for many tokens', async () => {
    const idToken = await sign(CLAIMS, key);
    for (let tokens = 0; tokens < 5; tokens += 1) await check(idToken);
    expect(server.requests).toEqual([JWKS_PATH]);
  });

  it('are fetched again for a token that names a new one, so that a rotation signs nobody out', async () => {
    const rotated = await generateSigningKey('key-2');
    await checkClaims({});
    publishKeys(server, rotated);
    passCooldown();
    expect(await check(await sign(CLAIMS, rotated))).toMatchObject({ outcome: 'valid' });
    expect(server.requests).toHaveLength(2);
    expect(await checkClaims({})).toMatchObject({ outcome: 'invalid' });
  });

  it('are asked for at most once a second, however many forged tokens come', async () => {
    await checkClaims({});
    const forged = await sign(CLAIMS, { ...stranger, kid: 'key-9' });
    passCooldown();
    for (let tokens = 0; tokens < 20; tokens += 1) await check(forged);
    expect(server.requests).toHaveLength(2);
  });

  it('that are unknown to the OP make a token invalid', async () => {
    expect(await check(await sign(CLAIMS, { ...stranger, kid: 'key-9' }))).toEqual({
      outcome: 'invalid',
      reason: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });

  it.each([
    ['does not give them', { status: 500 }],
    ['gives a page', { body: '<html>' }],
    ['gives no list of keys', { body: {} }],
    ['gives keys without end', { body: { keys: [], padding: 'x'.repeat(300_000) } }],
  ])('say nothing of the token where the OP %s', async (_, answer) => {
    server.answers.set(JWKS_PATH, answer);
    expect(await checkClaims({})).toMatchObject({ outcome: 'op-unavailable' });
  });

  it('say nothing of the token where the OP is dead', async () => {
    await server.close();
    expect(await checkClaims({})).toEqual({ outcome: 'op-unavailable', reason: 'jwks-unreachable' });
  });
});
