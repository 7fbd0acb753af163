import { describe, expect, it } from '@jest/globals';
import type { User } from '../../local/op/op.ts';
import { pairwiseSub } from '../../local/op/users.ts';
import { registration } from '../../local/stage/applications.ts';
import type { Browser } from './support/browser.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { expectProblem, SAFE_HEADERS } from './support/headers.ts';
import { bringIn, callBack, goToCallback, signIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn, storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';
import type { RunningApp } from './support/world.ts';

const world = localWorld();
/** Where a sign-out by the OP ends the named sessions alone. */
const bySession = duringTests(() => world.startApp({ SIGNOUT_SCOPE_REMOTE: 'session' }));

async function signedIn(person = world.newPerson(), at = world.app) {
  return { ...(await bringIn(world, person, at)), sub: subOf(person, at) };
}
const subOf = ({ oid }: User, { clientId }: RunningApp): string => pairwiseSub(oid, clientId);
const sessionAt = async (browser: Browser, { origin } = world.app) =>
  (await browser.fetch(`${origin}/auth/session`)).status;
const tokenFor = (claims: Record<string, unknown>, { clientId } = world.app) => world.op.logoutToken(clientId, claims);
const deliver = (token: string, origin = world.app.origin): Promise<Answer> =>
  send(`${origin}/auth/backchannel-logout`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ logout_token: token }).toString(),
  });

function expectDone(answer: Answer): void {
  expect([answer.status, answer.text, answer.setCookies]).toEqual([200, '', []]);
  expect(answer.headers).toMatchObject(SAFE_HEADERS);
}
function expectRefused(answer: Answer): void {
  expect(answer.status).toBe(400);
  expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
  expect(answer.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) });
}

describe('POST /auth/backchannel-logout', () => {
  it("by sid deletes the account's row before it answers", async () => {
    const { browser, person, sid } = await signedIn();
    expectDone(await deliver(await tokenFor({ sid })));
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    expect(await sessionAt(browser)).toBe(401);
  });

  it('by sub ends every session of the person, of whichever OP session and device', async () => {
    const person = world.newPerson();
    const devices = [await signedIn(person), await signedIn(person), await signedIn(person)];
    expect(new Set(devices.map(({ sid }) => sid)).size).toBe(3);
    expectDone(await deliver(await tokenFor({ sub: subOf(person, world.app) })));
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    for (const { browser } of devices) expect(await sessionAt(browser)).toBe(401);
  });

  it("leaves everybody else's rows as they are, to the byte", async () => {
    const [one, two, other] = [await signedIn(), await signedIn(), await signedIn()];
    const before = await storedRows(world);
    expectDone(await deliver(await tokenFor({ sid: one.sid })));
    expectDone(await deliver(await tokenFor({ sub: two.sub })));
    const gone = [one.person.oid, two.person.oid];
    const others = before.accounts.filter(({ partitionKey }) => !gone.some((oid) => partitionKey.startsWith(oid)));
    expect((await storedRows(world)).accounts).toEqual(others);
    expect(await sessionAt(other.browser)).toBe(200);
  });

  it.each(['sid', 'sub'])(
    'with a %s that nobody here has is answered as any other, and nothing changes',
    async (name) => {
      const before = await storedRows(world);
      expectDone(await deliver(await tokenFor({ [name]: 'somebody-elsewhere' })));
      expect((await storedRows(world)).accounts).toEqual(before.accounts);
    },
  );

  it('keeps sid and sub apart: one that is passed off as the other ends nobody', async () => {
    const { browser, sid, sub } = await signedIn();
    expectDone(await deliver(await tokenFor({ sid: sub })));
    expectDone(await deliver(await tokenFor({ sub: sid })));
    expect(await sessionAt(browser)).toBe(200);
  });

  it('delivered again after a newer sign-in ends nothing, and is answered 200', async () => {
    const { browser, person, sid, sub } = await signedIn();
    const spent = [await tokenFor({ sid }), await tokenFor({ sub }), await tokenFor({ sid, sub })];
    for (const token of spent) expectDone(await deliver(token));
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    // Straight after a sign-out the application sends the browser round once more, until clocks have passed it.
    await browser.follow(await callBack(browser, await goToCallback(browser, world.app, person)));
    expect(await sessionAt(browser)).toBe(200);
    for (const token of spent) expectDone(await deliver(token));
    expect(await sessionAt(browser)).toBe(200);
    expect(sessionIdsIn(await accountRow(world, person, world.app))).toHaveLength(1);
  });

  it('says in its log which door it was, and names nobody', async () => {
    const { person, sid, sub } = await signedIn();
    const token = await tokenFor({ sid, sub });
    await deliver(token);
    await deliver(`${token}x`);
    await world.app.host.line(/"signout.completed","door":"back-channel",.*"sessions":1/);
    await world.app.host.line(/"signout.refused","door":"back-channel","reason":"ERR_/);
    const lines = world.app.host.lines.join('\n');
    for (const secret of [person.oid, person.upn, sid, sub, ...token.split('.')]) expect(lines).not.toContain(secret);
  });
});

describe('where the OP ends sessions and not accounts (SIGNOUT_SCOPE_REMOTE)', () => {
  it('a sid ends its sessions, also beside a sub; a sub alone ends all', async () => {
    const person = world.newPerson();
    const devices: Awaited<ReturnType<typeof signedIn>>[] = [];
    for (let count = 0; count < 4; count += 1) devices.push(await signedIn(person, bySession));
    const [one, two] = devices;
    const standing = async () => Promise.all(devices.map(({ browser }) => sessionAt(browser, bySession)));
    expectDone(await deliver(await tokenFor({ sid: one?.sid }, bySession), bySession.origin));
    expect(await standing()).toEqual([401, 200, 200, 200]);
    expectDone(await deliver(await tokenFor({ sid: two?.sid, sub: two?.sub }, bySession), bySession.origin));
    expect(await standing()).toEqual([401, 401, 200, 200]);
    expect(sessionIdsIn(await accountRow(world, person, bySession))).toHaveLength(2);
    expectDone(await deliver(await tokenFor({ sub: one?.sub }, bySession), bySession.origin));
    expect(await standing()).toEqual([401, 401, 401, 401]);
    expect(await accountRow(world, person, bySession)).toBeUndefined();
  });
});

describe('what is no logout token of this application', () => {
  it.each([
    ['nothing', () => ''],
    ['nonsense', () => 'not.a.token'],
    ['one for another application', (sid: string) => tokenFor({ sid }, bySession)],
    ["another OP's", (sid: string) => tokenFor({ sid, iss: 'https://evil.example' })],
    ['one that has expired', (sid: string) => tokenFor({ sid, iat: 1_700_000_000, exp: 1_700_000_120 })],
    ['one with a nonce', (sid: string) => tokenFor({ sid, nonce: 'n' })],
    ['one that names nobody', () => tokenFor({})],
  ])('is refused with 400 and ends nobody: %s', async (_what, make) => {
    const { browser, sid } = await signedIn();
    const before = await storedRows(world);
    expectRefused(await deliver(await make(sid)));
    expect(await storedRows(world)).toEqual(before);
    expect(await sessionAt(browser)).toBe(200);
  });

  it('is any other token that the OP has ever signed: ID tokens and access tokens', async () => {
    const { browser } = await signedIn();
    const jwts = world.op.issued.filter((secret) => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(secret));
    const others = jwts.filter((jwt) => !Buffer.from(jwt.split('.')[0] ?? '', 'base64url').includes('logout+jwt'));
    expect(others.length).toBeGreaterThan(1);
    for (const other of others) expectRefused(await deliver(other));
    expect(await sessionAt(browser)).toBe(200);
  });

  it('is a good one in another form: as JSON, in the query, twice', async () => {
    const { browser, sid } = await signedIn();
    const token = await tokenFor({ sid });
    const url = `${world.app.origin}/auth/backchannel-logout`;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const post = (body: string, headers: Record<string, string> = form, query = '') =>
      send(`${url}${query}`, { method: 'POST', headers, body });
    expectRefused(await post(JSON.stringify({ logout_token: token }), { 'content-type': 'application/json' }));
    expectRefused(await post('', form, `?logout_token=${token}`));
    expectRefused(await post(`logout_token=${token}`, form, `?logout_token=${token}`));
    expectRefused(await post(`logout_token=${token}&logout_token=${token}`));
    expectRefused(await post(`logout_token=${token}&padding=${'x'.repeat(70_000)}`));
    expect((await send(`${url}?logout_token=${token}`)).status).toBe(404);
    expect(await sessionAt(browser)).toBe(200);
    expectDone(await post(`other=1&logout_token=${token}&other=2`));
    expect(await sessionAt(browser)).toBe(401);
  });
});

describe('an OP that leaves out exp', () => {
  it('is understood where it is set so', async () => {
    const lenient = await world.startInstance(world.app, { BACKCHANNEL_MAY_LACK: 'exp' });
    const { browser, sid } = await signedIn();
    const token = await tokenFor({ sid, exp: undefined });
    expectRefused(await deliver(token));
    expect(await sessionAt(browser)).toBe(200);
    expectDone(await deliver(token, lenient.origin));
    expect(await sessionAt(browser)).toBe(401);
    await lenient.stop();
  });
});

describe("the OP's keys", () => {
  it('may be new: a token that is signed with one that was never seen is taken', async () => {
    const { browser, sid } = await signedIn();
    await world.op.rotateKeys();
    expectDone(await deliver(await tokenFor({ sid })));
    expect(await sessionAt(browser)).toBe(401);
  });

  it('being out of reach, the answer is 503, and the same token works afterwards', async () => {
    const { browser, person, sid } = await signedIn();
    // It has not read the keys yet.
    const fresh = await world.startInstance(world.app);
    const token = await tokenFor({ sid });
    world.op.failNext('keys', 'temporarily_unavailable', 503);
    const answer = await deliver(token, fresh.origin);
    expectProblem(answer, 503, 'signout_unfinished');
    expect(answer.headers['retry-after']).toBe('1');
    expect(await sessionAt(browser)).toBe(200);
    expectDone(await deliver(token, fresh.origin));
    expect(await sessionAt(browser)).toBe(401);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    await fresh.stop();
  });

  it('its metadata being out of reach, the answer is 503 too, and nobody is ended', async () => {
    const { browser, sid } = await signedIn();
    const fresh = await world.startInstance(world.app);
    world.op.failNext('discovery', 'temporarily_unavailable', 503);
    expectProblem(await deliver(await tokenFor({ sid }), fresh.origin), 503, 'signout_unfinished');
    expect(await sessionAt(browser)).toBe(200);
    await fresh.stop();
  });
});

describe("the OP's own sign-out", () => {
  it('tells the applications that registered for it, before it tells the browser', async () => {
    for (const one of [world.app, bySession]) world.op.register(registration(one, true));
    const person = world.newPerson();
    const { browser } = await signedIn(person, world.app);
    await signIn(browser, bySession, person);
    const phone = await signedIn(person, world.app);
    const goodbye = await browser.submit(`${bySession.origin}/auth/signout`, {}, bySession.origin);
    await browser.follow(goodbye);
    // No frame of the page that has come has been loaded.
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    for (const one of [browser, phone.browser]) expect(await sessionAt(one)).toBe(401);
  });
});
