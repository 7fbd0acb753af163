import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { JWTVerifyGetKey } from 'jose';
import { checkIdToken, type IdTokenExpectations } from '../../../shared/oidc/id-token.ts';
import { remoteKeys } from '../../../shared/oidc/remote-keys.ts';
import { SIGNING_ALGORITHMS } from '../../../shared/settings/signing-algorithms.ts';
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
let server: JsonServer;
let keys: JWTVerifyGetKey;
beforeAll(async () => {
  key = await generateSigningKey('key-1');
});
beforeEach(async () => {
  server = await startJsonServer();
  publishKeys(server, key);
  keys = remoteKeys(`${server.origin}${JWKS_PATH}`);
});
afterEach(() => server.close());

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
