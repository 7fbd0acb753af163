import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, type JWK } from 'jose';
import { TOKEN_EXCHANGE, TOKEN_EXCHANGE_ID } from '../../../local/op/identity-token.ts';
import { createSigningKey } from '../../../local/op/keys.ts';
import { createOp, type Op } from '../../../local/op/op.ts';
import { testApplication } from './browser.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const IDENTITY = { clientId: randomUUID(), principalId: randomUUID() };
const application = { ...testApplication('contoso'), appRoles: ['User.Read.All'] };

let op: Op;
beforeAll(async () => {
  op = await createOp();
  await op.listen(0);
  const credential = { issuer: op.issuer, subject: IDENTITY.principalId, audience: TOKEN_EXCHANGE };
  op.register({ ...application, federatedCredentials: [credential] });
});
afterAll(() => op.close());

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;
const assertion = (claims: Readonly<Record<string, unknown>> = {}, more: { readonly key?: JWK } = {}) =>
  op.identityToken(IDENTITY, { resource: TOKEN_EXCHANGE, expiresAt: inAnHour(), claims, ...more });

/** Asks for a token of the application's own. */
async function ask(proof: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) {
  const form = {
    client_id: application.clientId,
    grant_type: 'client_credentials',
    scope: 'https://graph.microsoft.com/.default',
    ...proof,
  };
  const response = await fetch(op.metadataUrl.replace(/v2\.0\/.*$/, 'oauth2/v2.0/token'), {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, error: body.error, codes: body.error_codes, token: typeof body.access_token };
}
const show = async (made: Promise<string> | string) =>
  ask({ client_assertion_type: ASSERTION_TYPE, client_assertion: await made });
const refusedWith = (code: number) => ({ status: 401, error: 'invalid_client', codes: [code], token: 'undefined' });
const GIVEN = { status: 200, error: undefined, codes: undefined, token: 'string' };

describe('an application that proves itself by the token of a managed identity', () => {
  it('is known by what is registered, as often as it shows the same one', async () => {
    const made = await assertion();
    expect(await show(made)).toEqual(GIVEN);
    expect(await show(made)).toEqual(GIVEN);
  });

  it('is known by a token that has the id of what its registration names as the audience, or the name itself', async () => {
    expect(decodeJwt(await assertion()).aud).toBe(TOKEN_EXCHANGE_ID);
    expect(await show(assertion({ aud: TOKEN_EXCHANGE }))).toEqual(GIVEN);
  });

  it('is known by a token of before the keys were changed', async () => {
    const made = await assertion();
    await op.rotateKeys();
    expect(await show(made)).toEqual(GIVEN);
    expect(await show(assertion())).toEqual(GIVEN);
  });

  it.each([
    ['of another issuer', 700211, { iss: 'http://login.localhost/another/v2.0' }],
    ['of another identity', 700213, { sub: randomUUID() }],
    ['in other letters', 700213, { sub: IDENTITY.principalId.toUpperCase() }],
    ['for another audience', 700212, { aud: 'api://AzureADTokenExchangeChina' }],
    ['for several audiences', 700212, { aud: [TOKEN_EXCHANGE_ID, 'https://storage.azure.com'] }],
    ['that has expired', 700024, { exp: Math.floor(Date.now() / 1_000) - 60 }],
    ['that never expires', 700024, { exp: undefined }],
    ['that is not good yet', 700024, { nbf: inAnHour() }],
  ])('is not known by one %s', async (_, code, claims) => {
    expect(await show(assertion(claims))).toEqual(refusedWith(code));
  });

  it('is not known by one of another key, by one without a signature, and by what is none', async () => {
    const foreign = await createSigningKey();
    expect(await show(assertion({}, { key: foreign }))).toEqual(refusedWith(700027));
    const [header = '', payload = ''] = (await assertion()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    expect(await show(`${none}.${payload}.`)).toEqual(refusedWith(700027));
    expect(await show(`${header}.${payload}.`)).toEqual(refusedWith(700027));
    expect(await show('mark3r')).toEqual(refusedWith(50027));
  });

  it('has no secret: what the registration holds in its place is nobody’s to show', async () => {
    const secret = application.clientSecret;
    expect(await ask({ client_secret: secret })).toEqual(refusedWith(7000218));
    const basic = Buffer.from(`${application.clientId}:${secret}`).toString('base64');
    expect(await ask({}, { authorization: `Basic ${basic}` })).toEqual(refusedWith(7000218));
    expect(await ask({})).toEqual(refusedWith(7000218));
    expect(await ask({ client_assertion: await assertion() })).toEqual(refusedWith(7000218));
  });
});
