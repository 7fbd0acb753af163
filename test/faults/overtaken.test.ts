import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import type { Answer } from '../http/support/wire.ts';
import { RAISE_MILLISECONDS } from '../http/support/world.ts';
import { directory } from './support/doors/directory.ts';
import type { Caller, Door } from './support/doors/door.ts';
import { DOORS } from './support/doors/doors.ts';
import { operatorByAccount, operatorByObjectId } from './support/doors/operator.ts';
import { securityEvent } from './support/doors/security-events.ts';
import { backChannelBySub } from './support/doors/sign-outs.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { late, stale } from './support/overtake.ts';
import { countSessions, storedAccount, touch } from './support/stored-account.ts';
import { callsOf, disturber, goThrough, meets, nameOf } from './support/trial.ts';
import { callBackAs, readSession, signedIn, signOutBySid, type Visitor, visit } from './support/visitor.ts';

let ground: Ground;
let during: ReturnType<typeof disturber>;
beforeAll(async () => {
  ground = await raiseGround();
  during = disturber(ground);
}, RAISE_MILLISECONDS);
afterAll(() => ground.stop());

interface Overtaken<T> {
  /** The storage call that was overtaken, for the message of a test that fails. */
  readonly call: string;
  readonly caller: Caller;
  /** With the cookies from before. */
  readonly thief: Browser;
  readonly answer: Answer;
  readonly happened: T;
}

/** Goes through a door once for each of its calls about the account, and each time one of them is overtaken. */
async function overtaking<T>(door: Door, happen: (visitor: Visitor) => Promise<T>): Promise<readonly Overtaken<T>[]> {
  const calls = (await callsOf(ground, during, door)).filter(({ title }) => title.endsWith(' accounts'));
  const trials = calls.map(async (call) => {
    const caller = await door.approach(ground);
    const thief = caller.visitor.browser.copy();
    const happened = Promise.withResolvers<T>();
    const overtake = call.title === 'read accounts' ? stale : late;
    const fate = overtake(() => {
      happened.resolve(happen(caller.visitor));
      return happened.promise;
    });
    const { meet, hasMet } = meets(call, fate);
    const answer = await during(caller.marks, meet, () => goThrough(caller, hasMet));
    return { call: nameOf(call), caller, thief, answer, happened: await happened.promise };
  });
  return Promise.all(trials);
}

/** Their tombstone refuses every sign-in of the person: on another device too nobody signs in before they are done. */
const BURYING: readonly Door[] = [backChannelBySub, operatorByAccount, operatorByObjectId, securityEvent, directory];
const OTHER_DOORS = DOORS.filter((door) => !BURYING.includes(door));

const signsOut = ({ name }: Door): boolean => name.includes('sign-out');

describe('where a read of the account is answered with what stood before, or a write of it comes too late', () => {
  it.each(DOORS)('because somebody else wrote, all is done once it is read again: $name', async (door) => {
    for (const { call, caller, answer } of await overtaking(door, ({ account }) => touch(ground.storage, account))) {
      const doubts = await caller.doubtsOfSuccess(answer);
      expect({ call, done: caller.isDone(answer), doubts }).toEqual({ call, done: true, doubts: [] });
    }
  });

  it.each(DOORS)('because a sign-out was acknowledged, nothing comes back: $name', async (door) => {
    const trials = await overtaking(door, ({ app, sid }) => signOutBySid(ground.world, app, new Browser(), sid));
    for (const { call, caller, thief, answer, happened } of trials) {
      const { account, app, browser } = caller.visitor;
      const cookies = answer.setCookies.filter((line) => /^__Host-session=[^;]/.test(line));
      const sessions = countSessions(await storedAccount(ground.storage, account));
      const seen = [await readSession(app, browser), await readSession(app, thief)].map(({ status }) => status);
      expect({ call, signedOut: happened.status, cookies, sessions, seen }).toEqual({
        call,
        signedOut: 200,
        cookies: [],
        sessions: caller.elsewhere,
        seen: [401, 401],
      });
    }
  });

  it.each(OTHER_DOORS)('because another device signed in, nobody is lost but by a sign-out: $name', async (door) => {
    const trials = await overtaking(door, ({ app, person }) => signedIn(ground.world, app, person));
    for (const { call, caller, thief, answer, happened: other } of trials) {
      const { app, browser } = caller.visitor;
      const looking = signsOut(door) ? [thief] : [browser, other.browser];
      const seen = await Promise.all(looking.map((one) => readSession(app, one)));
      expect({ call, done: caller.isDone(answer), seen: seen.map(({ status }) => status) }).toEqual({
        call,
        done: true,
        seen: signsOut(door) ? [401] : [200, 200],
      });
    }
  });

  it.each(BURYING)('because another device came in, it stands by itself or is sent round: $name', async (door) => {
    const trials = await overtaking(door, async ({ app, person }) => {
      const other = await visit(ground.world, app, person);
      return { browser: other.browser, answer: await callBackAs(other) };
    });
    for (const { call, caller, thief, answer, happened: other } of trials) {
      const { app } = caller.visitor;
      const seen = [await readSession(app, thief), await readSession(app, other.browser)].map(({ status }) => status);
      const isIn = other.answer.headers.location === '/';
      expect({ call, done: caller.isDone(answer), seen }).toEqual({ call, done: true, seen: [401, isIn ? 200 : 401] });
    }
  });
});
