import { describe, expect, it } from '@jest/globals';
import type { User } from '../../local/op/op.ts';
import { Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { cookiesSet, expectPage, expectProblem, MARK_SET, SAFE_HEADERS, SESSION_TAKEN } from './support/headers.ts';
import { bringIn, signIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn, storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';

const world = localWorld();

/** One person on as many devices as asked for, each with a session of its own. */
async function onDevices(count: number, person = world.newPerson()) {
  const devices: { browser: Browser; id: string }[] = [];
  for (let each = 0; each < count; each += 1) {
    const { browser } = await bringIn(world, person);
    devices.push({ browser, id: await ownId(browser) });
  }
  const [first, second] = devices;
  if (first === undefined) throw new RangeError('no device');
  return { person, first, second: second ?? first };
}
const url = (id = '') => `${world.app.origin}/auth/sessions${id && `/${id}`}`;
const session = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);
const ownId = async (browser: Browser) => (await session(browser)).json<{ session: { id: string } }>().session.id;
const list = (browser: Browser) => browser.fetch(url());
const listed = async (browser: Browser) =>
  (await list(browser)).json<{ sessions: { id: string; current: boolean }[] }>().sessions;
const end = (browser: Browser, id: string) => browser.fetch(url(id), { method: 'DELETE', headers: { 'x-csrf': '1' } });
const row = (person: User) => accountRow(world, person, world.app);
const call = (browser: Browser) => browser.fetch(`${world.app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });

describe('GET /auth/sessions', () => {
  it('lists the sessions on all devices, those used last first, and marks the one that asks', async () => {
    const { first, second } = await onDevices(2);
    const answer = await list(first.browser);
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const device = 'A browser on an unknown system';
    const times = { signedInAt: time, lastUsedAt: time, idleEndsAt: time, endsAt: time };
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
    expect(answer.json()).toEqual({
      sessions: [
        { id: second.id, device, ...times, current: false },
        { id: first.id, device, ...times, current: true },
      ],
    });
  });

  it('tells devices apart by browser and system', async () => {
    const { person, first } = await onDevices(1);
    const firefox = new Browser(undefined, (to, sent) =>
      send(to, { ...sent, headers: { ...sent?.headers, 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/130.0' } }),
    );
    await signIn(firefox, world.app, person);
    expect(await listed(first.browser)).toMatchObject([{ device: 'Firefox on Windows', current: false }, {}]);
  });

  it('says nothing of anybody else, no sid, no token, no claim, no secret', async () => {
    const { person, first } = await onDevices(1);
    const other = await onDevices(1);
    const { text } = await list(first.browser);
    const secrets = [person.oid, person.name, person.upn, other.first.id, ...world.op.issued];
    for (const secret of [...secrets, first.browser.cookie(world.app.origin, '__Host-session') ?? '']) {
      expect(text).not.toContain(secret);
    }
  });

  it('does not count as use, and writes nothing', async () => {
    const { first } = await onDevices(2);
    const before = await storedRows(world);
    await list(first.browser);
    expect(await storedRows(world)).toEqual(before);
  });

  it('without a session, with a forged cookie or a dead one says where to sign in', async () => {
    const { first, second } = await onDevices(2);
    await end(first.browser, second.id);
    const forged = await send(url(), { headers: { cookie: `__Host-session=${'A'.repeat(300)}` } });
    for (const answer of [await send(url()), forged, await list(second.browser)]) {
      expect(expectProblem(answer, 401, 'session_required')).toMatchObject({ signInUrl: '/auth/signin' });
      expect(answer.setCookies).toEqual([]);
    }
  });
});

describe('DELETE /auth/sessions/{id}', () => {
  it('ends the session of another device and its tokens: 204, and its next call is 401', async () => {
    const { person, first, second } = await onDevices(2);
    expect((await call(second.browser)).status).toBe(200);
    const answer = await end(first.browser, second.id);
    expect([answer.status, answer.text, answer.setCookies]).toEqual([204, '', []]);
    expect(answer.headers).toMatchObject(SAFE_HEADERS);
    const { properties } = (await row(person)) ?? { properties: {} };
    expect(
      Object.keys(properties)
        .filter((name) => /^[scl]_/.test(name))
        .sort(),
    ).toEqual([`c_${first.id}`, `s_${first.id}`]);
    expectProblem(await call(second.browser), 401, 'session_required');
    expectProblem(await session(second.browser), 401, 'session_required');
    expect(await listed(first.browser)).toMatchObject([{ id: first.id, current: true }]);
    expect((await call(first.browser)).status).toBe(200);
  });

  it('leaves the log a receipt that names nobody', async () => {
    const { person, first, second } = await onDevices(2);
    await end(first.browser, second.id);
    const line = await world.app.host.line(/"signout.completed","door":"sessions".*"sessions":1,"tokenCaches":1/);
    for (const secret of [first.id, second.id, person.oid]) expect(line).not.toContain(secret);
  });

  it('by its own id ends it too, and takes its cookie; the other device stays', async () => {
    const { person, first, second } = await onDevices(2);
    const thief = first.browser.copy();
    const answer = await end(first.browser, first.id);
    expect([answer.status, cookiesSet(answer)]).toEqual([204, [SESSION_TAKEN]]);
    expectProblem(await session(thief), 401, 'session_required');
    expect(sessionIdsIn(await row(person))).toEqual([second.id]);
    expect((await end(second.browser, second.id)).status).toBe(204);
    expect(await row(person)).toBeUndefined();
  });

  it('answers 404 in the same words for the id of another account, one that is no id, and one that has ended', async () => {
    const { person, first, second } = await onDevices(2);
    const other = await onDevices(1);
    await end(first.browser, second.id);
    const before = await storedRows(world);
    const wordsOf = ({ status, headers, json }: Answer) => {
      const { date: _, 'x-ms-invocation-id': __, ...rest } = headers;
      return { status, headers: rest, document: { ...json(), instance: '' } };
    };
    const unknown = await end(first.browser, '0'.repeat(32));
    expectProblem(unknown, 404, 'session_unknown');
    const ids = [other.first.id, second.id, first.id.toUpperCase(), 'x', '%5F', 'a'.repeat(2_000)];
    for (const id of ids) expect(wordsOf(await end(first.browser, id))).toEqual(wordsOf(unknown));
    expect(await storedRows(world)).toEqual(before);
    expect((await session(other.first.browser)).status).toBe(200);
    expect(sessionIdsIn(await row(person))).toEqual([first.id]);
  });

  it('takes its id from the path, whatever the query says', async () => {
    const { first, second } = await onDevices(2);
    expectProblem(await end(first.browser, `x?id=${second.id}`), 404, 'session_unknown');
    expect((await session(second.browser)).status).toBe(200);
  });

  it('of a session that another sign-in of its browser has replaced since the list was seen is 404, and ends nothing', async () => {
    const { person, first, second } = await onDevices(2);
    await signIn(second.browser, world.app, person);
    expectProblem(await end(first.browser, second.id), 404, 'session_unknown');
    expect((await session(second.browser)).status).toBe(200);
  });

  it('without a live session is 401, by a dead cookie too, and ends nothing', async () => {
    const { first, second } = await onDevices(2);
    await end(first.browser, second.id);
    expectProblem(await end(second.browser, first.id), 401, 'session_required');
    expectProblem(await end(new Browser(), first.id), 401, 'session_required');
    expect((await session(first.browser)).status).toBe(200);
  });

  it('that comes twice at once ends it once, and says nothing false', async () => {
    const { person, first, second } = await onDevices(2);
    const answers = await Promise.all([end(first.browser, second.id), end(first.browser, second.id)]);
    for (const { status } of answers) expect([204, 404]).toContain(status);
    expect(answers.map(({ status }) => status)).toContain(204);
    expect(sessionIdsIn(await row(person))).toEqual([first.id]);
  });

  it('of two devices that end each other leaves no more than one', async () => {
    const { person, first, second } = await onDevices(2);
    const ends = await Promise.all([end(first.browser, second.id), end(second.browser, first.id)]);
    const done = ends.filter(({ status }) => status === 204).length;
    expect(done).toBeGreaterThan(0);
    expect(sessionIdsIn(await row(person))).toHaveLength(2 - done);
  });
});

describe('a request to end a session that no page of ours sent', () => {
  it.each([
    ['another site, by Origin', { origin: 'https://evil.example', 'x-csrf': '1' }, 'cross_site'],
    ['a sibling application', { origin: 'http://fabrikam.localhost:7072', 'x-csrf': '1' }, 'cross_site'],
    ['a page without an origin', { origin: 'null', 'x-csrf': '1' }, 'cross_site'],
    ['another site, by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site', 'x-csrf': '1' }, 'cross_site'],
    ['the same site', { 'sec-fetch-site': 'same-site', 'x-csrf': '1' }, 'cross_site'],
    ['nobody who says where from', {}, 'csrf_header_missing'],
    ['nobody, with another header', { 'x-csrf': '0' }, 'csrf_header_missing'],
    ['a bookmark', { 'sec-fetch-site': 'none' }, 'csrf_header_missing'],
  ])('is refused and ends nothing: %s', async (_what, headers, code) => {
    const { person, first, second } = await onDevices(2);
    const before = await row(person);
    const cookie = `__Host-session=${first.browser.cookie(world.app.origin, '__Host-session')}`;
    expectProblem(await send(url(second.id), { method: 'DELETE', headers: { ...headers, cookie } }), 403, code);
    expect(await row(person)).toEqual(before);
  });

  it('is refused without the header, though a browser says that a page of ours sent it', async () => {
    const { person, first, second } = await onDevices(2);
    const before = await row(person);
    const answer = await first.browser.fetch(url(second.id), { method: 'DELETE' });
    expectProblem(answer, 403, 'csrf_header_missing');
    expect(await row(person)).toEqual(before);
  });

  it('is believed by the header where nothing says where it comes from: no browser sent it', async () => {
    const { person, first, second } = await onDevices(2);
    const cookie = `__Host-session=${first.browser.cookie(world.app.origin, '__Host-session')}`;
    const sent = { method: 'DELETE', headers: { 'x-csrf': '1', cookie } };
    expect((await send(url(second.id), sent)).status).toBe(204);
    expect(sessionIdsIn(await row(person))).toEqual([first.id]);
  });
});

describe('POST /auth/signout?scope=', () => {
  const signOut = (browser: Browser, query: string, { origin } = world.app) =>
    browser.submit(`${origin}/auth/signout${query}`, {}, origin);

  it('session ends this one and leaves the other device, where the setting would end both', async () => {
    const { person, first, second } = await onDevices(2);
    const answer = await signOut(first.browser, '?scope=session');
    expect([answer.status, cookiesSet(answer)]).toEqual([303, [SESSION_TAKEN, MARK_SET]]);
    expect(locationOf(answer)?.searchParams.get('client_id')).toBe(world.app.clientId);
    expect(sessionIdsIn(await row(person))).toEqual([second.id]);
    expect((await session(second.browser)).status).toBe(200);
  });

  it('account ends both, where the setting would leave the other', async () => {
    const app = await world.startApp({ SIGNOUT_SCOPE: 'session' });
    const { browser: laptop, person } = await bringIn(world, world.newPerson(), app);
    await bringIn(world, person, app);
    expect((await signOut(laptop, '?scope=account', app)).status).toBe(303);
    expect(await accountRow(world, person, app)).toBeUndefined();
    await app.host.stop();
  });

  it.each([
    '?scope=everything',
    '?scope=',
    '?scope=Session',
    '?scope=session&scope=session',
    '?scope=session&scope=account',
  ])('%s is refused, and ends nothing', async (query) => {
    const { person, first } = await onDevices(1);
    const before = await row(person);
    expectPage(await signOut(first.browser, query), 400, 'The scope of the sign-out is not one that there is');
    expect(await row(person)).toEqual(before);
  });

  it('is not read from the form', async () => {
    const { person, first } = await onDevices(2);
    await first.browser.submit(`${world.app.origin}/auth/signout`, { scope: 'session' }, world.app.origin);
    expect(await row(person)).toBeUndefined();
  });
});
