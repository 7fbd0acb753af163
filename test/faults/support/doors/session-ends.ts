import { setTimeout as passed } from 'node:timers/promises';
import type { Answer } from '../../../http/support/wire.ts';
import { endSession, readSession, sessionIdOf, settled, signedIn } from '../visitor.ts';
import { type Door, isOut, sessionsOf, unless } from './door.ts';
import { LOOK_MILLISECONDS, LOOKS_MAX } from './sign-outs.ts';

/** One of a person's two devices ends the session of the other. */
export const sessionEnd: Door = {
  name: 'the end of another session',
  meets: 'all',
  async approach(ground) {
    const { world, app } = ground;
    const laptop = await signedIn(world, app);
    const phone = await signedIn(world, app, laptop.person);
    const id = await sessionIdOf(app, phone.browser);
    const doubtsOfSuccess = async () =>
      unless(
        [(await sessionsOf(ground, laptop)) === 1, 'acknowledged, and not one session is left'],
        await isOut(app, phone.browser),
        [(await settled(() => readSession(app, laptop.browser))) === 200, 'the session that asked is gone'],
      );
    const finishes = async (): Promise<boolean> => {
      for (let looks = 0; looks < LOOKS_MAX; looks += 1) {
        if ((await sessionsOf(ground, laptop)) === 1) return true;
        await passed(LOOK_MILLISECONDS);
      }
      return false;
    };
    return {
      visitor: laptop,
      // A sign-out of this person ends both.
      elsewhere: 0,
      marks: laptop.marks,
      act: () => endSession(app, laptop.browser, id),
      isDone: ({ status }: Answer) => status === 204,
      doubtsOfSuccess,
      doubtsOfRefusal: async ({ status }) => [
        ...unless([status === 503, `answered ${status}`], [await finishes(), 'never finished']),
        ...(await doubtsOfSuccess()),
      ],
    };
  },
};
