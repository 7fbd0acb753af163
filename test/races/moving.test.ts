import { describe, expect, it } from '@jest/globals';
import { type Exploration, exploreAll, exploreAtRandom, replay } from './explore.ts';
import { disturbedMovingPairs, MOVING_BUGS, movingPairs } from './moving-scenarios.ts';
import { storyOf } from './story.ts';

/** How many orders of a pair are tried one after the other, or by lot; `npm run races` tries them all, or 30,000. */
const ORDERS_MAX = Number(process.env.RACES_MOVING_ORDERS ?? 5);
const PLANTED_ORDERS_MAX = 5_000;
const MINUTES_MAX = 120;

function expectNone({ violation }: Exploration): void {
  expect(violation === null ? null : storyOf(violation.seed, violation.what, violation.story)).toBeNull();
}

describe('two at once, while the application moves from one storage account to another', () => {
  it.each(movingPairs('crossing'))(
    '$name',
    async (scenario) => expectNone(await exploreAll(scenario, ORDERS_MAX)),
    MINUTES_MAX * 60_000,
  );

  it(
    'and one more thing goes wrong',
    async () => {
      for (const [at, scenario] of disturbedMovingPairs('crossing').entries()) {
        expectNone(await exploreAtRandom(scenario, Math.ceil(ORDERS_MAX / 5), at));
      }
    },
    MINUTES_MAX * 60_000,
  );
});

describe('a planted bug of a move is caught', () => {
  it.each(MOVING_BUGS)(
    '$bug',
    async ({ scenario }) => {
      const { violation } = await exploreAll(scenario, PLANTED_ORDERS_MAX);
      expect(violation).not.toBeNull();
      const again = await replay(scenario, violation?.seed ?? '');
      expect([again.violation, again.story]).toEqual([violation?.what, violation?.story]);
    },
    60_000,
  );
});
