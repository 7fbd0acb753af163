import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import type { User } from '../../local/op/op.ts';
import { createAccountCodec } from '../../shared/account/account.ts';
import type { AccountKey } from '../../shared/account/account-key.ts';
import { parseSessionId } from '../../shared/account/session-record.ts';
import { openTables } from '../../shared/tables/tables.ts';
import { Browser } from './support/browser.ts';
import { keyringOf } from './support/forge.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { callBack, throughOp } from './support/sign-in.ts';
import { accountRow, sessionIdsIn, storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';
import { RAISE_MILLISECONDS } from './support/world.ts';

const OLD = `old:${randomBytes(32).toString('base64')}`;
const NEW = `new:${randomBytes(32).toString('base64')}`;
/** Keys are rotated in three steps, and while a step rolls out, instances of two phases run side by side. */
const PHASES = [OLD, `${OLD},${NEW}`, `${NEW},${OLD}`, NEW] as const;
const LONG_AGO_MILLISECONDS = 10 * 60_000;

const world = localWorld({ SESSION_KEYS: OLD });
/** One instance for each phase, all of the same application on the same tables. */
let instances: readonly SpawnedHost[];
beforeAll(async () => {
  instances = await Promise.all(PHASES.map((SESSION_KEYS) => world.startInstance(world.app, { SESSION_KEYS })));
}, RAISE_MILLISECONDS);

const instance = (phase: number): SpawnedHost => {
  const host = instances[phase];
  if (host === undefined) throw new RangeError('no such phase');
  return host;
};

/** The address as the platform sends it to one instance: the same host, so that the browser's cookies go along. */
function at(phase: number, url: string): string {
  const routed = new URL(url, world.app.origin);
  routed.port = String(instance(phase).port);
  return routed.href;
}

/** Signs somebody in by one instance, all the way. */
async function signInAt(phase: number, browser = new Browser(), person = world.newPerson()): Promise<Visitor> {
  const setOut = await browser.navigate(at(phase, '/auth/signin'));
  const answer = await callBack(browser, at(phase, await throughOp(browser, world.app, person, setOut)));
  if (answer.status !== 303) throw new Error(`not signed in: ${answer.status}`);
  return { browser, person };
}

interface Visitor {
  readonly browser: Browser;
  readonly person: User;
}

const whoAmI = (phase: number, { browser }: Visitor) => browser.fetch(at(phase, '/auth/session'));
const callApi = (phase: number, { browser }: Visitor) =>
  browser.fetch(at(phase, '/api/graph/me'), { headers: { 'x-csrf': '1' } });

function signOutAt(phase: number, { browser }: Visitor): Promise<Answer> {
  const cookie = `__Host-session=${browser.cookie(world.app.origin, '__Host-session')}`;
  const headers = { cookie, origin: world.app.origin, 'sec-fetch-site': 'same-origin', accept: 'text/html' };
  return send(at(phase, '/auth/signout'), { method: 'POST', headers });
}

const rowOf = ({ person }: Visitor) => accountRow(world, person, world.app);

/** Which key each sealed property of the account stands under: version, length of the key id, key id. */
async function kidsOf(visitor: Visitor): Promise<Record<string, string>> {
  const sealed = Object.entries((await rowOf(visitor))?.properties ?? {}).filter(([name]) => /^[scl]_/.test(name));
  return Object.fromEntries(
    sealed.map(([name, text]) => {
      const bytes = Buffer.from(text, 'base64');
      expect(bytes[0]).toBe(1);
      return [name.slice(0, 1), bytes.toString('latin1', 2, 2 + (bytes[1] ?? 0))];
    }),
  );
}

/** Makes a session one that was last used a while ago; with `tokens`, its access token has ended too. */
async function age(visitor: Visitor, { tokens }: { readonly tokens: boolean }): Promise<void> {
  const row = await rowOf(visitor);
  const id = parseSessionId(sessionIdsIn(row)[0] ?? '');
  if (row === undefined || id === null) throw new Error('there is no session');
  const { accounts } = openTables({
    kind: 'connection-string',
    connectionString: world.azurite.tablesConnectionString,
  });
  const read = await accounts.read(row);
  if (read.outcome !== 'found') throw new Error(read.outcome);
  const codec = createAccountCodec(keyringOf(OLD, world.app.clientId), row.partitionKey as AccountKey);
  const [session, cache] = [codec.openSession(read.entity, id), codec.openCache(read.entity, id)];
  if (session.outcome !== 'opened' || cache.outcome !== 'opened') throw new Error('not sealed under the old key');
  const lastUsedAt = session.value.lastUsedAt - LONG_AGO_MILLISECONDS;
  const ended = cache.value.replaceAll(/"(expires_on|extended_expires_on)":"\d+"/g, '"$1":"1700000000"');
  await accounts.merge(
    row,
    { ...codec.sealSession(id, { ...session.value, lastUsedAt }), ...(tokens && codec.sealCache(id, ended)) },
    read.entity.etag,
  );
}

describe('while keys are rotated', () => {
  it.each([
    [0, 1],
    [1, 2],
    [2, 3],
  ])('a session that an instance of phase %i or %i makes is good at both', async (before, after) => {
    for (const made of [before, after]) {
      const visitor = await signInAt(made);
      for (const used of [before, after]) {
        expect((await whoAmI(used, visitor)).json()).toMatchObject({ user: { username: visitor.person.upn } });
        expect((await callApi(used, visitor)).status).toBe(200);
      }
    }
  });

  it('nobody is signed out by a step until the old key is taken away', async () => {
    const visitor = await signInAt(0);
    for (const phase of [0, 1, 2]) {
      expect((await whoAmI(phase, visitor)).status).toBe(200);
      expect((await callApi(phase, visitor)).status).toBe(200);
    }
  });

  it('a sign-in that one instance began can be finished by one of the next step', async () => {
    const browser = new Browser();
    const person = world.newPerson();
    const setOut = await browser.navigate(at(1, '/auth/signin'));
    await callBack(browser, at(2, await throughOp(browser, world.app, person, setOut)));
    expect((await whoAmI(1, { browser, person })).status).toBe(200);
    expect(await kidsOf({ browser, person })).toEqual({ s: 'new', c: 'new' });
  });

  it('what is stored comes under the new key when it is next written, by a renewal or a refresh', async () => {
    const visitor = await signInAt(1);
    expect(await kidsOf(visitor)).toEqual({ s: 'old', c: 'old' });
    await age(visitor, { tokens: false });
    expect((await callApi(2, visitor)).status).toBe(200);
    expect(await kidsOf(visitor)).toEqual({ s: 'new', c: 'old' });

    const other = await signInAt(1);
    await age(other, { tokens: true });
    const refreshes = world.op.refreshCount;
    expect((await callApi(2, other)).status).toBe(200);
    expect(world.op.refreshCount).toBe(refreshes + 1);
    expect(await kidsOf(other)).toEqual({ s: 'new', c: 'new', l: 'new' });
    expect((await whoAmI(1, other)).status).toBe(200);
  });
});

describe('an instance that does not know a key yet', () => {
  it('answers 401 to a cookie under it, and deletes nothing', async () => {
    const visitor = await signInAt(2);
    const before = await storedRows(world);
    expectProblem(await whoAmI(0, visitor), 401, 'session_required');
    expectProblem(await callApi(0, visitor), 401, 'session_required');
    expect(await storedRows(world)).toEqual(before);
    expect((await whoAmI(2, visitor)).status).toBe(200);
  });

  it('answers 401 to a cookie that it can open where the session has since come under that key, and deletes nothing', async () => {
    const visitor = await signInAt(0);
    await age(visitor, { tokens: true });
    expect((await callApi(2, visitor)).status).toBe(200);
    const before = await storedRows(world);
    expectProblem(await whoAmI(0, visitor), 401, 'session_required');
    expectProblem(await callApi(0, visitor), 401, 'session_required');
    expect(await storedRows(world)).toEqual(before);
    expect((await callApi(1, visitor)).status).toBe(200);
  });

  it('signs in, and leaves alone the session of another device that it cannot read', async () => {
    const elsewhere = await signInAt(2);
    const here = await signInAt(0, new Browser(), elsewhere.person);
    expect(sessionIdsIn(await rowOf(here))).toHaveLength(2);
    expect((await whoAmI(2, elsewhere)).status).toBe(200);
    expect((await whoAmI(0, here)).status).toBe(200);
  });

  it('still signs out all of the account: to delete takes no key', async () => {
    const elsewhere = await signInAt(2);
    const here = await signInAt(0, new Browser(), elsewhere.person);
    const answer = await signOutAt(0, here);
    expect(answer.status).toBe(303);
    expect(await rowOf(here)).toBeUndefined();
    expect((await whoAmI(2, elsewhere)).status).toBe(401);
  });
});

describe('when the old key has been taken away', () => {
  it('whoever it served is signed out cleanly, and nothing is deleted for it', async () => {
    const visitor = await signInAt(0);
    const before = await storedRows(world);
    expectProblem(await whoAmI(3, visitor), 401, 'session_required');
    expectProblem(await callApi(3, visitor), 401, 'session_required');
    expect((await signOutAt(3, visitor)).headers.location).toBe('/auth/signed-out');
    expect(await storedRows(world)).toEqual(before);
  });

  it('signs in anew in the same browser, calls the API, and signs out with nothing left of either session', async () => {
    const visitor = await signInAt(0);
    await signInAt(3, visitor.browser, visitor.person);
    expect(sessionIdsIn(await rowOf(visitor))).toHaveLength(2);
    expect((await whoAmI(3, visitor)).json()).toMatchObject({ user: { username: visitor.person.upn } });
    expect((await callApi(3, visitor)).status).toBe(200);
    expect((await signOutAt(3, visitor)).status).toBe(303);
    expect(await rowOf(visitor)).toBeUndefined();
    expect((await whoAmI(3, visitor)).status).toBe(401);
    expect((await whoAmI(0, visitor)).status).toBe(401);
  });

  it('is ended by a front-channel sign-out all the same', async () => {
    const browser = new Browser();
    const person = world.newPerson();
    const setOut = await browser.navigate(at(0, '/auth/signin'));
    const callback = await throughOp(browser, world.app, person, setOut);
    const sid = new URL(callback).searchParams.get('session_state') ?? '';
    await callBack(browser, at(0, callback));
    expect((await send(at(3, `/auth/signout-callback?sid=${encodeURIComponent(sid)}`))).status).toBe(200);
    expect(await rowOf({ browser, person })).toBeUndefined();
  });
});
