import { endSession, sessionIdOf, signedIn } from '../visitor.ts';
import { type Counted, enter, type Setting } from './operation.ts';

/** Two devices of one person: the first ends the session of the second. */
async function enterTwice(setting: Setting) {
  const { app, browser, person } = await enter(setting);
  const other = await signedIn(setting.ground.world, app, person);
  const id = await sessionIdOf(app, other.browser);
  return { end: () => endSession(app, browser, id), app, browser };
}

export const SESSION_ENDS: readonly Counted[] = [
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
