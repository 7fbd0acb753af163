import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { changed, duringTests, scriptedGround } from './support/ground.ts';
import { attemptTaken, cookiesSet, expectPage, expectProblem, SESSION_SET } from './support/headers.ts';
import { letPass } from './support/let-pass.ts';
import type { Claims } from './support/scripted-op.ts';
import { type ComeBack, comeBack } from './support/scripted-sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import type { RunningApp } from './support/world.ts';

const MINUTE_SECONDS = 60;
/** `SESSION_REVALIDATE_MINUTES` as it is by default: then the OP is asked. */
const HOUR_MILLISECONDS = 3_600_000;

const RULES = [
  { routes: ['POST /items', 'GET /any/context'], acrs: ['c1'] },
  { routes: ['GET /any/recent'], maxAgeSeconds: 300 },
  { routes: ['GET /any/both'], acrs: ['c2'], maxAgeSeconds: 600 },
  { routes: ['GET /any/both'], acrs: ['c1'], maxAgeSeconds: 300 },
];

const ground = scriptedGround();
const app = duringTests<RunningApp>(async () => {
  const apis = JSON.parse(ground.app.environment.DOWNSTREAM_APIS ?? '{}');
  return ground.world.startApp({
    DOWNSTREAM_APIS: JSON.stringify({ odd: { ...apis.odd, stepUp: RULES } }),
  });
});

/** The person of a test, the same one at each sign-in. */
let oid: string;
beforeEach(() => {
  oid = randomUUID();
});

const seconds = () => Math.floor(Date.now() / 1000);
const sent = () => ground.world.odd.received.length;
const call = (browser: Browser, path: string, method = 'GET') =>
  browser.fetch(`${app.origin}/api/odd${path}`, { method, headers: { 'x-csrf': '1' } });
const session = (browser: Browser) => browser.fetch(`${app.origin}/auth/session`);
const sessionIdOf = async (browser: Browser): Promise<string> =>
  (await session(browser)).json<{ session: { id: string } }>().session.id;
const held = async () => sessionIdsIn(await accountRow(ground.world, { oid }, app));

/** The OP lets this person in, and says this of how. */
function vouch(claims: Claims): void {
  ground.op.idToken = changed(ground, { oid, sub: oid, ...claims });
  const clientInfo = { uid: oid, utid: '0defaced-0000-4000-8000-000000000000' };
  ground.op.tokenResponse = { client_info: Buffer.from(JSON.stringify(clientInfo)).toString('base64url') };
}

/** Signs in, of which the OP says this; into a new browser, or once more. */
async function signIn(claims: Claims, browser = new Browser(), query = ''): Promise<ComeBack & { browser: Browser }> {
  vouch(claims);
  return { ...(await comeBack(ground.op, app, browser, {}, query)), browser };
}

/** The claims request of an authorization request. */
const claimsOf = ({ request }: ComeBack) => JSON.parse(request.searchParams.get('claims') ?? 'null');

describe('a route that asks for an authentication context', () => {
  it('is refused before anything is sent, and says where to sign in for it', async () => {
    const { browser } = await signIn({ auth_time: seconds() });
    const before = [sent(), ground.op.tokenRequests.length];
    const refused = expectProblem(await call(browser, '/any/context?x=1'), 401, 'step_up_required');
    expect(refused.signInUrl).toBe('/auth/signin?api=odd&acrs=c1');
    expect([sent(), ground.op.tokenRequests.length]).toEqual(before);
    // The session stands, and other routes are open to it.
    expect((await call(browser, '/any/thing')).status).toBe(200);
  });

  it('is refused whatever the method would do there, and however the path is spelt', async () => {
    const { browser } = await signIn({ auth_time: seconds() });
    const before = sent();
    for (const path of ['/any/CONTEXT', '/any/%63ontext', '/any/conte%58t']) {
      expectProblem(await call(browser, path), 401, 'step_up_required');
    }
    expectProblem(await call(browser, '/items', 'POST'), 401, 'step_up_required');
    expect((await call(browser, '/any/context', 'HEAD')).status).toBe(401);
    expect(sent()).toBe(before);
  });

  it('opens when a sign-in has proved it, to the session that comes of it', async () => {
    const { browser } = await signIn({ auth_time: seconds() });
    const { signInUrl } = expectProblem(await call(browser, '/any/context'), 401, 'step_up_required');
    const old = browser.copy();
    const stepped = await signIn({ acrs: ['c1'] }, browser, String(signInUrl).replace('/auth/signin', ''));
    expect(claimsOf(stepped)).toEqual({ id_token: { acrs: { essential: true, value: 'c1' } } });
    expect(cookiesSet(stepped.answer)).toEqual([attemptTaken(), SESSION_SET]);
    expect((await call(browser, '/any/context')).status).toBe(200);
    expect((await call(browser, '/items', 'POST')).status).toBe(200);

    // The session of before gave way: its cookie opens nothing, the new one's assurance least of all.
    const before = sent();
    expectProblem(await call(old, '/any/context'), 401, 'session_required');
    expectProblem(await call(old, '/any/thing'), 401, 'session_required');
    expect(sent()).toBe(before);
  });

  it('stays shut to this person’s other sessions: what one sign-in proved no other has', async () => {
    const plain = await signIn({ auth_time: seconds() });
    const stepped = await signIn({ acrs: ['c1'] });
    expect((await call(stepped.browser, '/any/context')).status).toBe(200);
    expectProblem(await call(plain.browser, '/any/context'), 401, 'step_up_required');
  });

  it.each<[string, Claims]>([
    ['another context', { acrs: ['c2'] }],
    ['its name in another case', { acrs: ['C1'] }],
    ['its name and more', { acrs: ['c1x', 'xc1'] }],
    ['none', { acrs: [] }],
    ['it in a claim that is another’s', { acr: 'c1', amr: ['c1'] }],
  ])('stays shut where the ID token has %s', async (_what, claims) => {
    const { browser } = await signIn(claims);
    expectProblem(await call(browser, '/any/context'), 401, 'step_up_required');
  });

  it('is not opened by a refresh, whatever the ID token says that comes with it', async () => {
    const { browser } = await signIn({});
    await letPass(ground.world, app, { oid }, HOUR_MILLISECONDS);
    vouch({ acrs: ['c1'], auth_time: seconds() });
    const before = ground.op.tokenRequests.length;
    expect((await call(browser, '/any/thing')).status).toBe(200);
    expect(ground.op.tokenRequests.slice(before).map((form) => form.get('grant_type'))).toContain('refresh_token');
    expectProblem(await call(browser, '/any/context'), 401, 'step_up_required');
    expectProblem(await call(browser, '/any/recent'), 401, 'step_up_required');
  });

  it('shows a page to a person, with the sign-in that helps', async () => {
    const { browser } = await signIn({});
    const headers = { 'x-csrf': '1', accept: 'text/html' };
    const answer = await browser.fetch(`${app.origin}/api/odd/any/context`, { headers });
    expectPage(answer, 401, 'This takes another proof of who you are');
    expect(answer.text).toContain('href="/auth/signin?api=odd&amp;acrs=c1&amp;returnTo=/"');
  });
});

describe('a route that asks how long ago the person proved who they are', () => {
  it('is open while that is not too long ago, by the word of the ID token and not by when they came', async () => {
    const recent = await signIn({ auth_time: seconds() - 4 * MINUTE_SECONDS });
    expect((await call(recent.browser, '/any/recent')).status).toBe(200);
    const old = await signIn({ auth_time: seconds() - 6 * MINUTE_SECONDS });
    const refused = expectProblem(await call(old.browser, '/any/recent'), 401, 'step_up_required');
    expect(refused.signInUrl).toBe('/auth/signin?api=odd&maxAge=300');
  });

  it.each<[string, Claims]>([
    ['does not say when', {}],
    ['says it in a text', { auth_time: String(Math.floor(Date.now() / 1000)) }],
  ])('is shut where the ID token %s', async (_what, claims) => {
    const { browser } = await signIn(claims);
    expectProblem(await call(browser, '/any/recent'), 401, 'step_up_required');
  });

  it('has the OP ask anew, and opens', async () => {
    const { browser } = await signIn({ auth_time: seconds() - 3_600 });
    const stepped = await signIn({ auth_time: seconds() }, browser, '?api=odd&maxAge=300');
    expect(Object.fromEntries(stepped.request.searchParams)).toMatchObject({ prompt: 'login', max_age: '300' });
    expect(claimsOf(stepped)).toEqual({ id_token: { auth_time: { essential: true } } });
    expect((await call(browser, '/any/recent')).status).toBe(200);
  });
});

describe('a call that several rules mean', () => {
  it('asks for all that they ask for, and the shortest age, at once', async () => {
    const { browser } = await signIn({ acrs: ['c1'], auth_time: seconds() });
    const refused = expectProblem(await call(browser, '/any/both'), 401, 'step_up_required');
    expect(refused.signInUrl).toBe('/auth/signin?api=odd&acrs=c2+c1&maxAge=300');
    const stepped = await signIn({ acrs: 'c1 c2', auth_time: seconds() }, browser, '?api=odd&acrs=c2+c1&maxAge=300');
    expect(claimsOf(stepped).id_token.acrs).toEqual({ essential: true, values: ['c2', 'c1'] });
    expect((await call(browser, '/any/both')).status).toBe(200);
  });
});

describe('an API that asks for a stronger sign-in by itself', () => {
  const ERROR = 'error="insufficient_user_authentication"';
  const challengeWith = (parameters: string) =>
    ground.world.odd.answerWith((_request, response) =>
      response.writeHead(401, { 'www-authenticate': `Bearer ${ERROR}, ${parameters}` }).end('not yet'),
    );
  afterEach(() => ground.world.odd.answerWith((_request, response) => response.writeHead(200).end()));

  it('leads to a sign-in that brings it, and no token is redeemed in vain', async () => {
    const { browser } = await signIn({ auth_time: seconds() });
    await call(browser, '/any/thing');
    const before = ground.op.tokenRequests.length;
    challengeWith('acr_values="phr c2 c1", max_age="300"');
    const refused = expectProblem(await call(browser, '/any/thing'), 401, 'step_up_required');
    expect(refused.signInUrl).toBe('/auth/signin?api=odd&acrs=c2&maxAge=300');
    expect(ground.op.tokenRequests).toHaveLength(before);
    const query = String(refused.signInUrl).replace('/auth/signin', '');
    const { answer } = await signIn({ acrs: ['c2'], auth_time: seconds() }, browser, query);
    expect(answer.status).toBe(303);
    ground.world.odd.answerWith((_request, response) => response.writeHead(200).end());
    expect((await call(browser, '/any/thing')).status).toBe(200);
  });

  it('has it asked for together with what the route asks for', async () => {
    const { browser } = await signIn({ acrs: ['c1'], auth_time: seconds() });
    challengeWith('acr_values="c2", max_age="60000"');
    const refused = expectProblem(await call(browser, '/any/context'), 401, 'step_up_required');
    expect(refused.signInUrl).toBe('/auth/signin?api=odd&acrs=c2+c1&maxAge=60000');
  });

  it.each([
    ['what the sign-in has proved', 'acr_values="c1", max_age="300"'],
    ['what its settings do not name', 'acr_values="urn:nobody:asks"'],
  ])('for %s is heard as it is: no other sign-in would help', async (_what, parameters) => {
    const { browser } = await signIn({ acrs: ['c1'], auth_time: seconds() });
    challengeWith(parameters);
    const answer = await call(browser, '/any/thing');
    expect(answer).toMatchObject({ status: 401, text: 'not yet' });
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  });
});

describe('a sign-in that does not prove what it was asked for', () => {
  const ASKED = '?api=odd&acrs=c1&maxAge=300';

  it.each<[string, () => Claims, string]>([
    ['neither', () => ({}), 'acrs-unmet'],
    ['the context alone', () => ({ acrs: ['c1'] }), 'auth-time-missing'],
    ['an age that is over', () => ({ acrs: ['c1'], auth_time: seconds() - 310 }), 'auth-time-too-old'],
    ['the age alone', () => ({ auth_time: seconds() }), 'acrs-unmet'],
    ['another context', () => ({ auth_time: seconds(), acrs: ['c2'] }), 'acrs-unmet'],
  ])('says so, and changes nothing: %s', async (_what, claims, reason) => {
    const { browser } = await signIn({ auth_time: seconds() });
    const [id, before] = [await sessionIdOf(browser), await held()];
    const logged = app.host.next(/"step_up_unmet"/);
    const { answer } = await signIn(claims(), browser, ASKED);
    expectPage(answer, 403, 'The sign-in did not prove enough');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
    expect(await logged).toContain(`"reason":"${reason}"`);
    expect([await sessionIdOf(browser), await held()]).toEqual([id, before]);
    expect((await call(browser, '/any/thing')).status).toBe(200);
    expectProblem(await call(browser, '/any/context'), 401, 'step_up_required');
  });

  it('is told of an OP’s own word for it', async () => {
    const { browser } = await signIn({ auth_time: seconds() });
    const id = await sessionIdOf(browser);
    const { request } = await setOut(browser, ASKED);
    const query = new URLSearchParams({ error: 'unmet_authentication_requirements', state: stateOf(request) });
    const answer = await browser.navigate(`${app.origin}/auth/callback?${query}`, ground.op.issuer);
    expectPage(answer, 403, 'The sign-in did not prove enough');
    expect(await sessionIdOf(browser)).toBe(id);
  });

  it('cannot be made to ask for less on the way: what was asked is sealed', async () => {
    const { browser } = await signIn({ auth_time: seconds() });
    const { request } = await setOut(browser, ASKED);
    vouch({ auth_time: seconds() });
    ground.op.expect(request.href);
    // Of the callback's own parameters none changes what it is held to.
    const query = new URLSearchParams({ code: 'a-code', state: stateOf(request), acrs: 'c2', maxAge: '99999' });
    const answer = await browser.navigate(`${app.origin}/auth/callback?${query}`, ground.op.issuer);
    expectPage(answer, 403, 'The sign-in did not prove enough');
  });
});

const stateOf = (request: URL): string => request.searchParams.get('state') ?? '';

async function setOut(browser: Browser, query: string): Promise<{ request: URL }> {
  const { headers } = await browser.navigate(`${app.origin}/auth/signin${query}`);
  return { request: new URL(headers.location ?? '') };
}

describe('a link to a step-up that somebody made up', () => {
  it.each([
    ['a context that no API here asks for', 'acrs=urn:nobody:asks'],
    ['a claims request in it', `acrs=${encodeURIComponent('c1"}},"access_token":{}')}`],
    ['many contexts', `acrs=${Array(300).fill('c1').join('+')}`],
    ['an age that is no number', 'maxAge=soon'],
  ])('is refused with %s, and repeats nothing', async (_what, query) => {
    const answer = await new Browser().fetch(`${app.origin}/auth/signin?${query}`);
    expectProblem(answer, 400, 'signin_parameter_invalid');
    expect(answer.text).not.toContain('nobody:asks');
    expect(answer.setCookies).toEqual([]);
  });

  it('proves nothing by itself: a sign-in that asks for less leaves what it met', async () => {
    const { browser } = await signIn({ acrs: ['c2'], auth_time: seconds() }, new Browser(), '?acrs=c2');
    expectProblem(await call(browser, '/any/context'), 401, 'step_up_required');
  });
});
