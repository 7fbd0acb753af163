import { describe, expect, it } from '@jest/globals';
import { loginHintOf } from '../../local/op/users.ts';
import { startJsonServer } from '../support/json-server.ts';
import { Browser, locationOf } from './support/browser.ts';
import { forgeSessionCookie, keyringOf } from './support/forge.ts';
import { localWorld } from './support/ground.ts';
import {
  cookiesSet,
  expectPage,
  expectProblem,
  MARK_SET,
  policy,
  SAFE_HEADERS,
  SESSION_TAKEN,
} from './support/headers.ts';
import { bringIn, signIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import { send } from './support/wire.ts';

const world = localWorld();

const signedIn = (person = world.newPerson()) => bringIn(world, person);
const url = () => `${world.app.origin}/auth/signout`;
const signOut = (browser: Browser) => browser.submit(url(), {}, world.app.origin);
const session = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);

describe('POST /auth/signout', () => {
  it('takes the cookie away and leads to the OP, saying whom and where back', async () => {
    const { browser, person } = await signedIn();
    const answer = await signOut(browser);
    expect(answer.status).toBe(303);
    expect(answer.headers).toMatchObject(SAFE_HEADERS);
    expect(cookiesSet(answer)).toEqual([SESSION_TAKEN, MARK_SET]);
    const location = locationOf(answer);
    const endSession = `${world.op.issuer.replace(/\/v2\.0$/, '')}/oauth2/v2.0/logout`;
    expect(`${location?.origin}${location?.pathname}`).toBe(endSession);
    expect(Object.fromEntries(location?.searchParams ?? [])).toEqual({
      client_id: world.app.clientId,
      post_logout_redirect_uri: `${world.app.origin}/auth/signed-out`,
      logout_hint: loginHintOf(person),
      state: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
    });
  });

  it('has deleted the row before it answers', async () => {
    const { browser, person } = await signedIn();
    expect(await accountRow(world, person, world.app)).toBeDefined();
    await signOut(browser);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it("ends the OP's session too: whoever signs in next is asked who", async () => {
    const { browser } = await signedIn();
    const goodbye = await browser.follow(await signOut(browser));
    expect(goodbye.text).toContain(`${world.app.origin}/auth/signout-callback?sid=`);
    const again = await browser.follow(await browser.navigate(`${world.app.origin}/auth/signin`));
    expect(again.text).toContain('Pick an account');
  });

  it('ends the account on every device, and nobody else', async () => {
    const { browser, person } = await signedIn();
    const [phone, other] = [await signedIn(person), await signedIn()];
    const row = await accountRow(world, other.person, world.app);
    await signOut(browser);
    expect((await session(phone.browser)).status).toBe(401);
    expect((await session(other.browser)).status).toBe(200);
    expect(await accountRow(world, other.person, world.app)).toEqual(row);
  });

  it('makes the cookie worthless to whoever kept a copy', async () => {
    const { browser, person } = await signedIn();
    const thief = browser.copy();
    await signOut(browser);
    expect((await session(thief)).status).toBe(401);
    const answer = await signOut(thief);
    expect(answer.status).toBe(303);
    expect(locationOf(answer)?.searchParams.has('logout_hint')).toBe(false);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it('by an old cookie cannot end a new session', async () => {
    const { browser, person } = await signedIn();
    const thief = browser.copy();
    await signIn(browser, world.app, person);
    const row = await accountRow(world, person, world.app);
    expect((await signOut(thief)).status).toBe(303);
    expect(await accountRow(world, person, world.app)).toEqual(row);
    expect((await session(browser)).status).toBe(200);
  });

  it("by a cookie without the session's secret ends nothing", async () => {
    const { browser, person } = await signedIn();
    const row = await accountRow(world, person, world.app);
    const cookie = `__Host-session=${forgeSessionCookie(keyringOf(world.sessionKeys, world.app.clientId), row)}`;
    await send(url(), { method: 'POST', headers: { origin: world.app.origin, cookie } });
    expect(await accountRow(world, person, world.app)).toEqual(row);
    expect((await session(browser)).status).toBe(200);
  });

  it('without a session ends well, and stays here', async () => {
    const answer = await signOut(new Browser());
    expect([answer.status, answer.headers.location]).toEqual([303, '/auth/signed-out']);
    expect(cookiesSet(answer)).toEqual([SESSION_TAKEN]);
  });

  it('with a forged cookie ends well, and stays here', async () => {
    const headers = { origin: world.app.origin, cookie: '__Host-session=forged' };
    const answer = await send(url(), { method: 'POST', headers });
    expect([answer.status, answer.headers.location]).toEqual([303, '/auth/signed-out']);
  });
});

describe('a sign-out that our own page did not ask for', () => {
  it.each([
    ['another site, by Origin', { origin: 'https://evil.example' }],
    ['a sibling application', { origin: 'http://fabrikam.localhost:7072' }],
    ['our host on another port', { origin: 'http://contoso.localhost:1' }],
    ['our host by https', { origin: 'https://contoso.localhost' }],
    ['a page without an origin', { origin: 'null' }],
    ['another site, by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['the same site', { 'sec-fetch-site': 'same-site' }],
    ['a bookmark', { 'sec-fetch-site': 'none' }],
    ['nobody who says where from', {}],
  ])('is refused and ends nothing: %s', async (_what, headers) => {
    const { browser, person } = await signedIn();
    const row = await accountRow(world, person, world.app);
    const cookie = `__Host-session=${browser.cookie(world.app.origin, '__Host-session')}`;
    const answer = await send(url(), { method: 'POST', headers: { ...headers, cookie } });
    expectProblem(answer, 403, 'cross_site');
    expect(answer.setCookies).toEqual([]);
    expect(await accountRow(world, person, world.app)).toEqual(row);
  });

  it('is refused where the headers contradict each other', async () => {
    const origin = world.app.origin;
    const ours = { origin, 'sec-fetch-site': 'cross-site' };
    const theirs = { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' };
    for (const headers of [ours, theirs]) {
      expectProblem(await send(url(), { method: 'POST', headers }), 403, 'cross_site');
    }
  });

  it('is refused on a page to a person', async () => {
    const { browser } = await signedIn();
    const answer = await browser.submit(url(), {}, 'https://evil.example');
    expectPage(answer, 403, 'The request came from another site');
  });

  it('by a link shows a button, which may lead to the OP, and ends nothing', async () => {
    const { browser, person } = await signedIn();
    const row = await accountRow(world, person, world.app);
    const answer = await browser.navigate(url(), 'https://evil.example');
    expectPage(answer, 200, 'Sign out?', policy([new URL(world.op.issuer).origin]));
    expect(answer.text).toContain('<form method="post" action="/auth/signout">');
    expect(await accountRow(world, person, world.app)).toEqual(row);
  });

  it.each(['session', 'account'])('by a link with ?scope=%s shows a button that ends that', async (scope) => {
    const answer = await new Browser().navigate(`${url()}?scope=${scope}`);
    expectPage(answer, 200, 'Sign out?', policy([new URL(world.op.issuer).origin]));
    expect(answer.text).toContain(`<form method="post" action="/auth/signout?scope=${scope}">`);
  });

  it.each(['scope=', 'scope=all', 'scope=session&scope=account'])('by a link with ?%s is refused', async (query) => {
    expectProblem(await send(`${url()}?${query}`), 400, 'signout_scope_invalid');
  });
});

describe('GET /auth/signed-out', () => {
  it.each(['', '?state=never-given', '?x=mark3r-91'])('says goodbye (%j), whoever asks', async (query) => {
    const answer = await new Browser().navigate(`${world.app.origin}/auth/signed-out${query}`);
    expectPage(answer, 200, 'You are signed out');
    expect(answer.text).not.toContain('mark3r-91');
  });

  it('leads to a new sign-in that works at once, by another account too', async () => {
    const { browser, person } = await signedIn();
    await browser.follow(await signOut(browser));
    await signIn(browser, world.app, world.newPerson());
    expect((await session(browser)).status).toBe(200);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });
});

describe('an OP without an end_session_endpoint', () => {
  it('is not asked: the row is gone, and the browser stays here', async () => {
    const metadataUrl = world.app.environment.AUTH_METADATA_URL ?? '';
    const { end_session_endpoint: _, ...metadata } = (await (await fetch(metadataUrl)).json()) as Record<
      string,
      string
    >;
    await using server = await startJsonServer();
    server.answers.set('/metadata', { body: metadata });
    const app = await world.startApp({ AUTH_METADATA_URL: `${server.origin}/metadata` });
    const { browser, person } = await bringIn(world, world.newPerson(), app);
    const answer = await browser.submit(`${app.origin}/auth/signout`, {}, app.origin);
    expect([answer.status, answer.headers.location]).toEqual([303, '/auth/signed-out']);
    expect(cookiesSet(answer)).toEqual([SESSION_TAKEN, MARK_SET]);
    expect(await accountRow(world, person, app)).toBeUndefined();
    await app.host.stop();
  });
});

describe('SIGNOUT_SCOPE=session', () => {
  it('ends the sessions of this OP session alone; the last one out deletes the row', async () => {
    const app = await world.startApp({ SIGNOUT_SCOPE: 'session' });
    const { browser: laptop, person } = await bringIn(world, world.newPerson(), app);
    const { browser: phone } = await bringIn(world, person, app);
    await laptop.submit(`${app.origin}/auth/signout`, {}, app.origin);
    expect((await phone.fetch(`${app.origin}/auth/session`)).status).toBe(200);
    expect(sessionIdsIn(await accountRow(world, person, app))).toHaveLength(1);
    await phone.submit(`${app.origin}/auth/signout`, {}, app.origin);
    expect(await accountRow(world, person, app)).toBeUndefined();
    await app.host.stop();
  });
});
