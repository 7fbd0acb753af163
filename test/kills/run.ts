import { setTimeout as passed } from 'node:timers/promises';
import { seededRandom } from '../races/random.ts';
import type { Stage } from './cast.ts';
import { enter, insist } from './insist.ts';
import { type Part, PREPARATIONS, type StormKind } from './storms.ts';

const PEOPLE = 8;
/** Access tokens of one second have ended by then, however MSAL rounds. */
const TOKENS_ENDED_MILLISECONDS = 1_600;
/** About how many calls and answers an instance has in a storm; a kill falls on one of them. */
const MOMENTS_MAX: Readonly<Record<StormKind, number>> = { 'sign-out': 90, 'sign-in': 130, refresh: 60 };
const AFTER_MOMENT_MILLISECONDS_MAX = 6;

/** One storm with its kills, which goes on in `settled` until everybody has got what they wanted. */
export interface Storm {
  readonly settled: Promise<void>;
}

/**
 * Lets a storm loose and kills one or two instances in it. Everything that is drawn follows from the seed; which call the
 * kill meets, the machine decides.
 *
 * @param failed called with what went wrong, whoever it happened to
 */
export async function runStorm(
  stage: Stage,
  kind: StormKind,
  seed: number,
  failed: (what: string) => void,
): Promise<Storm> {
  const { fleet, witness } = stage;
  const lot = seededRandom(seed);
  const own = Array.from({ length: PEOPLE }, () => seededRandom(Math.floor(lot() * 2 ** 32)));
  const first = Math.floor(lot() * fleet.size);
  const victims = lot() < 0.4 ? [first, (first + 1) % fleet.size] : [first];
  const points = victims.map(() => ({
    moment: 1 + Math.floor(lot() * MOMENTS_MAX[kind]),
    later: lot() < 0.5 ? 0 : lot() * AFTER_MOMENT_MILLISECONDS_MAX,
  }));
  const parts = await Promise.all(own.map((lot) => PREPARATIONS[kind](stage, lot)));
  if (kind === 'refresh') await passed(TOKENS_ENDED_MILLISECONDS);

  fleet.startCounting();
  const reached = victims.map((place, at) => fleet.moment(place, points[at]?.moment ?? 1));
  const done = parts.map((part) => play(part).catch((error: Error) => failed(error.message)));
  const calm = Promise.all(done);
  const settled = Promise.all(parts.map((part, at) => done[at]?.then(() => goOn(stage, part))));
  // Handled now: by the time somebody waits for it, it may long have failed.
  const told = settled.then(
    () => {},
    (error: Error) => failed(error.message),
  );
  await Promise.all(
    victims.map(async (place, at) => {
      await Promise.race([reached[at], calm]);
      const later = points[at]?.later ?? 0;
      if (later > 0) await passed(later);
      const killed = fleet.kill(place);
      await witness.lookAtAll('right after a kill');
      await killed;
    }),
  );
  await witness.lookAtAll('after a restart');
  return { settled: told };
}

async function play({ errands }: Part): Promise<void> {
  await Promise.all(
    errands.map(async ({ afterMilliseconds, run }) => {
      await passed(afterMilliseconds);
      await run();
    }),
  );
}

/** Nobody is stuck: everybody can sign in again, use it, and sign out again, after which nothing of them is left. */
async function goOn({ world, fleet, witness, redemptions }: Stage, { member }: Part): Promise<void> {
  const { app } = world;
  const { person } = member;
  const browser = member.browsers[0]?.copy() ?? fleet.browser();
  await witness.lookAt(person, 'when all is answered');
  const call = (caller = browser) => caller.fetch(`${app.origin}/api/odd/items/1`, { headers: { 'x-csrf': '1' } });
  await insist(
    'a new beginning',
    async () => {
      await enter(browser, app, person);
      return insist('an API call', call, ({ status }) => status === 200 || redemptions.holderKilled(person.oid));
    },
    ({ status }) => status === 200,
  );
  await insist(
    'a last sign-out',
    () => browser.submit(`${app.origin}/auth/signout`, {}, app.origin),
    ({ status }) => status === 303,
  );
  if ((await witness.lookAt(person, 'at the end')) !== null) throw new Error('a row is left after the last sign-out');
  for (const old of [browser, ...member.browsers]) {
    await insist(
      'a call with an old cookie',
      () => call(old),
      ({ status }) => status === 401,
    );
  }
}
