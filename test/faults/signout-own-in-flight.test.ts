import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import { loginHintOf } from '../../local/op/users.ts';
import type { Tables } from '../../shared/store/table.ts';
import { Browser, locationOf } from '../http/support/browser.ts';
import { CookieJar } from '../http/support/cookies.ts';
import { cookiesSet, MARK_SET, SESSION_TAKEN } from '../http/support/headers.ts';
import { callBack, goToCallback, throughOp } from '../http/support/sign-in.ts';
import { type Answer, send } from '../http/support/wire.ts';
import { RAISE_MILLISECONDS, raiseWorld, type World } from '../http/support/world.ts';
import { late, type Overtake, stale } from './support/overtake.ts';
import { type StorageProxy, startStorageProxy } from './support/storage-proxy.ts';
import { countSessions, openStorage, storedAccount } from './support/stored-account.ts';
import { disturber, meets } from './support/trial.ts';
import { callApi, callBackAs, readSession, signedIn, signOutOwn, type Visitor, visit } from './support/visitor.ts';

let world: World;
let proxy: StorageProxy;
let storage: Tables;
let during: ReturnType<typeof disturber>;
/** Where people sign out: instances of the same application that reach its storage by the proxy. */
let ofAccounts: SpawnedHost;
let ofSessions: SpawnedHost;
beforeAll(async () => {
  world = await raiseWorld();
  proxy = await startStorageProxy(world.azurite.tablesConnectionString);
  storage = openStorage(world);
  during = disturber({ proxy });
  const TABLES_CONNECTION_STRING = proxy.connectionString;
  ofAccounts = await world.startInstance(world.app, { TABLES_CONNECTION_STRING });
  ofSessions = await world.startInstance(world.app, { TABLES_CONNECTION_STRING, SIGNOUT_SCOPE: 'session' });
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await world.stop();
  await proxy.close();
});

/** A tab of a browser, whose requests the platform sends to this instance. */
const tabAt = ({ port }: SpawnedHost, { jar }: Browser): Browser =>
  new Browser(jar, (url, sent) => send(url, { ...sent, port }));

const signOutAt = (instance: SpawnedHost, browser: Browser): Promise<Answer> =>
  signOutOwn(world.app, tabAt(instance, browser));

/** How the session and an API call by it are answered, at both instances. */
const seenBy = async (browser: Browser): Promise<readonly number[]> => {
  const tabs = [browser, tabAt(ofAccounts, browser)];
  const answers = [...tabs.map((tab) => readSession(world.app, tab)), ...tabs.map((tab) => callApi(world.app, tab))];
  return (await Promise.all(answers)).map(({ status }) => status);
};
const SIGNED_IN = [200, 200, 200, 200];
const SIGNED_OUT = [401, 401, 401, 401];

const standing = async ({ account }: Visitor): Promise<number | 'no row'> => {
  const row = await storedAccount(storage, account);
  return row === null ? 'no row' : countSessions(row);
};

/** Somebody whom the OP does not know any more, while the application does: the next sign-in is of another OP session. */
async function forgottenByOp(): Promise<Visitor> {
  const visitor = await visit(world, world.app);
  const { setCookies } = await callBackAs(visitor);
  const jar = new CookieJar();
  jar.store(new URL(world.app.origin).hostname, setCookies);
  return { ...visitor, browser: new Browser(jar) };
}

/** What stood, and who saw it, when the callback had been answered at its instance. */
interface Landed {
  readonly location: string | undefined;
  /** With the cookie of the session that took the other's place. */
  readonly browser: Browser;
  readonly seen: readonly number[];
}

interface HeldUp {
  readonly when: string;
  readonly title: string;
  readonly overtake: Overtake;
}

const HELD_UP: readonly HeldUp[] = [
  { when: 'before it has looked at the account', title: 'read accounts', overtake: late },
  { when: 'after it has looked at the account', title: 'read accounts', overtake: stale },
  { when: 'before its tombstone is written', title: 'create sids tombstone', overtake: late },
];

/** Has a sign-out come in at one instance, and, while it is held up there, the callback of another tab land at another. */
async function signOutHeldUp(instance: SpawnedHost, visitor: Visitor, { title, overtake }: HeldUp) {
  const { browser, marks } = visitor;
  const callback = await goToCallback(browser, world.app, visitor.person);
  const landed: Landed[] = [];
  const fate = overtake(async () => {
    const { location } = (await callBack(browser, callback)).headers;
    landed.push({ location, browser: browser.copy(), seen: await seenBy(browser) });
  });
  const answer = await during(marks, meets({ title, nth: 0 }, fate).meet, () => signOutAt(instance, browser));
  return { answer, landed: landed[0] };
}

describe('an own sign-out that came in before the callback of another tab, at another instance, took the place of its session', () => {
  it.each(HELD_UP)('ends what took its place too, and leaves no row: held up $when', async (heldUp) => {
    const visitor = await signedIn(world, world.app);
    const before = visitor.browser.copy();
    const { answer, landed } = await signOutHeldUp(ofAccounts, visitor, heldUp);
    expect(landed).toMatchObject({ location: '/', seen: SIGNED_IN });

    expect([answer.status, cookiesSet(answer)]).toEqual([303, [SESSION_TAKEN, MARK_SET]]);
    expect(locationOf(answer)?.searchParams.get('logout_hint')).toBe(loginHintOf(visitor.person));
    expect(await standing(visitor)).toBe('no row');
    for (const browser of [before, landed?.browser ?? before]) expect(await seenBy(browser)).toEqual(SIGNED_OUT);
  });

  it.each(HELD_UP)(
    'where only sessions end, ends that one though it is of another OP session: held up $when',
    async (heldUp) => {
      const visitor = await forgottenByOp();
      const phone = await signedIn(world, world.app, visitor.person);
      const before = visitor.browser.copy();
      const { answer, landed } = await signOutHeldUp(ofSessions, visitor, heldUp);
      expect(landed).toMatchObject({ location: '/', seen: SIGNED_IN });

      expect([answer.status, cookiesSet(answer)]).toEqual([303, [SESSION_TAKEN, MARK_SET]]);
      expect(await standing(visitor)).toBe(1);
      for (const browser of [before, landed?.browser ?? before]) expect(await seenBy(browser)).toEqual(SIGNED_OUT);
      expect(await seenBy(phone.browser)).toEqual(SIGNED_IN);
    },
  );
});

/** Has a callback be under way at one instance, its code at the OP, while a sign-out is done at another. */
async function signOutDuringCallback({ browser, person }: Visitor) {
  const callback = await goToCallback(browser, world.app, person);
  const hold = world.op.holdNext('token');
  const arriving = callBack(browser, callback);
  await hold.arrived;
  const signedOut = await signOutAt(ofAccounts, browser);
  return {
    signedOut,
    land() {
      hold.release();
      return arriving;
    },
  };
}

describe('an own sign-out that is done while the callback of another tab is under way at another instance', () => {
  it('lets it not come in: no row is left, and the browser goes round once more', async () => {
    const visitor = await signedIn(world, world.app);
    const { browser, person } = visitor;
    const before = browser.copy();
    const { signedOut, land } = await signOutDuringCallback(visitor);
    expect([signedOut.status, cookiesSet(signedOut)]).toEqual([303, [SESSION_TAKEN, MARK_SET]]);
    expect(await standing(visitor)).toBe('no row');

    const refused = await land();
    expect(locationOf(refused)?.origin).toBe(new URL(world.op.issuer).origin);
    expect(browser.cookie(world.app.origin, '__Host-session')).toBeUndefined();
    expect(await standing(visitor)).toBe('no row');

    const again = await callBack(browser, await throughOp(browser, world.app, person, refused));
    expect(again.headers.location).toBe('/');
    expect(await standing(visitor)).toBe(1);
    expect(await seenBy(browser)).toEqual(SIGNED_IN);
    expect(await seenBy(before)).toEqual(SIGNED_OUT);
  });

  it('leaves it what is its own where it is of another OP session, and nothing else', async () => {
    const visitor = await forgottenByOp();
    const before = visitor.browser.copy();
    const { signedOut, land } = await signOutDuringCallback(visitor);
    expect([signedOut.status, cookiesSet(signedOut)]).toEqual([303, [SESSION_TAKEN, MARK_SET]]);
    expect(await standing(visitor)).toBe('no row');

    expect((await land()).headers.location).toBe('/');
    expect(await standing(visitor)).toBe(1);
    expect(await seenBy(visitor.browser)).toEqual(SIGNED_IN);
    expect(await seenBy(before)).toEqual(SIGNED_OUT);
  });
});
