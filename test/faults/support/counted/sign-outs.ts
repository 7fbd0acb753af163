import { randomUUID } from 'node:crypto';
import { Browser } from '../../../http/support/browser.ts';
import { finish, goToCallback } from '../../../http/support/sign-in.ts';
import { addSessions } from '../stored-account.ts';
import { signedIn, signOutBySid, signOutOwn, type Visitor } from '../visitor.ts';
import { type Counted, enter, type Setting } from './operation.ts';

/**
 * Somebody whose OP session was signed out a moment ago, and who has come in by it again: the tombstone stands, and their
 * other devices are signed in.
 */
async function enterAfter(setting: Setting, signOut: (visitor: Visitor) => Promise<unknown>): Promise<Visitor> {
  const { app, devices, ground } = setting;
  const visitor = await signedIn(ground.world, app);
  const { browser, person } = visitor;
  await signOut(visitor);
  // So soon after a sign-out the clocks leave it in doubt which was first: the browser goes round once more.
  const answer = await finish(browser, app, person, await goToCallback(browser, app, person));
  if (answer.headers.location !== '/') throw new Error(`not signed in again: ${answer.status}`);
  if (devices > 1) await addSessions(ground, visitor, devices - 1);
  return visitor;
}

export const SIGN_OUTS: readonly Counted[] = [
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
    name: 'sign-out by a sid that was signed out a moment ago',
    rounds: 5,
    calls: 7,
    async prepare(setting) {
      const { world } = setting.ground;
      const signOut = ({ app, sid }: Visitor) => signOutBySid(world, app, new Browser(), sid);
      const visitor = await enterAfter(setting, signOut);
      return () => signOut(visitor);
    },
  },
  {
    name: 'own sign-out of an OP session that was signed out a moment ago',
    rounds: 4,
    calls: 6,
    async prepare(setting) {
      const signOut = ({ app, browser }: Visitor) => signOutOwn(app, browser);
      const visitor = await enterAfter(setting, signOut);
      return () => signOut(visitor);
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
