import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { changed, scriptedGround, withMetadata } from './support/ground.ts';
import { attemptTaken, cookiesSet, expectPage, SESSION_SET } from './support/headers.ts';
import { type Claims, type MakeIdToken, swapClaims } from './support/scripted-op.ts';
import { comeBack as comeBackTo } from './support/scripted-sign-in.ts';
import { storedRows } from './support/stored.ts';

const ground = scriptedGround();
const { world } = ground;

const comeBack = (browser = new Browser(), parameters: Record<string, string> = {}, at = ground.app) =>
  comeBackTo(ground.op, at, browser, parameters);
const tokenWith = (changes: Claims) => changed(ground, changes);
const seconds = () => Math.floor(Date.now() / 1000);

describe('the ID token', () => {
  it('is believed when all of it is good', async () => {
    const { answer } = await comeBack();
    expect(answer.status).toBe(303);
    expect(cookiesSet(answer)).toEqual([attemptTaken(), SESSION_SET]);
  });

  it.each<[string, MakeIdToken]>([
    ['of another issuer', tokenWith({ iss: 'https://login.evil.example/v2.0' })],
    [
      'of another tenant at the same OP',
      (good) => ground.op.sign({ ...good, iss: ground.op.issuer.replace('0defaced', '0ddba11') }),
    ],
    ['without iss', tokenWith({ iss: undefined })],
    ['for another application', tokenWith({ aud: 'another-application' })],
    ['for several, issued to another', (good) => ground.op.sign({ ...good, aud: [good.aud, 'other'], azp: 'other' })],
    ['for several, issued to nobody named', (good) => ground.op.sign({ ...good, aud: [good.aud, 'other'] })],
    ['without aud', tokenWith({ aud: undefined })],
    ['that has expired', (good) => ground.op.sign({ ...good, exp: seconds() - 60 })],
    ['without exp', tokenWith({ exp: undefined })],
    ['that is not valid yet', (good) => ground.op.sign({ ...good, nbf: seconds() + 60 })],
    ['made long ago', (good) => ground.op.sign({ ...good, iat: seconds() - 3_600 })],
    ['without sub', tokenWith({ sub: undefined })],
    ['with an empty sub', tokenWith({ sub: '' })],
    ['signed by a stranger', (good) => ground.op.signAsStranger(good)],
    ['signed by a key that the OP does not know', (good) => ground.op.sign(good, { kid: 'unknown' })],
    [
      'with claims changed after it was signed',
      (good) => swapClaims(ground.op.sign(good), { ...good, sub: 'somebody-else' }),
    ],
    ['signed by nobody (alg none)', async (good) => ground.op.leaveUnsigned(good)],
    ['signed by nobody (alg NoNe)', async (good) => ground.op.leaveUnsigned(good, 'NoNe')],
    ['signed with the public key as a secret (HS256)', async (good) => ground.op.signWithPublicKey(good)],
    ['with another nonce', tokenWith({ nonce: 'A'.repeat(43) })],
    ['without nonce', tokenWith({ nonce: undefined })],
    ['that is none', async () => 'not-a-token'],
  ])('%s is not trusted, and nobody is signed in', async (_what, idToken) => {
    const before = await storedRows(world);
    ground.op.idToken = idToken;
    const { answer } = await comeBack();
    expectPage(answer, 403, 'The sign-in was not trusted');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
    const after = await storedRows(world);
    expect([after.accounts, after.sids]).toEqual([before.accounts, before.sids]);
  });

  it('that does not come at all signs nobody in', async () => {
    ground.op.tokenResponse = { id_token: undefined };
    const { answer } = await comeBack();
    expectPage(answer, 403, 'The sign-in was not trusted');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });
});

describe('the code', () => {
  it('is redeemed with the verifier of its challenge, the redirect URI and the secret', async () => {
    const { request } = await comeBack();
    const form = ground.op.tokenRequests.at(-1);
    const verifier = form?.get('code_verifier') ?? '';
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(request.searchParams.get('code_challenge'));
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      code: 'a-code',
      client_id: ground.app.clientId,
      client_secret: ground.app.clientSecret,
      redirect_uri: `${ground.app.origin}/auth/callback`,
    });
  });
});

describe('an OP', () => {
  it('that announces iss (RFC 9207) must send it', async () => {
    await withMetadata(ground, { authorization_response_iss_parameter_supported: true }, async (strict) => {
      const { answer } = await comeBack(new Browser(), {}, strict);
      expectPage(answer, 400, 'The answer came from another sign-in service');
      expect((await comeBack(new Browser(), { iss: ground.op.issuer }, strict)).answer.status).toBe(303);
    });
  });

  it('without an end_session_endpoint leaves the browser here after a sign-out', async () => {
    const browser = new Browser();
    await comeBack(browser);
    const answer = await browser.submit(`${ground.app.origin}/auth/signout`, {}, ground.app.origin);
    expect([answer.status, answer.headers.location]).toEqual([303, '/auth/signed-out']);
  });

  it.each([
    ['whose token endpoint nobody listens at', { token_endpoint: 'http://127.0.0.1:9/token' }],
    ['whose keys cannot be had', { jwks_uri: 'http://127.0.0.1:9/keys' }],
  ])('%s makes the sign-in wait, and signs nobody in', async (_what, metadata) => {
    const { answer } = await withMetadata(ground, metadata, (unlucky) => comeBack(new Browser(), {}, unlucky));
    expectPage(answer, 503, 'The sign-in service does not answer');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it.each([
    ['an endpoint by http elsewhere', { token_endpoint: 'http://op.example/token' }],
    ['no issuer', { issuer: undefined }],
  ])('whose metadata has %s is not used', async (_what, metadata) => {
    const answer = await withMetadata(ground, metadata, (wary) => new Browser().navigate(`${wary.origin}/auth/signin`));
    expectPage(answer, 503, 'The sign-in service does not answer');
  });
});
