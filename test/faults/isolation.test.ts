import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import { RAISE_MILLISECONDS, type RunningApp } from '../http/support/world.ts';
import { DOORS } from './support/doors/doors.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { during, naming, strayingFrom } from './support/isolation.ts';
import { expireTokens, storedAccount } from './support/stored-account.ts';
import { goThrough } from './support/trial.ts';
import {
  callApi,
  callBackAs,
  isAbout,
  readSession,
  signedIn,
  signOutBySid,
  signOutOwn,
  type Visitor,
  visit,
} from './support/visitor.ts';

const CALLS_EACH = 12;

let ground: Ground;
/** Another application on the same storage account. */
let elsewhere: RunningApp;
beforeAll(async () => {
  ground = await raiseGround();
  elsewhere = await ground.startApp();
  for (const app of [ground.app, elsewhere]) await signedIn(ground.world, app);
}, RAISE_MILLISECONDS);
afterAll(() => ground.stop());

describe('one person in two applications on one storage account', () => {
  let here: Visitor;
  let there: Visitor;
  beforeEach(async () => {
    here = await signedIn(ground.world, ground.app);
    there = await signedIn(ground.world, elsewhere, here.person);
  });

  it.each([
    ['a sign-out by sid', () => signOutBySid(ground.world, here.app, new Browser(), here.sid)],
    ['a sign-out by the sid of the other', () => signOutBySid(ground.world, here.app, new Browser(), there.sid)],
    ['an own sign-out', () => signOutOwn(here.app, here.browser)],
  ])('%s in one names nothing of the other, and leaves it as it is', async (_what, signOut) => {
    const before = await storedAccount(ground.storage, there.account);
    const requests = await during(ground, signOut);
    expect(requests).not.toEqual([]);
    expect(naming(there, requests)).toEqual([]);
    expect(await storedAccount(ground.storage, there.account)).toEqual(before);
    expect((await callApi(there.app, there.browser)).status).toBe(200);
  });

  it('has a sign-out of its own in each', async () => {
    await signOutOwn(here.app, here.browser);
    expect(await storedAccount(ground.storage, here.account)).toBeNull();
    await signOutOwn(there.app, there.browser);
    expect(await storedAccount(ground.storage, there.account)).toBeNull();
  });
});

describe('a request for one account', () => {
  it.each(DOORS)('names no partition but its own: $name', async (door) => {
    const caller = await door.approach(ground);
    const requests = await during(ground, () => goThrough(caller, () => true));
    expect(requests).not.toEqual([]);
    expect(strayingFrom(caller, requests)).toEqual([]);
  });
});

/** What a person does with an application, and what must come of it: it is theirs. */
async function goAbout(visitor: Visitor): Promise<void> {
  const { app, browser, person } = visitor;
  await expireTokens(ground, visitor);
  const [profiles, sessions] = await Promise.all([
    Promise.all(Array.from({ length: CALLS_EACH }, () => callApi(app, browser))),
    Promise.all(Array.from({ length: CALLS_EACH }, () => readSession(app, browser))),
  ]);
  expect(profiles.map((answer) => answer.json().id)).toEqual(Array(CALLS_EACH).fill(person.oid));
  expect(sessions.map((answer) => answer.json().user)).toEqual(
    Array(CALLS_EACH).fill({ name: person.name, username: person.upn }),
  );
}

describe('two accounts at the same time in one process', () => {
  it('never get each other’s answers, and no storage request names both', async () => {
    const people = [await signedIn(ground.world, ground.app), await signedIn(ground.world, ground.app)];
    const newcomers = [await visit(ground.world, ground.app), await visit(ground.world, ground.app)];
    const everybody = [...people, ...newcomers];
    const requests = await during(ground, async () => {
      await Promise.all([...people.map(goAbout), ...newcomers.map(callBackAs)]);
      await Promise.all([...newcomers.map(goAbout), ...people.map(({ app, browser }) => signOutOwn(app, browser))]);
    });
    const named = requests.map((request) => everybody.filter((visitor) => isAbout(request, visitor)).length);
    expect(named).toEqual(requests.map(() => 1));
    for (const visitor of everybody) {
      const own = requests.filter((request) => isAbout(request, visitor));
      expect(strayingFrom({ visitor, marks: visitor.marks }, own)).toEqual([]);
    }
    expect(await Promise.all(people.map(({ account }) => storedAccount(ground.storage, account)))).toEqual([
      null,
      null,
    ]);
  });
});

describe('no request', () => {
  it('ever goes through a table without naming a partition', () => {
    const entities = ground.proxy.requests.filter(({ operation }) => operation !== 'create-table');
    expect(entities.filter(({ partitionKey }) => partitionKey === null)).toEqual([]);
  });
});
