import { setTimeout as passed } from 'node:timers/promises';
import { pairwiseSub } from '../../../../local/op/users.ts';
import { Browser } from '../../../http/support/browser.ts';
import type { Answer } from '../../../http/support/wire.ts';
import type { Ground } from '../ground.ts';
import { storedAccount } from '../stored-account.ts';
import { signedIn, signOutBySid, signOutByToken, signOutOwn, type Visitor } from '../visitor.ts';
import { type Door, isOut, unless } from './door.ts';

/** The queue's function looks once a second, and its first tries are seconds apart. */
export const LOOKS_MAX = 500;
export const LOOK_MILLISECONDS = 150;

const takesSession = ({ setCookies }: Answer): boolean => setCookies.some((line) => /^__Host-session=;/.test(line));

/** Whether the queue finishes a sign-out, without anyone asking again. */
export async function finishes({ storage }: Ground, { account }: Visitor): Promise<boolean> {
  for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
    if ((await storedAccount(storage, account)) === null) return true;
    await passed(LOOK_MILLISECONDS);
  }
  return false;
}

interface Telling {
  /** Somebody signs in where it is told. */
  readonly enter?: (ground: Ground) => Promise<Visitor>;
  /** What the answer is when all of it is gone. */
  readonly done?: number;
  readonly meets?: Door['meets'];
}

/** A sign-out of which somebody else tells: the OP, one way or the other, an operator, or a transmitter. */
export const toldBy = (
  name: string,
  tell: (ground: Ground, visitor: Visitor) => Promise<Answer>,
  { enter = ({ world, app }) => signedIn(world, app), done = 200, meets = 'all' }: Telling = {},
): Door => ({
  name,
  meets,
  async approach(ground) {
    const visitor = await enter(ground);
    const { app } = visitor;
    const doubtsOfSuccess = async () =>
      unless(
        [(await storedAccount(ground.storage, visitor.account)) === null, 'acknowledged, and the account is stored'],
        await isOut(app, visitor.browser),
      );
    return {
      visitor,
      elsewhere: 0,
      marks: visitor.marks,
      act: () => tell(ground, visitor),
      isDone: ({ status }: Answer) => status === done,
      doubtsOfSuccess,
      doubtsOfRefusal: async ({ status }) => [
        ...unless([status === 503, `answered ${status}`], [await finishes(ground, visitor), 'never finished']),
        ...(await doubtsOfSuccess()),
      ],
    };
  },
});

export const frontChannel = toldBy('the front-channel sign-out', ({ world, app }, { sid }) =>
  signOutBySid(world, app, new Browser(), sid),
);
export const backChannel = toldBy('the back-channel sign-out', async ({ world, app }, { sid }) =>
  signOutByToken(app, await world.op.logoutToken(app.clientId, { sid })),
);
export const backChannelBySub = toldBy('the back-channel sign-out by sub', async ({ world, app }, { person }) =>
  signOutByToken(app, await world.op.logoutToken(app.clientId, { sub: pairwiseSub(person.oid, app.clientId) })),
);

/** @param queued whether there is a queue that finishes what storage interrupts */
const ownSignOut = (name: string, queued: boolean): Door => ({
  name,
  meets: 'all',
  async approach(ground) {
    const { world } = ground;
    const app = queued ? ground.app : ground.queueless;
    const visitor = await signedIn(world, app);
    const thief = visitor.browser.copy();
    const act = () => signOutOwn(app, visitor.browser);
    const isDone = ({ status }: Answer) => status === 303;
    const doubtsOfSuccess = async (answer: Answer) =>
      unless(
        [(await storedAccount(ground.storage, visitor.account)) === null, 'acknowledged, and the account is stored'],
        await isOut(app, thief),
        [takesSession(answer), 'acknowledged, and the cookie stays'],
      );
    const doubtsOfPromise = async (answer: Answer) => [
      ...unless(
        [takesSession(answer), 'to be finished by itself, and the cookie stays'],
        [await finishes(ground, visitor), 'never finished'],
      ),
      ...(await doubtsOfSuccess(answer)),
    ];
    const doubtsOfFailure = async ({ setCookies }: Answer) => {
      const again = await act();
      return [
        ...unless(
          [setCookies.length === 0, 'neither done nor promised, and the cookie is gone'],
          [isDone(again), `the next sign-out is answered ${again.status}`],
        ),
        ...(await doubtsOfSuccess(again)),
      ];
    };
    return {
      visitor,
      elsewhere: 0,
      marks: visitor.marks,
      act,
      isDone,
      doubtsOfSuccess,
      doubtsOfRefusal: async (answer) => [
        ...unless([answer.status === 503, `answered ${answer.status}`]),
        ...(await (queued ? doubtsOfPromise(answer) : doubtsOfFailure(answer))),
      ],
    };
  },
});

export const own = ownSignOut('the own sign-out', true);
export const ownWithoutQueue = ownSignOut('the own sign-out where there is no queue', false);
