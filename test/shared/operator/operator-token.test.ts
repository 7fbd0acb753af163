import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, type JWTHeaderParameters, type JWTVerifyGetKey, SignJWT } from 'jose';
import { type OperatorExpectations, verifyOperatorToken } from '../../../shared/operator/operator-token.ts';
import { generateSigningKey, type SigningKey } from '../../support/signing-op.ts';

type Claims = Readonly<Record<string, unknown>>;

const NOW = Date.UTC(2026, 10, 24, 12);
const SECONDS = NOW / 1_000;
const TENANT = '11111111-2222-3333-4444-555555555555';
const OTHER = '99999999-2222-3333-4444-555555555555';
const AUDIENCE = '66666666-7777-8888-9999-000000000000';
const ISSUER = `https://login.microsoftonline.com/${TENANT}/v2.0`;
const TEMPLATE = 'https://login.microsoftonline.com/{tenantid}/v2.0';

/** A person's, as Entra ID documents its access tokens of version 2. */
const CLAIMS: Claims = {
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'pairwise-subject',
  oid: 'aaaaaaaa-1111-2222-3333-444444444444',
  tid: TENANT,
  azp: 'operator-client',
  azpacr: '1',
  scp: 'user_impersonation',
  roles: ['Other.Role', 'Exeunt.Operator'],
  uti: 'a-uti',
  ver: '2.0',
  iat: SECONDS - 60,
  nbf: SECONDS - 60,
  exp: SECONDS + 600,
};

let key: SigningKey;
let keys: JWTVerifyGetKey;
beforeAll(async () => {
  key = await generateSigningKey('k1');
  keys = createLocalJWKSet({ keys: [key.jwk as { kty: string }] });
});

async function verify(
  changes: Claims,
  expected: Partial<OperatorExpectations> = {},
  header: Partial<JWTHeaderParameters> = {},
) {
  const token = await new SignJWT({ ...CLAIMS, ...changes })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'JWT', ...header })
    .sign(key.privateKey);
  return verifyOperatorToken(token, keys, {
    audience: AUDIENCE,
    tenant: TENANT,
    protocol: 'entra',
    issuer: ISSUER,
    algorithms: ['ES256'],
    now: NOW,
    ...expected,
  });
}
const refused = (reason: string) => ({ outcome: 'invalid-token', reason });

describe("an operator's access token of Entra ID", () => {
  it.each<[string, Claims]>([
    ["a person's", {}],
    ["a program's, without scopes", { scp: undefined, idtyp: 'app' }],
    ["a program's, without the optional claim that says so", { scp: undefined }],
    ['one whose audience is a list of one', { aud: [AUDIENCE] }],
    ['one whose tenant is written in upper case', { tid: TENANT.toUpperCase() }],
  ])('%s is believed', async (_what, changes) => {
    expect(await verify(changes)).toEqual({ outcome: 'operator', operator: CLAIMS.oid });
  });

  it('of somebody without an object id is known by its subject', async () => {
    expect(await verify({ oid: undefined })).toEqual({ outcome: 'operator', operator: 'pairwise-subject' });
  });

  it.each<[string, Claims, string]>([
    ['an ID token', { nonce: 'n', azp: undefined, azpacr: undefined, scp: undefined }, 'claim-nonce'],
    ['an ID token got without a nonce', { azp: undefined, azpacr: undefined, scp: undefined }, 'claim-azp'],
    ['an ID token with azp', { azpacr: undefined, scp: undefined }, 'not-an-access-token'],
    ['an ID token with empty claims of an access token', { azpacr: '', scp: '' }, 'not-an-access-token'],
    ['an access token with a nonce', { nonce: '' }, 'claim-nonce'],
    ['an ID token that names an access token', { at_hash: 'h' }, 'claim-at_hash'],
    ['an ID token that names a code', { c_hash: 'h' }, 'claim-c_hash'],
    ['a logout token', { events: {} }, 'claim-events'],
    ['one bound to a key', { cnf: { jkt: 'thumbprint' } }, 'claim-cnf'],
    ['one for another API', { aud: 'another' }, 'claim-aud'],
    ['one for several APIs', { aud: [AUDIENCE, 'another'] }, 'claim-aud'],
    ['one of another tenant', { tid: OTHER }, 'claim-tid'],
    ['one of no tenant', { tid: undefined }, 'claim-tid'],
    ['one whose tenant is a list', { tid: [TENANT] }, 'claim-tid'],
    ["one of another tenant's issuer", { iss: ISSUER.replace(TENANT, OTHER) }, 'claim-iss'],
    ['one of version 1', { iss: `https://sts.windows.net/${TENANT}/` }, 'claim-iss'],
    ['one that has expired', { exp: SECONDS - 60 }, 'ERR_JWT_EXPIRED'],
    ['one without an end', { exp: undefined }, 'claim-exp'],
    ['one that is not valid yet', { nbf: SECONDS + 60 }, 'claim-nbf'],
    ['one with an empty subject', { sub: '' }, 'claim-sub'],
  ])('%s is refused', async (_what, changes, reason) => {
    expect(await verify(changes)).toEqual(refused(reason));
  });

  it.each([undefined, 'logout+jwt', 'secevent+jwt', 'dpop+jwt', 'id+jwt', '', null, 1, ['JWT'], { typ: 'JWT' }])(
    'is no token of the type %p',
    async (typ) => {
      const header = { typ } as unknown as JWTHeaderParameters;
      expect(await verify({}, {}, header)).toEqual(refused('header-typ'));
    },
  );

  it.each<[string, unknown]>([
    ['no roles', undefined],
    ['an empty list', []],
    ['another role', ['Exeunt.Reader']],
    ['the role in another case', ['exeunt.operator']],
    ['the role as a text', 'Exeunt.Operator'],
    ['a text with the role in it', 'Exeunt.Operator Exeunt.Reader'],
    ['the role beside what is no text', ['Exeunt.Operator', { a: 1 }]],
    ['the role one list deeper', [['Exeunt.Operator']]],
    ['the role as a key', { 'Exeunt.Operator': true }],
  ])('with %s lacks the role', async (_what, roles) => {
    expect(await verify({ roles })).toEqual({ outcome: 'insufficient-scope', reason: 'claim-roles' });
  });

  it('signed by an algorithm that is not on the list is refused', async () => {
    expect(await verify({}, { algorithms: ['RS256'] })).toEqual(refused('ERR_JOSE_ALG_NOT_ALLOWED'));
  });
});

describe('where the issuer is a template', () => {
  it('the tenant of the setting makes it one issuer', async () => {
    expect((await verify({}, { issuer: TEMPLATE })).outcome).toBe('operator');
  });

  it("another tenant's issuer is refused, whatever tid says", async () => {
    const iss = ISSUER.replace(TENANT, OTHER);
    expect(await verify({ iss }, { issuer: TEMPLATE })).toEqual(refused('claim-iss'));
    expect(await verify({ iss, tid: OTHER }, { issuer: TEMPLATE })).toEqual(refused('claim-tid'));
  });

  it('and no tenant is set, nobody is believed', async () => {
    expect(await verify({}, { issuer: TEMPLATE, tenant: null })).toEqual(refused('claim-iss'));
  });
});

describe('where one tenant is the issuer and none is set', () => {
  it('the issuer alone decides', async () => {
    expect((await verify({ tid: undefined }, { tenant: null })).outcome).toBe('operator');
  });
});

describe("another OP's access token", () => {
  const oidc = { protocol: 'oidc', tenant: null } as const;

  it.each(['at+jwt', 'AT+JWT', 'application/at+jwt'])('is believed by its type, %s', async (typ) => {
    const changes = { azp: undefined, azpacr: undefined, scp: undefined };
    expect((await verify(changes, oidc, { typ })).outcome).toBe('operator');
  });

  it('is refused without that type, since an ID token may have every claim of it', async () => {
    expect(await verify({}, oidc)).toEqual(refused('header-typ'));
  });

  it('is refused with a nonce all the same', async () => {
    expect(await verify({ nonce: 'n' }, oidc, { typ: 'at+jwt' })).toEqual(refused('claim-nonce'));
  });
});
