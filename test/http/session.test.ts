import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { forgeSessionCookie, keyringOf } from './support/forge.ts';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem, SAFE_HEADERS } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import { send } from './support/wire.ts';
import { FIRST_KID } from './support/world.ts';

const world = localWorld();

const url = () => `${world.app.origin}/auth/session`;
const withCookie = (value: string) => send(url(), { headers: { cookie: `__Host-session=${value}` } });
async function cookieOf(person = world.newPerson()): Promise<string> {
  const { browser } = await bringIn(world, person);
  return browser.cookie(world.app.origin, '__Host-session') ?? '';
}

describe('GET /auth/session', () => {
  it('without a cookie says where to sign in', async () => {
    const answer = await send(url());
    expect(expectProblem(answer, 401, 'session_required')).toMatchObject({ signInUrl: '/auth/signin' });
    expect(answer.setCookies).toEqual([]);
  });

  it('tells a person in a browser on a page', async () => {
    expectPage(await new Browser().navigate(url()), 401, 'Nobody is signed in');
  });

  it('says who is signed in, since when and until when, and nothing else', async () => {
    const { browser, person } = await bringIn(world);
    const answer = await browser.fetch(url());
    const [id] = sessionIdsIn(await accountRow(world, person, world.app));
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
    expect(answer.json()).toEqual({
      user: { name: person.name, username: person.upn },
      session: {
        id,
        signedInAt: time,
        lastUsedAt: time,
        idleEndsAt: time,
        endsAt: time,
        device: 'A browser on an unknown system',
      },
    });
    expect(answer.setCookies).toEqual([]);
  });

  it('gives neither token nor sid nor the secret of the session', async () => {
    const { browser } = await bringIn(world);
    const { text, headers } = await browser.fetch(url());
    for (const secret of [...world.op.issued, browser.cookie(world.app.origin, '__Host-session') ?? '']) {
      expect(text + JSON.stringify(headers)).not.toContain(secret);
    }
  });

  it('does not count as use', async () => {
    const { browser, person } = await bringIn(world);
    const row = await accountRow(world, person, world.app);
    await browser.fetch(url());
    expect(await accountRow(world, person, world.app)).toEqual(row);
  });
});

describe('a session cookie that was not issued here', () => {
  it.each([
    ['empty', ''],
    ['made up', 'abc'],
    ['not base64url', 'a b*c'],
    ['as long as a session, and random', randomBytes(200).toString('base64url')],
    ['huge', 'A'.repeat(4_000)],
    ['with the head of a real one', Buffer.from(`\x01${String.fromCharCode(5)}local`).toString('base64url')],
  ])('is refused, and left where it is: %s', async (_what, value) => {
    const answer = await withCookie(value);
    expectProblem(answer, 401, 'session_required');
    expect(answer.setCookies).toEqual([]);
  });

  it('is refused with one bit changed, wherever it is', async () => {
    const good = Buffer.from(await cookieOf(), 'base64url');
    expect((await withCookie(good.toString('base64url'))).status).toBe(200);
    for (let position = 0; position < good.length; position += 7) {
      const bad = Buffer.from(good);
      bad[position] = (bad[position] ?? 0) ^ 1;
      expect((await withCookie(bad.toString('base64url'))).status).toBe(401);
    }
    for (const cut of [good.subarray(0, -1), good.subarray(1), Buffer.concat([good, Buffer.from([0])])]) {
      expect((await withCookie(cut.toString('base64url'))).status).toBe(401);
    }
  });

  it('is refused when another key sealed it, though the key has the name of ours', async () => {
    const person = world.newPerson();
    await cookieOf(person);
    const row = await accountRow(world, person, world.app);
    const foreign = keyringOf(`${FIRST_KID}:${randomBytes(32).toString('base64')}`, world.app.clientId);
    expectProblem(await withCookie(forgeSessionCookie(foreign, row)), 401, 'session_required');
  });

  it('is refused when our own key sealed it, for a session that has another secret', async () => {
    const person = world.newPerson();
    await cookieOf(person);
    const forged = forgeSessionCookie(
      keyringOf(world.sessionKeys, world.app.clientId),
      await accountRow(world, person, world.app),
    );
    expectProblem(await withCookie(forged), 401, 'session_required');
  });

  it('is refused under any other name', async () => {
    const cookie = await cookieOf();
    for (const name of ['session', '__Host-Session', '__Secure-session', '']) {
      expect((await send(url(), { headers: { cookie: `${name}=${cookie}` } })).status).toBe(401);
    }
  });

  it('is refused by another application with other keys, though it shares the tables', async () => {
    const other = await world.startApp({ SESSION_KEYS: `${FIRST_KID}:${randomBytes(32).toString('base64')}` });
    const headers = { cookie: `__Host-session=${await cookieOf()}` };
    expect((await send(`${other.origin}/auth/session`, { headers })).status).toBe(401);
    await other.host.stop();
  });
});

describe('SESSION_KEYS that are rotated', () => {
  it('sign nobody out, and lock out whose key is taken away', async () => {
    const cookie = await cookieOf();
    const next = `next:${randomBytes(32).toString('base64')}`;
    const asks = async (keys: string) => {
      const app = await world.startApp({ SESSION_KEYS: keys, AUTH_CLIENT_ID: world.app.clientId });
      const answer = await send(`${app.origin}/auth/session`, { headers: { cookie: `__Host-session=${cookie}` } });
      await app.host.stop();
      return answer.status;
    };
    expect(await asks(`${next},${world.sessionKeys}`)).toBe(200);
    expect(await asks(next)).toBe(401);
    expect((await withCookie(cookie)).status).toBe(200);
  });
});
