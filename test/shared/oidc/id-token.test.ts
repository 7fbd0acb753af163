import { createHmac } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { JWTVerifyGetKey } from 'jose';
import { checkIdToken, type IdTokenExpectations, remoteKeys } from '../../../shared/oidc/id-token.ts';
import { TEST_EPOCH } from '../../support/ambient.ts';
import { type JsonServer, startJsonServer } from '../../support/json-server.ts';
import { generateSigningKey, JWKS_PATH, publishKeys, type SigningKey, sign } from '../../support/signing-op.ts';

const NOW_SECONDS = TEST_EPOCH / 1_000;
const TENANT = '72f988bf-86f1-41af-91ab-2d7cd011db47';
const EXPECTED: IdTokenExpectations = {
  issuer: 'https://op.example/v2.0',
  clientId: 'client-1',
  nonce: 'nonce-1',
  tenants: [],
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

describe('an ID token', () => {
  it('is valid where all is as it should be, and gives its claims', async () => {
    expect(await checkClaims({ sid: 'sid-1', nbf: NOW_SECONDS })).toEqual({
      outcome: 'valid',
      claims: { ...CLAIMS, sid: 'sid-1', nbf: NOW_SECONDS },
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['comes from another issuer', { iss: 'https://evil.example' }, 'claim-iss'],
    ['comes from an issuer that only begins with ours', { iss: `${EXPECTED.issuer}/` }, 'claim-iss'],
    ['names no issuer', { iss: undefined }, 'claim-iss'],
    ['is for another application', { aud: 'client-2' }, 'claim-aud'],
    ['is for nobody', { aud: undefined }, 'claim-aud'],
    ['is for several and says not to whom it was issued', { aud: ['client-1', 'client-2'] }, 'claim-azp'],
    ['was issued to another application', { aud: ['client-1', 'client-2'], azp: 'client-2' }, 'claim-azp'],
    ['was issued to another though it is for us', { azp: 'client-2' }, 'claim-azp'],
    ['belongs to another attempt', { nonce: 'nonce-2' }, 'claim-nonce'],
    ['belongs to no attempt', { nonce: undefined }, 'claim-nonce'],
    ['is about nobody', { sub: undefined }, 'claim-sub'],
    ['is about somebody without a name', { sub: '' }, 'claim-sub'],
    ['is about a number', { sub: 7 }, 'claim-sub'],
    ['has expired', { exp: NOW_SECONDS - 3 }, 'ERR_JWT_EXPIRED'],
    ['never expires', { exp: undefined }, 'claim-exp'],
    ['does not say when it was issued', { iat: undefined }, 'claim-iat'],
    ['was issued in the future', { iat: NOW_SECONDS + 60 }, 'claim-iat'],
    ['was issued too long ago to be of this attempt', { iat: NOW_SECONDS - 700 }, 'ERR_JWT_EXPIRED'],
    ['is not valid yet', { nbf: NOW_SECONDS + 60 }, 'claim-nbf'],
  ])('is invalid where it %s', async (_, claims, reason) => {
    expect(await checkClaims(claims)).toEqual({ outcome: 'invalid', reason });
  });

  it('may be for several where it was issued to us', async () => {
    expect(await checkClaims({ aud: ['client-1', 'client-2'], azp: 'client-1' })).toMatchObject({ outcome: 'valid' });
  });

  it('is given two seconds for clocks, and no more', async () => {
    expect(await checkClaims({ exp: NOW_SECONDS - 1 })).toMatchObject({ outcome: 'valid' });
    expect(await checkClaims({ exp: NOW_SECONDS - 2 })).toMatchObject({ outcome: 'invalid' });
    expect(await checkClaims({ iat: NOW_SECONDS + 2 })).toMatchObject({ outcome: 'valid' });
    expect(await checkClaims({ iat: NOW_SECONDS + 3 })).toMatchObject({ outcome: 'invalid' });
  });
});

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
  ])('say nothing of the token where the OP %s', async (_, answer) => {
    server.answers.set(JWKS_PATH, answer);
    expect(await checkClaims({})).toMatchObject({ outcome: 'op-unavailable' });
  });

  it('say nothing of the token where the OP is dead', async () => {
    await server.close();
    expect(await checkClaims({})).toEqual({ outcome: 'op-unavailable', reason: 'jwks-unreachable' });
  });
});

describe("an ID token of an OP whose issuer is a template, as Entra ID's for several tenants", () => {
  const template = { issuer: 'https://op.example/{tenantid}/v2.0', tenants: [TENANT] };
  const iss = (tenant: string) => `https://op.example/${tenant}/v2.0`;

  it('is valid for a tenant that is let in', async () => {
    expect(await checkClaims({ iss: iss(TENANT), tid: TENANT }, template)).toMatchObject({ outcome: 'valid' });
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['of a tenant that is not let in', { iss: iss('other'), tid: 'other' }, 'claim-tid'],
    ['whose tenant and issuer differ', { iss: iss('other'), tid: TENANT }, 'claim-iss'],
    ['whose issuer is let in and its tenant is not', { iss: iss(TENANT), tid: 'other' }, 'claim-tid'],
    ['without a tenant', { iss: iss(TENANT) }, 'claim-tid'],
    ['whose issuer is the template itself', { iss: template.issuer, tid: '{tenantid}' }, 'claim-tid'],
  ])('is invalid %s', async (_, claims, reason) => {
    expect(await checkClaims(claims, template)).toEqual({ outcome: 'invalid', reason });
  });

  it('is invalid where no tenant is let in', async () => {
    const nobody = { ...template, tenants: [] };
    expect(await checkClaims({ iss: iss(TENANT), tid: TENANT }, nobody)).toMatchObject({ outcome: 'invalid' });
  });
});
