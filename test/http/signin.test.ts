import { describe, expect, it } from '@jest/globals';
import { API_AUDIENCE } from '../../local/stage/applications.ts';
import { Browser, locationOf } from './support/browser.ts';
import { parseSetCookie } from './support/cookies.ts';
import { localWorld } from './support/ground.ts';
import { attemptSet, attemptTaken, cookiesSet, expectPage, expectProblem, SAFE_HEADERS } from './support/headers.ts';
import { callBack, goToCallback, throughOp } from './support/sign-in.ts';
import { storedRows } from './support/stored.ts';
import { send } from './support/wire.ts';

const BASE64URL_OF_32_BYTES = /^[A-Za-z0-9_-]{43}$/;

const world = localWorld();

const signin = (query = '', headers: Record<string, string> = {}) =>
  send(`${world.app.origin}/auth/signin${query}`, { headers });
const parametersOf = (location: string | undefined) =>
  Object.fromEntries(new URL(location ?? 'http://none.invalid').searchParams);

/** Of Entra ID's codes: ours are short. */
const ENTRA_CODE_CHARACTERS = 1_500;

/** Azure's front end says the address twice more, and browsers and itself send more than a test's do. */
const asOnAzure: typeof send = (url, sent = {}) => {
  const { pathname, search } = new URL(url);
  const address = `${pathname}${search}`;
  const more = { 'x-original-url': address, 'x-waws-unencoded-url': address, 'user-agent': 'x'.repeat(1_500) };
  return send(url, { ...sent, headers: { ...more, ...sent.headers } });
};

describe('GET /auth/signin', () => {
  it('sends the browser to the OP with code flow, PKCE, state and nonce, and nothing else', async () => {
    const answer = await signin();
    const { origin, pathname } = new URL(answer.headers.location ?? '');
    expect(answer.status).toBe(302);
    expect(origin + pathname).toBe(`${world.op.issuer.replace(/\/v2\.0$/, '')}/oauth2/v2.0/authorize`);
    expect(parametersOf(answer.headers.location)).toEqual({
      client_id: world.app.clientId,
      response_type: 'code',
      redirect_uri: `${world.app.origin}/auth/callback`,
      response_mode: 'query',
      scope: `openid profile offline_access ${API_AUDIENCE}/User.Read`,
      state: expect.stringMatching(BASE64URL_OF_32_BYTES),
      nonce: expect.stringMatching(BASE64URL_OF_32_BYTES),
      code_challenge: expect.stringMatching(BASE64URL_OF_32_BYTES),
      code_challenge_method: 'S256',
    });
    expect(answer.headers).toMatchObject(SAFE_HEADERS);
    expect(answer.text).toBe('');
  });

  it('keeps the attempt in one sealed cookie and stores nothing', async () => {
    const before = await storedRows(world);
    const answer = await signin();
    expect(cookiesSet(answer)).toEqual([attemptSet()]);
    const { state, nonce } = parametersOf(answer.headers.location);
    const { value } = parseSetCookie(answer.setCookies[0] ?? '');
    const sealed = Buffer.from(value, 'base64url').toString('latin1');
    for (const secret of [state ?? '', nonce ?? '']) {
      expect(value).not.toContain(secret);
      expect(sealed).not.toContain(secret);
    }
    expect(await storedRows(world)).toEqual(before);
  });

  it.each(['a b', '"a"', 'a/b'])(
    'is answered whatever cookies came along: an attempt named %s is none',
    async (name) => {
      const answer = await signin('', { cookie: `__Host-signin-${name}=x; __Host-signin-forged=x` });
      expect(answer.status).toBe(302);
      expect(cookiesSet(answer)).toHaveLength(2);
    },
  );

  it('is new each time: state, nonce, challenge and cookie', async () => {
    const [one, other] = await Promise.all([signin(), signin()]);
    const [first, second] = [parametersOf(one.headers.location), parametersOf(other.headers.location)];
    for (const name of ['state', 'nonce', 'code_challenge']) expect(first[name]).not.toBe(second[name]);
    expect(one.setCookies[0]?.split(';')[0]).not.toBe(other.setCookies[0]?.split(';')[0]);
  });

  it('passes on the hints that it knows, and no other parameter', async () => {
    const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}';
    const query = new URLSearchParams({
      prompt: 'select_account',
      loginHint: 'alice@contoso.example',
      domainHint: 'contoso.example',
      claims,
      scope: 'Directory.ReadWrite.All',
      redirect_uri: 'https://evil.example',
    });
    expect(parametersOf((await signin(`?${query}`)).headers.location)).toMatchObject({
      prompt: 'select_account',
      login_hint: 'alice@contoso.example',
      domain_hint: 'contoso.example',
      claims,
      scope: `openid profile offline_access ${API_AUDIENCE}/User.Read`,
      redirect_uri: `${world.app.origin}/auth/callback`,
    });
  });

  it('asks for the scopes of the API that it is for', async () => {
    const setting = JSON.parse(world.app.environment.DOWNSTREAM_APIS ?? '{}');
    setting.graph.scopes = [`${API_AUDIENCE}/Mail.Read`];
    const app = await world.startApp({ DOWNSTREAM_APIS: JSON.stringify(setting) });
    const { headers } = await send(`${app.origin}/auth/signin?api=graph`);
    expect(parametersOf(headers.location).scope).toBe(
      `openid profile offline_access ${API_AUDIENCE}/User.Read ${API_AUDIENCE}/Mail.Read`,
    );
    await app.host.stop();
  });

  it.each([
    ['an unknown prompt', 'prompt=none%20login'],
    ['a prompt twice', 'prompt=login&prompt=none'],
    ['a login hint twice', 'loginHint=a&loginHint=b'],
    ['a huge login hint', `loginHint=${'a'.repeat(513)}`],
    ['a huge domain hint', `domainHint=${'a'.repeat(513)}`],
    ['claims that are no JSON', 'claims=%7B'],
    ['claims that are no object', 'claims=%5B%5D'],
    ['huge claims', `claims=${encodeURIComponent(`{"a":"${'x'.repeat(2_048)}"}`)}`],
    ['an unknown API', 'api=nowhere'],
    ['an API name that every object has', 'api=__proto__'],
  ])('refuses %s, and sets no cookie', async (_what, query) => {
    const answer = await signin(`?${query}`);
    expectProblem(answer, 400, 'signin_parameter_invalid');
    expect(answer.setCookies).toEqual([]);
  });

  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%2fevil.example',
    '/%5cevil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/\t/evil.example',
    '/%09/evil.example',
    '/%0d%0aset-cookie:%20a=b',
    '/%252f%252fevil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
    `/${'a'.repeat(1_024)}`,
  ])('refuses to return to %.60j', async (returnTo) => {
    const answer = await signin(`?${new URLSearchParams({ returnTo })}`);
    expectProblem(answer, 400, 'return_to_invalid');
    expect(answer.headers.location).toBeUndefined();
    expect(answer.setCookies).toEqual([]);
  });

  it('refuses two addresses to return to', async () => {
    expectProblem(await signin('?returnTo=/a&returnTo=/b'), 400, 'return_to_invalid');
  });

  it('tells a person on a page, without repeating what was asked', async () => {
    const answer = await signin('?returnTo=https://marker-7f3a.example/', { accept: 'text/html' });
    expectPage(answer, 400, 'The return address is not a path of this application');
    expect(answer.text + JSON.stringify(answer.headers)).not.toContain('marker-7f3a');
  });
});

describe('several tabs', () => {
  it('sign in at once, each to its own address, in any order', async () => {
    const browser = new Browser();
    const person = world.newPerson();
    const first = await goToCallback(browser, world.app, person, '?returnTo=/first');
    const second = await goToCallback(browser, world.app, person, '?returnTo=/second?a=1%23b');
    const third = await goToCallback(browser, world.app, person, '?returnTo=/third');
    const arrivals: (string | undefined)[] = [];
    for (const callback of [second, third, first]) {
      arrivals.push(locationOf(await callBack(browser, callback))?.href);
    }
    expect(arrivals).toEqual(['/second?a=1#b', '/third', '/first'].map((path) => `${world.app.origin}${path}`));
  });

  it('of more than five the oldest makes way, and is told so', async () => {
    const browser = new Browser();
    const person = world.newPerson();
    const setOut = await browser.navigate(`${world.app.origin}/auth/signin`);
    const others = [];
    for (let tab = 2; tab <= 6; tab += 1) others.push(await browser.navigate(`${world.app.origin}/auth/signin`));
    expect(others.slice(0, 4).map(cookiesSet)).toEqual(Array(4).fill([attemptSet()]));
    expect(cookiesSet(others[4] ?? setOut)).toEqual([attemptTaken(), attemptSet()]);
    const oldest = await callBack(browser, await throughOp(browser, world.app, person, setOut));
    expectPage(oldest, 400, 'This sign-in was not started in this browser');
    const next = await callBack(browser, await throughOp(browser, world.app, person, others[0] ?? setOut));
    expect(next.status).toBe(303);
  });

  it('by long links leave the application within reach of the browser, and the last of them signs in', async () => {
    const browser = new Browser();
    const hint = 'h'.repeat(512);
    const query = new URLSearchParams({ returnTo: `/${'x'.repeat(1_000)}`, loginHint: hint, domainHint: hint });
    for (let tab = 1; tab <= 6; tab += 1) {
      expect((await browser.navigate(`${world.app.origin}/auth/signin?${query}`)).status).toBe(302);
    }
    expectProblem(await browser.fetch(`${world.app.origin}/auth/session`), 401, 'session_required');
    expect((await callBack(browser, await goToCallback(browser, world.app, world.newPerson()))).status).toBe(303);
  });

  it.each([
    [500, 0],
    [1_000, 0],
    [1_000, 256],
    [1_000, 512],
  ])(
    'by links of %d characters with hints of %d come back, whatever the platform adds to a request',
    async (path, hints) => {
      const browser = new Browser(undefined, asOnAzure);
      const person = world.newPerson();
      expect((await callBack(browser, await goToCallback(browser, world.app, person))).status).toBe(303);
      const hint = 'h'.repeat(hints);
      const query = new URLSearchParams({ returnTo: `/${'x'.repeat(path)}`, loginHint: hint, domainHint: hint });
      let setOut = await browser.navigate(`${world.app.origin}/auth/signin?${query}`);
      for (let tab = 2; tab <= 5; tab += 1) setOut = await browser.navigate(`${world.app.origin}/auth/signin?${query}`);
      const callback = await throughOp(browser, world.app, person, setOut);
      expect((await callBack(browser, `${callback}&more=${'c'.repeat(ENTRA_CODE_CHARACTERS)}`)).status).toBe(303);
    },
  );
});
