import { randomUUID } from 'node:crypto';
import { Browser } from '../../http/support/browser.ts';
import { goToCallback } from '../../http/support/sign-in.ts';
import { send } from '../../http/support/wire.ts';
import type { RunningApp } from '../../http/support/world.ts';
import type { Ground } from './ground.ts';
import { age, expireTokens } from './stored-account.ts';
import {
  callApi,
  callBackAs,
  endSession,
  listSessions,
  readSession,
  sessionIdOf,
  signedIn,
  signOutBySid,
  signOutOwn,
  type Visitor,
  visit,
} from './visitor.ts';

const RENEWAL_DUE_MINUTES = 6;

/** Where an operation is counted: in which application, and on how many devices people are signed in there. */
export interface Setting {
  readonly ground: Ground;
  readonly app: RunningApp;
  readonly devices: number;
}

export interface Counted {
  readonly name: string;
  /** Round trips to storage of which each waits for the one before. */
  readonly rounds: number;
  /** All requests to storage. */
  readonly calls: number;
  /** Everything up to the operation; what it returns is the operation. */
  prepare(setting: Setting): Promise<() => Promise<unknown>>;
}

/** Somebody who is signed in and whose access token this instance remembers. */
async function enter({ ground: { world }, app, devices }: Setting): Promise<Visitor> {
  let visitor = await signedIn(world, app);
  for (let more = 1; more < devices; more += 1) visitor = await signedIn(world, app, visitor.person);
  await callApi(app, visitor.browser);
  return visitor;
}

const forged = (app: RunningApp, method: string, path: string): Promise<unknown> => {
  const cookie = `__Host-session=${'A'.repeat(300)}`;
  return send(`${app.origin}${path}`, { method, headers: { cookie, 'x-csrf': '1', origin: app.origin } });
};

const USES: readonly Counted[] = [
  {
    name: 'API call',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      return () => callApi(app, browser);
    },
  },
  {
    name: 'API call that renews the session',
    rounds: 2,
    calls: 2,
    async prepare(setting) {
      const visitor = await enter(setting);
      await age(setting.ground, visitor, RENEWAL_DUE_MINUTES);
      return () => callApi(visitor.app, visitor.browser);
    },
  },
  {
    name: 'API call after one that renewed the session',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const visitor = await enter(setting);
      await age(setting.ground, visitor, RENEWAL_DUE_MINUTES);
      await callApi(visitor.app, visitor.browser);
      return () => callApi(visitor.app, visitor.browser);
    },
  },
  {
    name: 'API call whose token this instance does not remember',
    rounds: 2,
    calls: 2,
    async prepare(setting) {
      const { person } = await enter(setting);
      const { app, browser } = await signedIn(setting.ground.world, setting.app, person);
      return () => callApi(app, browser);
    },
  },
  {
    name: 'API call that refreshes',
    rounds: 4,
    calls: 4,
    async prepare(setting) {
      const { person } = await enter(setting);
      const visitor = await signedIn(setting.ground.world, setting.app, person);
      await expireTokens(setting.ground, visitor);
      return () => callApi(visitor.app, visitor.browser);
    },
  },
  {
    name: '/auth/session',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      return () => readSession(app, browser);
    },
  },
  {
    name: '/auth/sessions',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      return () => listSessions(app, browser);
    },
  },
  {
    name: 'forged cookie',
    rounds: 0,
    calls: 0,
    async prepare({ app }) {
      const requests = [
        ['GET', '/api/graph/me'],
        ['GET', '/auth/session'],
        ['GET', '/auth/sessions'],
        ['DELETE', `/auth/sessions/${'0'.repeat(32)}`],
        ['POST', '/auth/signout'],
      ] as const;
      return () => Promise.all(requests.map(([method, path]) => forged(app, method, path)));
    },
  },
];

/** A browser that has a session, on its way in as this person. */
async function changeAccount(setting: Setting, person: Visitor['person']): Promise<() => Promise<unknown>> {
  const { app, browser } = await enter(setting);
  const callback = await goToCallback(browser, app, person, '?prompt=select_account');
  return () => callBackAs({ browser, callback });
}

const SIGN_INS: readonly Counted[] = [
  {
    name: 'sign-in of a new account',
    rounds: 5,
    calls: 10,
    async prepare({ ground, app }) {
      const visitor = await visit(ground.world, app);
      return () => callBackAs(visitor);
    },
  },
  {
    name: 'sign-in of a known account',
    rounds: 4,
    calls: 9,
    async prepare(setting) {
      const { person } = await enter(setting);
      const visitor = await visit(setting.ground.world, setting.app, person);
      return () => callBackAs(visitor);
    },
  },
  {
    name: 'sign-in over a session of the same account',
    rounds: 4,
    calls: 9,
    async prepare(setting) {
      const { app, browser, person } = await enter(setting);
      const callback = await goToCallback(browser, app, person);
      return () => callBackAs({ browser, callback });
    },
  },
  {
    name: 'sign-in of a new account over a session of another',
    rounds: 5,
    calls: 12,
    prepare: (setting) => changeAccount(setting, setting.ground.world.newPerson()),
  },
  {
    name: 'sign-in of a known account over a session of another',
    rounds: 4,
    calls: 11,
    prepare: async (setting) => changeAccount(setting, (await enter(setting)).person),
  },
  {
    name: 'callback that comes a second time',
    rounds: 2,
    calls: 2,
    async prepare(setting) {
      const visitor = await visit(setting.ground.world, setting.app);
      const again = visitor.browser.copy();
      await callBackAs(visitor);
      return () => callBackAs({ ...visitor, browser: again });
    },
  },
];

const SIGN_OUTS: readonly Counted[] = [
  {
    name: 'sign-out by sid',
    rounds: 4,
    calls: 6,
    async prepare(setting) {
      const { app, sid } = await enter(setting);
      return () => signOutBySid(setting.ground.world, app, new Browser(), sid);
    },
  },
  {
    name: 'sign-out by an unknown sid',
    rounds: 2,
    calls: 4,
    prepare:
      async ({ ground, app }) =>
      () =>
        signOutBySid(ground.world, app, new Browser(), randomUUID()),
  },
  {
    name: 'own sign-out',
    rounds: 3,
    calls: 5,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      return () => signOutOwn(app, browser);
    },
  },
  {
    name: 'own sign-out with a dead cookie',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      const dead = browser.copy();
      await signOutOwn(app, browser);
      return () => signOutOwn(app, dead);
    },
  },
];

/** Two devices of one person: the first ends the session of the second. */
async function enterTwice(setting: Setting) {
  const { app, browser, person } = await enter(setting);
  const other = await signedIn(setting.ground.world, app, person);
  const id = await sessionIdOf(app, other.browser);
  return { end: () => endSession(app, browser, id), app, browser };
}

const SESSION_ENDS: readonly Counted[] = [
  {
    name: 'end of another session',
    rounds: 3,
    calls: 3,
    prepare: async (setting) => (await enterTwice(setting)).end,
  },
  {
    name: 'end of a session that has ended',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { end } = await enterTwice(setting);
      await end();
      return end;
    },
  },
  {
    name: 'end of a session that is none of the account',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      const stranger = await signedIn(setting.ground.world, app);
      const id = await sessionIdOf(app, stranger.browser);
      return () => endSession(app, browser, id);
    },
  },
  {
    name: 'end of what is no session id',
    rounds: 1,
    calls: 1,
    async prepare(setting) {
      const { app, browser } = await enter(setting);
      return () => endSession(app, browser, 'x');
    },
  },
];

/** What the application does, and what of storage it takes. */
export const COUNTED: readonly Counted[] = [...USES, ...SIGN_INS, ...SIGN_OUTS, ...SESSION_ENDS];
