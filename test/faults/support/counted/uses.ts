import { send } from '../../../http/support/wire.ts';
import type { RunningApp } from '../../../http/support/world.ts';
import { age, expireTokens } from '../stored-account.ts';
import { callApi, listSessions, readSession, signedIn } from '../visitor.ts';
import { type Counted, enter } from './operation.ts';

const RENEWAL_DUE_MINUTES = 6;

const forged = (app: RunningApp, method: string, path: string): Promise<unknown> => {
  const cookie = `__Host-session=${'A'.repeat(300)}`;
  return send(`${app.origin}${path}`, { method, headers: { cookie, 'x-csrf': '1', origin: app.origin } });
};

export const USES: readonly Counted[] = [
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
