import { expect } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import { parseSetCookie } from '../http/support/cookies.ts';
import { localWorld } from '../http/support/ground.ts';
import { expectProblem } from '../http/support/headers.ts';
import { letPass } from '../http/support/let-pass.ts';
import { bringIn, callBack, goToCallback } from '../http/support/sign-in.ts';
import { accountRow } from '../http/support/stored.ts';
import { type Sent, send } from '../http/support/wire.ts';
import { problemsWith } from '../shared/settings/environment.ts';
import { conforms } from './conforms.ts';
import { browserBasedApps } from './specs/browser-based-apps.ts';
import { authorizationRequest } from './support/ground.ts';

const REVALIDATE_MILLISECONDS = 60 * 60_000;
const CSRF = { 'x-csrf': '1' };
const world = localWorld();

const signedIn = () => bringIn(world);
const call = (browser: Browser, path: string, sent: Sent = {}) =>
  browser.fetch(`${world.app.origin}/api${path}`, { ...sent, headers: { ...CSRF, ...sent.headers } });
const arrivals = () => world.odd.received.length + world.api.tokenHashes.length;

/** Every cookie that is set on the way in, and every one that is taken away on the way out. */
async function everyCookie() {
  const browser = new Browser();
  const setOut = await browser.navigate(`${world.app.origin}/auth/signin`);
  const callback = await goToCallback(browser, world.app, world.newPerson());
  const arrived = await callBack(browser, callback);
  const left = await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
  const cookies = [setOut, arrived, left].flatMap(({ setCookies }) => setCookies.map(parseSetCookie));
  expect(cookies).toHaveLength(5);
  return cookies;
}
const everyCookieIs = (attribute: string) => async () => {
  for (const { attributes } of await everyCookie()) expect(attributes).toContain(attribute);
};

/** Holds that a call is refused with this, and that no API hears of it. */
async function isNotForwarded(code: string, status: number, asked: () => ReturnType<typeof send>): Promise<void> {
  const before = arrivals();
  expectProblem(await asked(), status, code);
  expect(arrivals()).toBe(before);
}

conforms(browserBasedApps, {
  '6.1.1-cookie': async () => {
    const { browser } = await signedIn();
    expect((await call(browser, '/odd/items/1')).status).toBe(200);
    const headers = world.odd.received.at(-1)?.headers;
    expect(headers).not.toHaveProperty('cookie');
    expect(headers?.authorization).toMatch(/^Bearer ./);
  },
  '6.1.2.1-check-session': async () => {
    const { browser, person } = await signedIn();
    const url = `${world.app.origin}/auth/session`;
    const session = await browser.fetch(url);
    expect(session.json()).toMatchObject({ user: { username: person.upn } });
    for (const secret of world.op.issued) expect(session.text).not.toContain(secret);
    expect((await new Browser().fetch(url)).status).toBe(401);
  },
  '6.1.2.2-refresh-token': async () => {
    const { browser, person } = await signedIn();
    world.op.revokeUser(person.oid);
    await letPass(world, world.app, person, REVALIDATE_MILLISECONDS);
    expectProblem(await call(browser, '/graph/me'), 401, 'session_required');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  },
  '6.1.3.1-confidential': () => {
    expect(Object.keys(problemsWith({ AUTH_CLIENT_SECRET: undefined })).join()).toMatch(/AUTH_CLIENT/);
  },
  '6.1.3.1-code': async () => {
    const { searchParams } = await authorizationRequest(world.app);
    expect([searchParams.get('response_type'), searchParams.get('code_challenge_method')]).toEqual(['code', 'S256']);
  },
  '6.1.3.2-secure': everyCookieIs('Secure'),
  '6.1.3.2-http-only': everyCookieIs('HttpOnly'),
  '6.1.3.2-same-site': everyCookieIs('SameSite=Lax'),
  '6.1.3.2-path': everyCookieIs('Path=/'),
  '6.1.3.2-domain': async () => {
    for (const { attributes } of await everyCookie()) expect(attributes.join()).not.toMatch(/domain/i);
  },
  '6.1.3.2-prefix': async () => {
    for (const { name } of await everyCookie()) expect(name).toMatch(/^__Host-/);
  },
  '6.1.3.3-csrf': async () => {
    const { browser, person } = await signedIn();
    const cookie = `__Host-session=${browser.cookie(world.app.origin, '__Host-session')}`;
    for (const origin of ['https://evil.example', 'http://fabrikam.localhost:7072']) {
      const headers = { cookie, origin, ...CSRF };
      await isNotForwarded('cross_site', 403, () => send(`${world.app.origin}/api/graph/me`, { headers }));
      const signOut = { method: 'POST', headers };
      await isNotForwarded('cross_site', 403, () => send(`${world.app.origin}/auth/signout`, signOut));
    }
    expect(await accountRow(world, person, world.app)).toBeDefined();
  },
  '6.1.3.3.2-header': async () => {
    const { browser } = await signedIn();
    // A browser asks before it sends such a header across origins, and is told nothing that would let it.
    const preflight = { origin: 'https://evil.example', 'access-control-request-headers': 'x-csrf' };
    const answer = await send(`${world.app.origin}/api/graph/me`, { method: 'OPTIONS', headers: preflight });
    expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-allow'))).toEqual([]);
    expect((await call(browser, '/graph/me')).status).toBe(200);
  },
  '6.1.3.3.2-every': async () => {
    const { browser } = await signedIn();
    for (const [method, path] of [
      ['GET', '/api/graph/me'],
      ['POST', '/api/graph/me/messages'],
      ['GET', '/api/odd/items/1'],
    ]) {
      const asked = () => browser.fetch(`${world.app.origin}${path}`, { method: String(method) });
      await isNotForwarded('csrf_header_missing', 403, asked);
    }
  },
  '6.1.3.6-hosts': async () => {
    const { browser } = await signedIn();
    await isNotForwarded('api_unknown', 404, () => call(browser, '/elsewhere/me'));
    await call(browser, '/odd/items/1', { headers: { 'x-forwarded-host': 'evil.example', host: 'contoso.localhost' } });
    expect(world.odd.received.at(-1)?.headers.host).toBe(new URL(world.odd.origin).host);
  },
  '6.1.3.6-dynamic': async () => {
    const { browser } = await signedIn();
    for (const path of [
      '/odd/any/../../secret',
      '/odd/any/%2e%2e/secret',
      '/odd/any//evil.example',
      '/odd/any/a%2fb',
    ]) {
      const before = arrivals();
      const target = `/api${path}`;
      const answer = await browser.fetch(`${world.app.origin}/api/odd/any/x`, { target, headers: CSRF });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(arrivals()).toBe(before);
    }
  },
  '6.1.3.6-paths': async () => {
    const { browser } = await signedIn();
    await isNotForwarded('route_not_allowed', 403, () => call(browser, '/graph/users'));
    await isNotForwarded('route_not_allowed', 403, () => call(browser, '/odd/items/1', { method: 'DELETE' }));
  },
});
