import { goToCallback } from '../../../http/support/sign-in.ts';
import { callBackAs, type Visitor, visit } from '../visitor.ts';
import { type Counted, enter, type Setting } from './operation.ts';

/** A browser that has a session, on its way in as this person. */
async function changeAccount(setting: Setting, person: Visitor['person']): Promise<() => Promise<unknown>> {
  const { app, browser } = await enter(setting);
  const callback = await goToCallback(browser, app, person, '?prompt=select_account');
  return () => callBackAs({ browser, callback });
}

export const SIGN_INS: readonly Counted[] = [
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
