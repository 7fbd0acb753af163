import type { Answer } from '../../../http/support/wire.ts';
import type { Ground } from '../ground.ts';
import { age, expireTokens } from '../stored-account.ts';
import { callApi, readSession, signedIn, type Visitor } from '../visitor.ts';
import { type Caller, type Door, sessionsOf, unless } from './door.ts';

const RENEWAL_DUE_MINUTES = 6;

/** A call that only uses a session: it is answered 200, or 503, and the session stands. */
function using(ground: Ground, visitor: Visitor, act: () => Promise<Answer>): Caller {
  const isDone = ({ status }: Answer) => status === 200;
  const doubtsOfSuccess = async () => {
    const next = await act();
    return unless(
      [(await sessionsOf(ground, visitor)) === 1, 'the session is gone'],
      [isDone(next), `the next call is answered ${next.status}`],
    );
  };
  return {
    visitor,
    elsewhere: 0,
    marks: visitor.marks,
    act,
    isDone,
    doubtsOfSuccess,
    doubtsOfRefusal: async ({ status }) => [
      ...unless([status === 503, `answered ${status}`]),
      ...(await doubtsOfSuccess()),
    ],
  };
}

export const refresh: Door = {
  name: 'a refresh',
  meets: 'all',
  async approach(ground) {
    const visitor = await signedIn(ground.world, ground.app);
    await expireTokens(ground, visitor);
    return using(ground, visitor, () => callApi(ground.app, visitor.browser));
  },
};

export const api: Door = {
  name: 'an API call',
  meets: 'all',
  async approach(ground) {
    const visitor = await signedIn(ground.world, ground.app);
    await callApi(ground.app, visitor.browser);
    return using(ground, visitor, () => callApi(ground.app, visitor.browser));
  },
};

export const renewal: Door = {
  name: 'an API call that renews the session',
  meets: 'all',
  async approach(ground) {
    const visitor = await signedIn(ground.world, ground.app);
    await callApi(ground.app, visitor.browser);
    await age(ground, visitor, RENEWAL_DUE_MINUTES);
    return using(ground, visitor, () => callApi(ground.app, visitor.browser));
  },
};

export const session: Door = {
  name: '/auth/session',
  meets: 'all',
  async approach(ground) {
    const visitor = await signedIn(ground.world, ground.app);
    return using(ground, visitor, () => readSession(ground.app, visitor.browser));
  },
};
