import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem, policy, SAFE_HEADERS } from './support/headers.ts';
import { bringIn, signIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn, storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';

const world = localWorld();

const signedIn = (person = world.newPerson(), app = world.app) => bringIn(world, person, app);
/** As the OP's iframe asks: from another site, with no cookie. */
const called = (query: string | Record<string, string>) =>
  new Browser().frame(`${world.app.origin}/auth/signout-callback?${new URLSearchParams(query)}`, world.op.origin);
const session = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);

function expectEmptyFrame(answer: Answer): void {
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    ...SAFE_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy([], [new URL(world.op.issuer).origin]),
  });
  expect(answer.headers).not.toHaveProperty('x-frame-options');
  expect(answer.setCookies).toEqual([]);
  expect(answer.text).toBe('<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Sign-out</title></html>\n');
}

describe('GET /auth/signout-callback', () => {
  it("by sid alone, Entra ID's way, deletes the account's row before it answers", async () => {
    const { browser, person, sid } = await signedIn();
    expectEmptyFrame(await called({ sid }));
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    expect((await session(browser)).status).toBe(401);
  });

  it("by iss and sid, the standard's way, does the same", async () => {
    const { browser, person, sid } = await signedIn();
    expectEmptyFrame(await called({ iss: world.op.issuer, sid }));
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    expect((await session(browser)).status).toBe(401);
  });

  it('ends the account on every device', async () => {
    const { person, sid } = await signedIn();
    const phone = await signedIn(person);
    await called({ sid });
    expect((await session(phone.browser)).status).toBe(401);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it("leaves everybody else's rows as they are, to the byte", async () => {
    const [{ person, sid }, other] = [await signedIn(), await signedIn()];
    const before = await storedRows(world);
    await called({ sid });
    const after = await storedRows(world);
    expect(after.accounts).toEqual(before.accounts.filter(({ partitionKey }) => !partitionKey.startsWith(person.oid)));
    expect((await session(other.browser)).status).toBe(200);
  });

  it('twice is as good as once', async () => {
    const { sid } = await signedIn();
    const [first, second] = [await called({ sid }), await called({ sid })];
    expectEmptyFrame(first);
    expect(second.bytes).toEqual(first.bytes);
  });

  it('works for whoever calls it, with any cookie and from anywhere', async () => {
    const { browser, person, sid } = await signedIn();
    const headers = {
      cookie: `__Host-session=${browser.cookie(world.app.origin, '__Host-session')}`,
      'sec-fetch-site': 'cross-site',
      origin: 'null',
    };
    expectEmptyFrame(await send(`${world.app.origin}/auth/signout-callback?sid=${sid}`, { headers }));
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it.each([
    ['unknown', (sid: string) => `sid=${sid.split('').reverse().join('')}`],
    ['empty', () => 'sid='],
    ['not there', () => ''],
    ['malformed', () => 'sid=%2F%5C%23%3F%00%0A'],
    ['there twice', (sid: string) => `sid=${sid}&sid=${sid}`],
    ['longer than any', () => `sid=${'s'.repeat(513)}`],
  ])('lets nobody see whether a sid is known: one that is %s is answered alike, to the byte', async (_what, query) => {
    const { sid } = await signedIn();
    const other = await called(query(sid));
    const known = await called({ sid });
    // The two that differ between any two answers.
    const own = { date: '', 'x-ms-invocation-id': '' };
    expect({ ...other.headers, ...own }).toEqual({ ...known.headers, ...own });
    expect([other.status, other.bytes]).toEqual([known.status, known.bytes]);
  });
});

describe('a front-channel logout that names nobody', () => {
  it.each([
    ['no parameter', ''],
    ['an empty sid', 'sid='],
    ['an unknown sid', 'sid=unknown'],
    ['a sid with characters that keys may not have', 'sid=%2F%5C%23%3F%00%0A'],
    ['the sid of another client by its hash', `sid=${'0'.repeat(64)}`],
    ['a filter', "sid=' or PartitionKey ne '"],
    ['as long as the front end lets through', `sid=${'s'.repeat(4_000)}`],
  ])('is answered as any other, and nothing changes: %s', async (_what, query) => {
    const before = await storedRows(world);
    const answer = await called(query);
    expectEmptyFrame(answer);
    expect((await storedRows(world)).accounts).toEqual(before.accounts);
  });

  it('with iss alone is answered as any other, and nothing changes', async () => {
    const before = await storedRows(world);
    expectEmptyFrame(await called({ iss: world.op.issuer }));
    expect(await storedRows(world)).toEqual(before);
  });

  it('with two sids ends neither', async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    expectEmptyFrame(await called(`sid=${one.sid}&sid=${other.sid}`));
    for (const { browser } of [one, other]) expect((await session(browser)).status).toBe(200);
  });
});

describe('a front-channel logout in the name of another OP', () => {
  it.each([
    ['foreign', () => 'iss=https%3A%2F%2Fevil.example'],
    ['empty', () => 'iss='],
    ['ours with a slash at the end', () => `iss=${encodeURIComponent(`${world.op.issuer}/`)}`],
    ['ours and a foreign one', () => `iss=${encodeURIComponent(world.op.issuer)}&iss=https%3A%2F%2Fevil.example`],
  ])('is refused, and ends nothing: iss %s', async (_what, iss) => {
    const { browser, sid } = await signedIn();
    const url = `${world.app.origin}/auth/signout-callback?sid=${sid}&${iss()}`;
    const answer = await send(url);
    expectProblem(answer, 400, 'logout_request_invalid');
    expect(answer.text).not.toContain('evil.example');
    expect((await session(browser)).status).toBe(200);
  });
});

describe('SIGNOUT_SCOPE_REMOTE=session', () => {
  it('ends the sessions of that sid alone; the last one out deletes the row', async () => {
    const app = await world.startApp({ SIGNOUT_SCOPE_REMOTE: 'session' });
    const person = world.newPerson();
    const [laptop, phone] = [await signedIn(person, app), await signedIn(person, app)];
    await send(`${app.origin}/auth/signout-callback?sid=${laptop.sid}`);
    expect((await laptop.browser.fetch(`${app.origin}/auth/session`)).status).toBe(401);
    expect((await phone.browser.fetch(`${app.origin}/auth/session`)).status).toBe(200);
    expect(sessionIdsIn(await accountRow(world, person, app))).toHaveLength(1);
    await send(`${app.origin}/auth/signout-callback?sid=${phone.sid}`);
    expect(await accountRow(world, person, app)).toBeUndefined();
    await app.host.stop();
  });
});

describe('the sign-out in another application', () => {
  it('reaches this one by a frame of the OP', async () => {
    const other = await world.startApp();
    const { browser, person } = await signedIn();
    await signIn(browser, other, person);
    const goodbye = await browser.follow(await browser.submit(`${other.origin}/auth/signout`, {}, other.origin));
    const frames = [...goodbye.text.matchAll(/https?:\/\/[^"'\s]*\/auth\/signout-callback\?[^"'\s]*/g)];
    const urls = frames.map(([url]) => url.replaceAll('&amp;', '&')).filter((url) => url.startsWith(world.app.origin));
    expect(urls.length).toBeGreaterThan(0);
    expectEmptyFrame(await browser.frame(urls[0] ?? '', world.op.origin));
    expect((await session(browser)).status).toBe(401);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    await other.host.stop();
  });
});
