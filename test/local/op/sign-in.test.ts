import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { createOp, type Op, type OpEvent } from '../../../local/op/op.ts';
import { loginHintOf, TEST_USERS } from '../../../local/op/users.ts';
import { attempt, Browser, postToken, redeem, signIn, tenantUrl, testApplication } from './browser.ts';

const [alice, bob] = TEST_USERS as [(typeof TEST_USERS)[0], (typeof TEST_USERS)[0]];
const contoso = testApplication('contoso');
const fabrikam = testApplication('fabrikam');
let op: Op;
let events: OpEvent[];

beforeEach(async () => {
  events = [];
  op = await createOp({ applications: [contoso, fabrikam], onEvent: (event) => events.push(event) });
  await op.listen(0);
});
afterEach(() => op.close());

/** Signs in and redeems the code; the ID token's claims and the token response. */
async function signedIn(browser: Browser, application = contoso, oid = alice.oid, more: Record<string, string> = {}) {
  const started = attempt(op, application, more);
  const callback = await signIn(browser, started, oid);
  const { status, body } = await redeem(op, started, callback);
  expect(status).toBe(200);
  return { started, callback, body, claims: decodeJwt(String(body.id_token)) };
}

describe('sign-in', () => {
  it('shows three people and the name of the application', async () => {
    const { response, text } = await new Browser(op).open(attempt(op, contoso).url);
    expect(response.status).toBe(200);
    for (const user of TEST_USERS) expect(text).toContain(user.name);
    expect(text).toContain('contoso');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('gives a code, the state and the session state, and no iss', async () => {
    const callback = await signIn(new Browser(op), attempt(op, contoso), alice.oid);
    expect(callback.origin + callback.pathname).toBe(contoso.redirectUris[0]);
    expect([...callback.searchParams.keys()]).toEqual(['code', 'state', 'session_state']);
  });

  it('adds iss (RFC 9207) to codes and errors by a switch, and serves what is not its own by the fallback', async () => {
    await op.close();
    op = await createOp({ issParameter: true, fallback: (_request, response) => response.end('not the provider') });
    const { port } = await op.listen(0);
    op.register(contoso);
    const code = await signIn(new Browser(op), attempt(op, contoso), alice.oid);
    expect(code.searchParams.get('iss')).toBe(op.issuer);
    const error = new URL((await new Browser(op).open(attempt(op, contoso, { prompt: 'none' }).url)).url);
    expect(error.searchParams.get('iss')).toBe(op.issuer);
    expect(await (await fetch(`http://127.0.0.1:${port}/rows`)).text()).toBe('not the provider');
  });

  it('gives an ID token with the claims of Entra ID, signed by a key of the JWKS', async () => {
    const { started, body, claims, callback } = await signedIn(new Browser(op));
    const metadata = (await (await fetch(op.metadataUrl)).json()) as { jwks_uri: string; issuer: string };
    await jwtVerify(String(body.id_token), createRemoteJWKSet(new URL(metadata.jwks_uri)), {
      issuer: metadata.issuer,
      audience: contoso.clientId,
    });
    expect(claims).toMatchObject({ oid: alice.oid, preferred_username: alice.upn, name: alice.name, ver: '2.0' });
    expect(claims.nonce).toBe(started.nonce);
    expect(claims.login_hint).toBe(loginHintOf(alice));
    expect(claims.sid).toBe(callback.searchParams.get('session_state'));
    expect(claims.sub).not.toBe(alice.oid);
    const clientInfo = JSON.parse(Buffer.from(String(body.client_info), 'base64url').toString());
    expect(clientInfo).toEqual({ uid: alice.oid, utid: claims.tid });
  });

  it('gives an access token for the resource asked for, with every consented scope of it', async () => {
    const { body } = await signedIn(new Browser(op), contoso, alice.oid, { scope: 'openid api://reports/Report.Read' });
    const access = decodeJwt(String(body.access_token));
    expect(access).toMatchObject({ aud: 'api://reports', scp: 'Report.Read', oid: alice.oid, azp: contoso.clientId });
    expect(access.sid).toEqual(expect.any(String));
    expect(body.refresh_token).toBeUndefined();
  });

  it('takes scopes by their short name as those of the default resource', async () => {
    const { body } = await signedIn(new Browser(op), contoso, alice.oid, { scope: 'openid User.Read' });
    expect(decodeJwt(String(body.access_token)).aud).toBe('api://graph');
  });

  it('passes without a question into a second application, with the same sid and another sub', async () => {
    const browser = new Browser(op);
    const first = await signedIn(browser);
    const { response, url } = await browser.open(attempt(op, fabrikam).url);
    expect(response.status).toBe(302);
    expect(url).toContain(fabrikam.redirectUris[0]);
    const second = await signedIn(browser, fabrikam);
    expect(second.claims.sid).toBe(first.claims.sid);
    expect(second.claims.oid).toBe(first.claims.oid);
    expect(second.claims.sub).not.toBe(first.claims.sub);
  });

  it('gives every browser a sid of its own', async () => {
    const first = await signedIn(new Browser(op));
    const second = await signedIn(new Browser(op));
    expect(second.claims.sid).not.toBe(first.claims.sid);
  });

  it('asks again for prompt=select_account, and another choice starts another OP session', async () => {
    const browser = new Browser(op);
    const first = await signedIn(browser);
    const { text } = await browser.open(attempt(op, contoso, { prompt: 'select_account' }).url);
    expect(text).toContain('Signed in');
    const second = await signedIn(browser, contoso, bob.oid, { prompt: 'select_account' });
    expect(second.claims.oid).toBe(bob.oid);
    expect(second.claims.sid).not.toBe(first.claims.sid);
  });

  it('asks again for prompt=login, and the same choice keeps the OP session', async () => {
    const browser = new Browser(op);
    const first = await signedIn(browser);
    expect((await browser.open(attempt(op, contoso, { prompt: 'login' }).url)).text).toContain('Pick an account');
    const again = await signedIn(browser, contoso, alice.oid, { prompt: 'login' });
    expect(again.claims.sid).toBe(first.claims.sid);
  });

  it('lets a login_hint choose, by user name or by the claim, over whoever is signed in', async () => {
    const browser = new Browser(op);
    await signedIn(browser);
    const byName = await signedIn(browser, contoso, 'nobody', { login_hint: bob.upn });
    expect(byName.claims.oid).toBe(bob.oid);
    const byClaim = await signedIn(browser, contoso, 'nobody', { login_hint: loginHintOf(alice) });
    expect(byClaim.claims.oid).toBe(alice.oid);
  });

  it('answers prompt=none with login_required when nobody is signed in, with a code when somebody is', async () => {
    const browser = new Browser(op);
    const none = attempt(op, contoso, { prompt: 'none' });
    const refused = new URL((await browser.open(none.url)).url);
    expect(refused.searchParams.get('error')).toBe('login_required');
    expect(refused.searchParams.get('error_description')).toMatch(/^AADSTS50058: /);
    await signedIn(browser);
    expect(new URL((await browser.open(none.url)).url).searchParams.has('code')).toBe(true);
  });

  it('tells the application of a person who turns back', async () => {
    const browser = new Browser(op);
    const picker = await browser.open(attempt(op, contoso).url);
    const callback = new URL((await browser.open(picker.url, { cancel: 'yes' })).url);
    expect(Object.fromEntries(callback.searchParams)).toMatchObject({
      error: 'access_denied',
      error_subcode: 'cancel',
      state: 's',
    });
  });

  it('sends form_post as a page that posts itself', async () => {
    const browser = new Browser(op);
    const picker = await browser.open(attempt(op, contoso, { response_mode: 'form_post' }).url);
    const { text } = await browser.open(picker.url, { account: alice.oid });
    expect(text).toContain(`<form method="post" action="${contoso.redirectUris[0]}">`);
    expect(text).toMatch(/name="code" value="[\w-]+"/);
  });

  it('refuses, without a redirect, a redirect URI and a client that are not registered', async () => {
    for (const wrong of [{ redirect_uri: 'https://evil.example/' }, { client_id: 'nobody' }] as Record<
      string,
      string
    >[]) {
      const { response, text } = await new Browser(op).open(attempt(op, contoso, wrong).url);
      expect(response.status).toBe(400);
      expect(text).toContain('AADSTS');
      expect(text).not.toContain('evil');
    }
  });

  it('refuses scopes that are not registered and requests without PKCE', async () => {
    const browser = new Browser(op);
    const scope = new URL((await browser.open(attempt(op, contoso, { scope: 'openid Mail.Send' }).url)).url);
    expect(scope.searchParams.get('error')).toBe('invalid_scope');
    const bare = new URL(attempt(op, contoso).url);
    bare.searchParams.delete('code_challenge');
    bare.searchParams.delete('code_challenge_method');
    expect(new URL((await browser.open(bare.href)).url).searchParams.get('error')).toBe('invalid_request');
  });

  it('answers under an alias of the tenant and refuses another tenant', async () => {
    const alias = op.metadataUrl.replace(/[^/]+(?=\/v2)/, 'contoso.onmicrosoft.com');
    expect(await (await fetch(alias)).json()).toEqual(await (await fetch(op.metadataUrl)).json());
    const foreign = await fetch(op.metadataUrl.replace(/[^/]+(?=\/v2)/, 'fabrikam.onmicrosoft.com'));
    expect(foreign.status).toBe(400);
    expect(await foreign.json()).toMatchObject({ error: 'invalid_tenant', error_codes: [90002] });
  });

  it('separates what a browser opens from what a server calls in its metadata', async () => {
    const metadata = (await (await fetch(op.metadataUrl)).json()) as Record<string, string>;
    expect(metadata.authorization_endpoint).toBe(`${tenantUrl(op)}/oauth2/v2.0/authorize`);
    expect(metadata.end_session_endpoint).toMatch(/^http:\/\/login\.localhost:/);
    expect(metadata.token_endpoint).toMatch(/^http:\/\/127\.0\.0\.1:/);
    expect(metadata.jwks_uri).toMatch(/^http:\/\/127\.0\.0\.1:/);
  });

  it('tells what happened by name, and remembers every secret that it gave out', async () => {
    const { body, callback, claims } = await signedIn(new Browser(op));
    await postToken(op, contoso, { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) });
    expect(events.map(({ kind }) => kind)).toEqual(['signed-in', 'code-redeemed', 'token-refreshed']);
    expect(events[0]).toEqual({ kind: 'signed-in', application: 'contoso', user: alice.upn });
    const secrets = [
      callback.searchParams.get('code'),
      body.access_token,
      body.id_token,
      body.refresh_token,
      body.client_info,
    ];
    for (const secret of [...secrets, claims.sid]) expect(op.issued).toContain(secret);
  });
});
