import { setTimeout as passed } from 'node:timers/promises';
import { directoryFor, notificationOf, post, type WithDirectory } from '../../../http/support/directory.ts';
import type { Answer } from '../../../http/support/wire.ts';
import type { RunningApp } from '../../../http/support/world.ts';
import type { Ground } from '../ground.ts';
import { oneEach } from '../one-each.ts';
import { isAbout, signedInByOid, type Visitor } from '../visitor.ts';
import { type Door, isOut, unless } from './door.ts';
import { finishes, LOOK_MILLISECONDS, LOOKS_MAX } from './sign-outs.ts';

/** Longer than the function pauses between two calls that meet no fault. One that lasts ends at the first longer pause. */
const REST_MILLISECONDS = 3_000;

interface Told {
  readonly app: RunningApp;
  readonly directory: WithDirectory;
}

const told = oneEach(async ({ world, startApp, atEnd }): Promise<Told> => {
  const directory = await directoryFor(world);
  atEnd(() => directory.graph.close());
  const app = await startApp(directory.settings);
  await app.host.line(/"directory.subscribed"/);
  return { app, directory };
});

/** Graph tells of a deletion; the answer comes before anything is asked of the tables. */
export const directory: Door = {
  name: 'the sign-out of somebody whom the directory deleted',
  // By object id, as the operator.
  meets: 'unheard-effects',
  async approach(ground) {
    const { app, directory } = await told(ground);
    const visitor = await signedInByOid(ground.world, app);
    const before = callsAbout(ground, visitor);
    return {
      visitor,
      elsewhere: 0,
      marks: visitor.marks,
      act: () => post(app, { value: [notificationOf(directory, app, visitor.person.oid, { changeType: 'deleted' })] }),
      async atRest(soFar) {
        let [calls, restedAt] = [before, performance.now()];
        const hasRested = () => calls > before && soFar() && performance.now() > restedAt + REST_MILLISECONDS;
        for (let looks = 0; looks < LOOKS_MAX && !hasRested(); looks += 1) {
          await passed(LOOK_MILLISECONDS);
          const now = callsAbout(ground, visitor);
          if (now !== calls) [calls, restedAt] = [now, performance.now()];
        }
      },
      isDone: ({ status }: Answer) => status === 202,
      doubtsOfSuccess: async () =>
        unless([await finishes(ground, visitor), 'never finished'], await isOut(app, visitor.browser)),
      doubtsOfRefusal: async ({ status }) => [`answered ${status}`],
    };
  },
};

const callsAbout = ({ proxy }: Ground, visitor: Visitor): number =>
  proxy.requests.filter((request) => isAbout(request, visitor)).length;
