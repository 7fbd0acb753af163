import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { closeServer, listenOnLoopback } from '../../../local/op/listen.ts';
import { createOp, type Op, type OpEvent, type OpOptions } from '../../../local/op/op.ts';
import { loginHintOf, pairwiseSub, TEST_USERS } from '../../../local/op/users.ts';
import { attempt, Browser, postToken, redeem, signIn, tenantUrl, testApplication } from './browser.ts';

const [alice, bob] = TEST_USERS as [(typeof TEST_USERS)[0], (typeof TEST_USERS)[0]];
const contoso = testApplication('contoso');
const fabrikam = testApplication('fabrikam');
const returnTo = contoso.postLogoutRedirectUris[0] ?? '';
let op: Op;
let events: OpEvent[];

async function start(options: OpOptions = {}) {
  events = [];
  op = await createOp({ applications: [contoso, fabrikam], onEvent: (event) => events.push(event), ...options });
  await op.listen(0);
}
beforeEach(() => start());
afterEach(() => op.close());

async function signedIn(browser: Browser, application = contoso) {
  const started = attempt(op, application);
  const { body } = await redeem(op, started, await signIn(browser, started, alice.oid));
  return { ...body, sid: String(decodeJwt(String(body.id_token)).sid) } as Record<string, string> & { sid: string };
}

function endSession(parameters: Record<string, string>) {
  return `${tenantUrl(op)}/oauth2/v2.0/logout?${new URLSearchParams(parameters)}`;
}

/** The URLs of the hidden frames of a page. */
function framesOf(page: string): string[] {
  return [...page.matchAll(/<iframe src="([^"]+)"/g)].map(([, url = '']) => url.replaceAll('&amp;', '&'));
}

const hint = { logout_hint: loginHintOf(alice), client_id: contoso.clientId, post_logout_redirect_uri: returnTo };

describe('sign-out', () => {
  it('calls every application of the OP session by sid alone, the one that asked for it too', async () => {
    const browser = new Browser(op);
    const { sid } = await signedIn(browser);
    await signedIn(browser, fabrikam);
    const { text, response } = await browser.open(endSession({ ...hint, state: 'kept' }));
    expect(framesOf(text)).toEqual([contoso, fabrikam].map((one) => `${one.frontchannelLogoutUri}?sid=${sid}`));
    expect(text).toContain(`data-return-to="${returnTo}"`);
    expect(response.headers.get('content-security-policy')).toContain(
      'frame-src http://contoso.localhost:7071 http://fabrikam.localhost:7071',
    );
  });

  it('calls only the applications signed in during that OP session', async () => {
    const browser = new Browser(op);
    await signedIn(new Browser(op), fabrikam);
    await signedIn(browser);
    const { text } = await browser.open(endSession(hint));
    expect(framesOf(text)).toHaveLength(1);
    expect(text).not.toContain('fabrikam.localhost:7071/auth/signout-callback');
  });

  it('speaks the standard by a switch: iss and sid, and the state comes back', async () => {
    await op.close();
    await start({ dialect: 'standard' });
    const browser = new Browser(op);
    const { sid } = await signedIn(browser);
    const { text } = await browser.open(endSession({ ...hint, state: 'kept' }));
    const [frame = ''] = framesOf(text);
    expect(Object.fromEntries(new URL(frame).searchParams)).toEqual({ iss: op.issuer, sid });
    expect(text).toContain(`data-return-to="${returnTo}?state=kept"`);
  });

  it('has ended the OP session when the page comes: the next sign-in asks, and has another sid', async () => {
    const browser = new Browser(op);
    const { sid } = await signedIn(browser);
    const thief = browser.copy();
    await browser.open(endSession(hint));
    for (const one of [thief, browser]) {
      expect((await one.open(attempt(op, contoso).url)).text).toContain('Pick an account');
    }
    expect((await signedIn(browser)).sid).not.toBe(sid);
  });

  it('asks before it signs anybody out without a hint, or with the hint of somebody else', async () => {
    const browser = new Browser(op);
    const { id_token: idToken = '' } = await signedIn(browser);
    const forgedToken = `${idToken.slice(0, idToken.lastIndexOf('.'))}.${'A'.repeat(342)}`;
    const { logout_hint: _, ...bare } = hint;
    const hints = [{ logout_hint: loginHintOf(bob) }, { id_token_hint: forgedToken }, { id_token_hint: 'no token' }];
    for (const parameters of [bare, ...hints.map((one) => ({ ...bare, ...one }))] as Record<string, string>[]) {
      const { text } = await browser.open(endSession(parameters));
      expect(text).toContain('Sign out?');
      expect(framesOf(text)).toEqual([]);
    }
    const forged = await browser.open(endSession({}), { confirm: 'yes' });
    expect(forged.text).toContain('Sign out?');
    const page = await browser.open(endSession(bare));
    const fields = Object.fromEntries(
      [...page.text.matchAll(/name="([\w-]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
    );
    expect(framesOf((await browser.open(page.url, fields)).text)).toHaveLength(1);
  });

  it('takes an ID token that it signed for a hint', async () => {
    const browser = new Browser(op);
    const { id_token: idToken = '' } = await signedIn(browser);
    const { text } = await browser.open(endSession({ id_token_hint: idToken, post_logout_redirect_uri: returnTo }));
    expect(framesOf(text)).toHaveLength(1);
  });

  it('takes a form post as well', async () => {
    const browser = new Browser(op);
    await signedIn(browser);
    expect(framesOf((await browser.open(endSession({}), hint)).text)).toHaveLength(1);
  });

  it('goes nowhere that is not registered to the letter, and signs out all the same', async () => {
    for (const uri of ['https://evil.example/', `${returnTo}/`, fabrikam.postLogoutRedirectUris[0] ?? '']) {
      const browser = new Browser(op);
      await signedIn(browser);
      const { text, response } = await browser.open(endSession({ ...hint, post_logout_redirect_uri: uri }));
      expect(response.status).toBe(200);
      expect(text).not.toContain('data-return-to');
      expect((await browser.open(attempt(op, contoso).url)).text).toContain('Pick an account');
    }
  });

  it('sends a browser that is not signed in straight on', async () => {
    const { response, url } = await new Browser(op).open(endSession(hint));
    expect(response.status).toBe(303);
    expect(url).toBe(returnTo);
    expect((await new Browser(op).open(endSession({}))).text).toContain('You are signed out');
  });

  it('leaves refresh tokens alive, as Entra ID does: to let go of them is the application’s part', async () => {
    const browser = new Browser(op);
    const { refresh_token: refreshToken = '' } = await signedIn(browser);
    await browser.open(endSession(hint));
    const { status } = await postToken(op, contoso, { grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(status).toBe(200);
  });

  it('tells who signed out and whom it called, and never the sid', async () => {
    const browser = new Browser(op);
    const { sid } = await signedIn(browser);
    await browser.open(endSession(hint));
    expect(events.slice(-2).map(({ kind }) => kind)).toEqual(['signed-out', 'frontchannel-called']);
    expect(JSON.stringify(events)).not.toContain(sid);
  });
});

describe('sign-out by the back channel', () => {
  /** An application's server, and the logout tokens that come to it. */
  async function listening(status = 200) {
    const tokens: string[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      tokens.push(new URLSearchParams(Buffer.concat(chunks).toString()).get('logout_token') ?? '');
      response.writeHead(status).end();
    });
    const { port } = await listenOnLoopback(server, 0);
    const uri = `http://contoso.localhost:${port}/auth/backchannel-logout`;
    return { tokens, uri, close: () => closeServer(server) };
  }

  it('tells an application that registered for it, with a token signed by the newest key', async () => {
    const { tokens, uri, close } = await listening();
    op.register({ ...contoso, backchannelLogoutUri: uri });
    const browser = new Browser(op);
    const { sid } = await signedIn(browser);
    await signedIn(browser, fabrikam);
    await op.rotateKeys();
    await browser.open(endSession(hint));
    await close();
    const keys = createRemoteJWKSet(
      new URL(`${tenantUrl(op)}/discovery/v2.0/keys`.replace('login.localhost', '127.0.0.1')),
    );
    const options = { issuer: op.issuer, audience: contoso.clientId, typ: 'logout+jwt' };
    const { payload } = await jwtVerify(tokens[0] ?? '', keys, options);
    expect(payload).toEqual({
      iss: op.issuer,
      aud: contoso.clientId,
      sid,
      sub: pairwiseSub(alice.oid, contoso.clientId),
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 120,
      jti: expect.any(String),
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    });
    expect(tokens).toHaveLength(1);
    expect(op.issued).toContain(tokens[0]);
    expect(events).toContainEqual({ kind: 'backchannel-called', application: 'contoso', user: alice.upn, status: 200 });
  });

  it('goes on where the application is not there, and says so', async () => {
    const { uri, close } = await listening();
    await close();
    op.register({ ...contoso, backchannelLogoutUri: uri });
    const browser = new Browser(op);
    await signedIn(browser);
    expect(framesOf((await browser.open(endSession(hint))).text)).toHaveLength(1);
    expect(events).toContainEqual(expect.objectContaining({ kind: 'failed', application: 'contoso' }));
  });
});
