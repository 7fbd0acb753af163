import { ConfidentialClientApplication, ProtocolMode } from '@azure/msal-node';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { createOp, type Op } from '../../../local/op/op.ts';
import { TEST_USERS } from '../../../local/op/users.ts';
import { attempt, Browser, postToken, redeem, signIn, testApplication } from './browser.ts';

const [alice] = TEST_USERS as [(typeof TEST_USERS)[0]];
const contoso = testApplication('contoso');
const fabrikam = testApplication('fabrikam');
let op: Op;

beforeEach(async () => {
  op = await createOp({ applications: [contoso, fabrikam], accessTokenSeconds: 7 });
  await op.listen(0);
});
afterEach(() => op.close());

async function tokens(of = op) {
  const started = attempt(of, contoso);
  const callback = await signIn(new Browser(of), started, alice.oid);
  return { started, callback, ...(await redeem(of, started, callback)) };
}

function refresh(refreshToken: unknown, scope = 'api://graph/User.Read openid', of = op) {
  return postToken(of, contoso, { grant_type: 'refresh_token', refresh_token: String(refreshToken), scope });
}

describe('the token endpoint', () => {
  it('gives access tokens the life that is set, and changes it while running', async () => {
    const { body } = await tokens();
    expect(body.expires_in).toBe(7);
    const { iat = 0, exp } = decodeJwt(String(body.access_token));
    expect(exp).toBe(iat + 7);
    op.setAccessTokenSeconds(30);
    expect((await refresh(body.refresh_token)).body.expires_in).toBe(30);
  });

  it('gives a new refresh token at each use and keeps the old one good, as Entra ID does', async () => {
    const { body } = await tokens();
    const second = await refresh(body.refresh_token);
    expect(second.body.refresh_token).not.toBe(body.refresh_token);
    expect((await refresh(body.refresh_token)).status).toBe(200);
    expect((await refresh(second.body.refresh_token)).status).toBe(200);
    expect(op.refreshCount).toBe(3);
  });

  it('ends the whole family of a refresh token that comes again, where that is set', async () => {
    const strict = await createOp({ applications: [contoso], refreshTokenReuse: 'revoke-family' });
    await strict.listen(0);
    try {
      const { body } = await tokens(strict);
      const second = await refresh(body.refresh_token, '', strict);
      expect(second.status).toBe(200);
      expect((await refresh(body.refresh_token, '', strict)).body.error).toBe('invalid_grant');
      expect((await refresh(second.body.refresh_token, '', strict)).body.error).toBe('invalid_grant');
    } finally {
      await strict.close();
    }
  });

  it('redeems one refresh token for another resource, but for one resource at a time', async () => {
    const { body } = await tokens();
    const reports = await refresh(body.refresh_token, 'api://reports/Report.Read');
    expect(decodeJwt(String(reports.body.access_token))).toMatchObject({ aud: 'api://reports', scp: 'Report.Read' });
    const both = await refresh(body.refresh_token, 'api://reports/Report.Read api://graph/User.Read');
    expect(both.body).toMatchObject({ error: 'invalid_scope', error_codes: [28000] });
  });

  it('redeems a code once, for its own client, with its own verifier', async () => {
    const started = attempt(op, contoso);
    const callback = await signIn(new Browser(op), started, alice.oid);
    const stolen = await redeem(
      op,
      { ...started, application: { ...fabrikam, redirectUris: contoso.redirectUris } },
      callback,
    );
    expect(stolen.body.error).toBe('invalid_grant');
    const guessed = await redeem(op, started, callback, { code_verifier: 'x'.repeat(43) });
    expect(guessed.body.error).toBe('invalid_grant');
    expect((await redeem(op, started, callback)).status).toBe(200);
    expect((await redeem(op, started, callback)).body.error).toBe('invalid_grant');
  });

  it('answers errors in the shape of Entra ID', async () => {
    const { status, body } = await refresh('no-such-token');
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'invalid_grant',
      error_description: expect.stringMatching(/^AADSTS70000: .*Trace ID: .*Correlation ID: .*Timestamp: /),
      error_codes: [70000],
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/),
      trace_id: expect.any(String),
      correlation_id: expect.any(String),
    });
    const secret = await postToken(
      op,
      { ...contoso, clientSecret: 'wrong' },
      { grant_type: 'refresh_token', refresh_token: 'x' },
    );
    expect(secret).toMatchObject({ status: 401, body: { error: 'invalid_client', error_codes: [7000215] } });
    const client = await postToken(op, { ...contoso, clientId: 'nobody' }, { grant_type: 'refresh_token' });
    expect(client.body).toMatchObject({ error: 'unauthorized_client', error_codes: [700016] });
  });

  it('lets go of a revoked user: refresh tokens are dead, the browser is asked again, others are untouched', async () => {
    const browser = new Browser(op);
    const started = attempt(op, contoso);
    const { body } = await redeem(op, started, await signIn(browser, started, alice.oid));
    const others = attempt(op, contoso);
    const bobs = await redeem(op, others, await signIn(new Browser(op), others, TEST_USERS[1]?.oid ?? ''));
    op.revokeUser(alice.oid);
    expect((await refresh(body.refresh_token)).body).toMatchObject({ error: 'invalid_grant', error_codes: [50173] });
    expect((await browser.open(attempt(op, contoso).url)).text).toContain('Pick an account');
    expect((await refresh(bobs.body.refresh_token)).status).toBe(200);
  });

  it('fails the next request, and only that, when a test asks for it', async () => {
    const { body } = await tokens();
    op.failNext('token', 'temporarily_unavailable', 503);
    expect(await refresh(body.refresh_token)).toMatchObject({ status: 503, body: { error_codes: [90033] } });
    expect((await refresh(body.refresh_token)).status).toBe(200);
    op.failNext('discovery', 'temporarily_unavailable', 500);
    expect((await fetch(op.metadataUrl)).status).toBe(500);
    op.failNext('authorize', 'temporarily_unavailable');
    const { url } = await new Browser(op).open(attempt(op, contoso).url);
    expect(new URL(url).searchParams.get('error')).toBe('temporarily_unavailable');
  });

  it('holds the next request until a test lets it go', async () => {
    const { body } = await tokens();
    const hold = op.holdNext('token');
    const inFlight = refresh(body.refresh_token);
    await hold.arrived;
    expect(op.refreshCount).toBe(0);
    hold.release();
    expect((await inFlight).status).toBe(200);
  });

  it('signs with a new key after a rotation, and earlier tokens can still be verified', async () => {
    const { body } = await tokens();
    await op.rotateKeys();
    const later = await refresh(body.refresh_token);
    const metadata = (await (await fetch(op.metadataUrl)).json()) as { jwks_uri: string };
    const jwks = createRemoteJWKSet(new URL(metadata.jwks_uri));
    const [before, after] = [String(body.access_token), String(later.body.access_token)];
    expect(decodeProtectedHeader(after).kid).not.toBe(decodeProtectedHeader(before).kid);
    for (const token of [before, after]) await jwtVerify(token, jwks, { issuer: op.issuer, audience: 'api://graph' });
    const published = await (await fetch(metadata.jwks_uri)).text();
    expect(published).not.toMatch(/"(d|p|q|dp|dq|qi)":/);
  });
});

describe('MSAL Node', () => {
  it('redeems a code and refreshes silently; the home account id is oid.tid', async () => {
    const authorityMetadata = await (await fetch(op.metadataUrl)).text();
    const tenantId = new URL(op.issuer).pathname.split('/')[1] ?? '';
    const client = new ConfidentialClientApplication({
      auth: {
        clientId: contoso.clientId,
        clientSecret: contoso.clientSecret,
        authority: `https://login.localhost/${tenantId}`,
        knownAuthorities: ['login.localhost'],
        authorityMetadata,
      },
      system: { protocolMode: ProtocolMode.AAD },
    });
    const started = attempt(op, contoso);
    const callback = await signIn(new Browser(op), started, alice.oid);
    const scopes = ['api://graph/User.Read'];
    const redirectUri = contoso.redirectUris[0] ?? '';
    const code = callback.searchParams.get('code') ?? '';
    const { verifier: codeVerifier, nonce } = started;
    const first = await client.acquireTokenByCode({ code, codeVerifier, nonce, redirectUri, scopes });
    expect(first.account?.homeAccountId).toBe(`${alice.oid}.${tenantId}`);
    expect(first.account?.idTokenClaims).toMatchObject({ sid: callback.searchParams.get('session_state') });
    if (!first.account) throw new Error('no account');
    const second = await client.acquireTokenSilent({ account: first.account, scopes, forceRefresh: true });
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.scopes).toEqual(expect.arrayContaining(scopes));
    const other = await client.acquireTokenSilent({ account: first.account, scopes: ['api://reports/Report.Read'] });
    expect(decodeJwt(other.accessToken).aud).toBe('api://reports');
    expect(op.refreshCount).toBe(2);
  });
});
