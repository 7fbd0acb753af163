import { Browser } from '../../../http/support/browser.ts';
import type { Answer } from '../../../http/support/wire.ts';
import { storedAccount } from '../stored-account.ts';
import { readSession, signedIn, signOutBySid, signOutOwn } from '../visitor.ts';
import { type Door, unless } from './door.ts';

const takesSession = ({ setCookies }: Answer): boolean => setCookies.some((line) => /^__Host-session=;/.test(line));

export const frontChannel: Door = {
  name: 'the front-channel sign-out',
  meets: 'all',
  async approach(ground) {
    const { world, app } = ground;
    const visitor = await signedIn(world, app);
    const act = () => signOutBySid(world, app, new Browser(), visitor.sid);
    const isDone = ({ status }: Answer) => status === 200;
    const doubtsOfSuccess = async () =>
      unless(
        [(await storedAccount(ground.storage, visitor.account)) === null, 'acknowledged, and the account is stored'],
        [(await readSession(app, visitor.browser)).status === 401, 'acknowledged, and the session works'],
      );
    return {
      visitor,
      elsewhere: 0,
      marks: visitor.marks,
      act,
      isDone,
      doubtsOfSuccess,
      doubtsOfRefusal: async ({ status }) => [
        ...unless([status === 503, `answered ${status}`], [isDone(await act()), 'the next sign-out fails']),
        ...(await doubtsOfSuccess()),
      ],
    };
  },
};

export const own: Door = {
  name: 'the own sign-out',
  meets: 'all',
  async approach(ground) {
    const { world, app } = ground;
    const visitor = await signedIn(world, app);
    const thief = visitor.browser.copy();
    const act = () => signOutOwn(app, visitor.browser);
    const isDone = ({ status }: Answer) => status === 303;
    const doubtsOfSuccess = async (answer: Answer) =>
      unless(
        [(await storedAccount(ground.storage, visitor.account)) === null, 'acknowledged, and the account is stored'],
        [(await readSession(app, thief)).status === 401, 'acknowledged, and the session works'],
        [takesSession(answer), 'acknowledged, and the cookie stays'],
      );
    return {
      visitor,
      elsewhere: 0,
      marks: visitor.marks,
      act,
      isDone,
      doubtsOfSuccess,
      async doubtsOfRefusal({ status, setCookies }) {
        const again = await act();
        return [
          ...unless(
            [status === 503, `answered ${status}`],
            [setCookies.length === 0, 'not acknowledged, and the cookie is gone'],
            [isDone(again), `the next sign-out is answered ${again.status}`],
          ),
          ...(await doubtsOfSuccess(again)),
        ];
      },
    };
  },
};
