import { Browser } from '../../../http/support/browser.ts';
import { goToCallback } from '../../../http/support/sign-in.ts';
import type { Answer } from '../../../http/support/wire.ts';
import type { Ground } from '../ground.ts';
import { storedAccount } from '../stored-account.ts';
import { callApi, callBackAs, namesOf, readSession, settled, signedIn, type Visitor, visit } from '../visitor.ts';
import { type Caller, type Door, isOut, sessionsOf, unless } from './door.ts';

const setsSession = ({ setCookies }: Answer): boolean => setCookies.some((line) => /^__Host-session=[^;]/.test(line));
/** A callback, and what must be so when its cookie is out; `sessions` is how many the account has then. */
function arriving(
  ground: Ground,
  visitor: Visitor,
  sessions: number,
  besides: () => Promise<readonly string[]> = async () => [],
): Caller {
  const { app, world } = ground;
  const doubtsOfSuccess = async () => {
    const stored = await sessionsOf(ground, visitor);
    return [
      ...unless(
        [stored === sessions, `a cookie is out, and ${stored} sessions are stored, not ${sessions}`],
        [(await settled(() => readSession(app, visitor.browser))) === 200, 'a cookie is out that opens no session'],
        [(await settled(() => callApi(app, visitor.browser))) === 200, 'a cookie is out that has no tokens'],
      ),
      ...(await besides()),
    ];
  };
  return {
    visitor,
    elsewhere: sessions - 1,
    marks: visitor.marks,
    act: () => callBackAs(visitor),
    isDone: (answer) => answer.status === 303 && setsSession(answer),
    doubtsOfSuccess,
    async doubtsOfRefusal(answer) {
      await sessionsOf(ground, visitor);
      const refused = unless(
        [answer.status === 503, `answered ${answer.status}`],
        [!setsSession(answer), 'refused, and a cookie is out'],
      );
      const { person } = visitor;
      const browser = new Browser();
      const callback = await goToCallback(browser, app, person);
      const next = await callBackAs({
        ...visitor,
        browser,
        callback,
        ...namesOf(world, app, { ...visitor, callback }),
      });
      return [...refused, ...unless([setsSession(next), `the next sign-in is answered ${next.status}`])];
    },
  };
}

export const newcomer: Door = {
  name: 'the callback of a new account',
  meets: 'all',
  approach: async (ground) => arriving(ground, await visit(ground.world, ground.app), 1),
};

export const secondDevice: Door = {
  name: 'the callback of an account with a session on another device',
  meets: 'unheard-effects',
  async approach(ground) {
    const { world, app } = ground;
    const first = await signedIn(world, app);
    return arriving(ground, await visit(world, app, first.person), 2, async () =>
      unless([
        (await settled(() => readSession(app, first.browser))) === 200,
        'the session on the other device is gone',
      ]),
    );
  },
};

export const sameBrowser: Door = {
  name: 'the callback of a browser that has a session of the account',
  meets: 'unheard-effects',
  async approach(ground) {
    const { world, app } = ground;
    const first = await signedIn(world, app);
    const thief = first.browser.copy();
    const callback = await goToCallback(first.browser, app, first.person);
    const visitor = { ...first, callback, ...namesOf(world, app, { ...first, callback }) };
    return arriving(ground, visitor, 1, async () => unless(await isOut(app, thief)));
  },
};

export const otherAccount: Door = {
  name: 'the callback of a browser that has a session of another account',
  meets: 'unheard-effects',
  async approach(ground) {
    const { world, app } = ground;
    const first = await signedIn(world, app);
    const thief = first.browser.copy();
    const person = world.newPerson();
    const callback = await goToCallback(first.browser, app, person, '?prompt=select_account');
    const sid = new URL(callback).searchParams.get('session_state') ?? '';
    const visitor = { ...first, person, callback, sid, ...namesOf(world, app, { person, sid, callback }) };
    const caller = arriving(ground, visitor, 1, async () =>
      unless(
        [(await storedAccount(ground.storage, first.account)) === null, 'the other account is stored still'],
        await isOut(app, thief),
      ),
    );
    return { ...caller, marks: [...visitor.marks, ...first.partitions] };
  },
};
