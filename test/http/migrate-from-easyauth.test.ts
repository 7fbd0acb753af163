import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { cookiesSet, expectPage, expectProblem, MARK_SET, SESSION_TAKEN } from './support/headers.ts';
import { bringIn, signIn } from './support/sign-in.ts';
import { send } from './support/wire.ts';

const GUIDE = readFileSync('docs/migrate-from-easyauth.md', 'utf8');
const world = localWorld();
const at = (path: string) => `${world.app.origin}${path}`;

/** The single-page application that the guide shows, as it is written there, in a browser whose page is `page`. */
function pageOfTheGuide(browser: Browser, page: string) {
  const [, after = ''] = GUIDE.split('\nAfter:\n');
  const [, code = ''] = /```js\n(.*?)```/s.exec(after) ?? [];
  const went: string[] = [];
  const { pathname, search, hash } = new URL(page, world.app.origin);
  const location = { pathname, search, hash, assign: (to: string) => void went.push(to) };
  const fetchIt = async (path: string, init: { headers?: Record<string, string> } = {}) => {
    const { status, json } = await browser.fetch(at(path), init);
    return { status, ok: status >= 200 && status < 300, json: async () => json() };
  };
  const run = new Function('fetch', 'location', `${code}; return { whoIsSignedIn, profile, signIn };`);
  return { ...(run(fetchIt, location) as Record<'whoIsSignedIn' | 'profile' | 'signIn', () => unknown>), went };
}

describe('the page of the guide', () => {
  it('knows nobody, and sends whom it does not know to sign in and back to where they were', async () => {
    const browser = new Browser();
    const page = pageOfTheGuide(browser, '/orders?open=7#total');
    expect(await page.whoIsSignedIn()).toBeNull();
    await page.profile();
    expect(page.went).toEqual(['/auth/signin?returnTo=%2Forders%3Fopen%3D7%23total']);
    const back = await signIn(browser, world.app, world.newPerson(), new URL(at(page.went[0] ?? '')).search);
    expect(locationOf(back)?.href).toBe(at('/orders?open=7#total'));
  });

  it('shows who is signed in and what Graph says of them, without a token', async () => {
    const { browser, person } = await bringIn(world);
    const page = pageOfTheGuide(browser, '/');
    expect(await page.whoIsSignedIn()).toBe(person.name);
    const profile = await page.profile();
    expect(profile).toMatchObject({ id: person.oid });
    for (const token of world.op.issued) expect(JSON.stringify(profile)).not.toContain(token);
    expect(page.went).toEqual([]);
  });

  it('signs out by its form', async () => {
    const [, method, action] = /<form method="(\w+)" action="([^"]+)">/.exec(GUIDE) ?? [];
    expect(method).toBe('post');
    const { browser } = await bringIn(world);
    const left = await browser.submit(at(action ?? ''), {}, world.app.origin);
    expect(cookiesSet(left)).toEqual([SESSION_TAKEN, MARK_SET]);
    expect(await pageOfTheGuide(browser, '/').whoIsSignedIn()).toBeNull();
  });
});

describe('what EasyAuth has and what stands for it', () => {
  it.each(['login/aad', 'login/aad/callback', 'me', 'refresh', 'logout'])('/.auth/%s is nothing here', async (path) => {
    const { browser } = await bringIn(world);
    expect(await browser.fetch(at(`/.auth/${path}`))).toMatchObject({ status: 404, setCookies: [], text: '' });
    expect((await browser.fetch(at('/auth/session'))).status).toBe(200);
  });

  it('post_login_redirect_uri: returnTo, a path of this origin and nothing else', async () => {
    const answer = await send(at('/auth/signin?returnTo=https%3A%2F%2Fapp.fabrikam.example%2F'));
    expectProblem(answer, 400, 'return_to_invalid');
  });

  it('login parameters: the same of a link', async () => {
    const answer = await send(
      at('/auth/signin?prompt=login&loginHint=ada%40contoso.example&domainHint=contoso.example'),
    );
    expect(Object.fromEntries(locationOf(answer)?.searchParams ?? [])).toMatchObject({
      prompt: 'login',
      login_hint: 'ada@contoso.example',
      domain_hint: 'contoso.example',
      redirect_uri: at('/auth/callback'),
    });
  });

  it('/.auth/me: who it is, without a token, and 401 for nobody', async () => {
    const { browser, person } = await bringIn(world);
    const { user } = (await browser.fetch(at('/auth/session'))).json();
    expect(user).toEqual({ name: person.name, username: person.upn });
    expectProblem(await send(at('/auth/session')), 401, 'session_required');
  });

  it('/.auth/logout: a link shows a button, and signs nobody out', async () => {
    const { browser } = await bringIn(world);
    expect((await browser.navigate(at('/auth/signout'))).status).toBe(200);
    expect((await browser.fetch(at('/auth/session'))).status).toBe(200);
  });

  it('post_logout_redirect_uri: the way ends at /auth/signed-out, which leads home', async () => {
    const { browser } = await bringIn(world);
    const left = await browser.submit(
      at('/auth/signout'),
      { post_logout_redirect_uri: '/elsewhere' },
      world.app.origin,
    );
    expect(locationOf(left)?.searchParams.get('post_logout_redirect_uri')).toBe(at('/auth/signed-out'));
    const page = await browser.navigate(at('/auth/signed-out'));
    expectPage(page, 200, 'You are signed out');
    expect(page.text).toContain('href="/"');
  });

  it('X-MS headers: an API gets a bearer token, and none of those, nor what a browser makes up', async () => {
    const { browser } = await bringIn(world);
    const forged = {
      'x-ms-client-principal': 'e30=',
      'x-ms-client-principal-id': 'a',
      'x-ms-token-aad-access-token': 't',
    };
    await browser.fetch(at('/api/odd/items/1'), { headers: { 'x-csrf': '1', ...forged } });
    const headers = world.odd.received.at(-1)?.headers ?? {};
    expect(headers.authorization).toMatch(/^Bearer ey/);
    expect(Object.keys(headers).filter((name) => name.startsWith('x-ms-'))).toEqual([]);
  });

  it('RedirectToLoginPage and Return401: a call without a session is 401 and says where to sign in', async () => {
    const answer = await send(at('/api/graph/me'), { headers: { 'x-csrf': '1' } });
    expect(expectProblem(answer, 401, 'session_required')).toMatchObject({
      signInUrl: expect.stringContaining('/auth/signin'),
    });
  });
});
