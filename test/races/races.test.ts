import { describe, expect, it } from '@jest/globals';
import { type Exploration, exploreAll, exploreAtRandom } from './explore.ts';
import { disturbedPairs, plainPairs, randomScenario } from './scenarios.ts';
import { storyOf } from './story.ts';
import { replacedByAnotherClock, retryOfGoneAccount } from './triples.ts';

/** How many orders of a disturbed pair are tried one after the other; where that is not all, as many again by lot. */
const ORDERS_MAX = Number(process.env.RACES_ORDERS ?? 3);
/** More than almost any pair has that nothing disturbs: those are tried to the end. */
const PLAIN_ORDERS_MAX = 2_000;
/** These have more: `npm run races` tries them at length. */
const MANY_ORDERS = ['sweep × sweep', 'refresh ahead × refresh ahead', 'front-channel in a flood × late retry'];
/** How many casts are drawn by lot, and how many orders of each. */
const CASTS = Number(process.env.RACES_CASTS ?? 100);
const ORDERS_A_CAST = 20;
const MINUTES_MAX = 120;

function expectNone(exploration: Exploration): void {
  const { violation } = exploration;
  expect(violation === null ? null : storyOf(violation.seed, violation.what, violation.story)).toBeNull();
}

describe('two at once, in every order up to swaps of independent steps', () => {
  it.each(plainPairs())(
    '$name',
    async (scenario) => {
      const exploration = await exploreAll(scenario, PLAIN_ORDERS_MAX);
      expectNone(exploration);
      expect(exploration.exhaustive).toBe(!MANY_ORDERS.includes(scenario.name));
    },
    MINUTES_MAX * 60_000,
  );
});

describe('two at once, disturbed', () => {
  it.each(disturbedPairs())(
    '$name',
    async (scenario) => {
      const exploration = await exploreAll(scenario, ORDERS_MAX);
      expectNone(exploration);
      if (!exploration.exhaustive) expectNone(await exploreAtRandom(scenario, ORDERS_MAX, 1));
    },
    MINUTES_MAX * 60_000,
  );
});

describe('three to eight at once, by lot', () => {
  it(
    'keep every guarantee',
    async () => {
      for (let seed = 1; seed <= CASTS; seed += 1) {
        expectNone(await exploreAtRandom(randomScenario(seed), ORDERS_A_CAST, seed));
      }
    },
    MINUTES_MAX * 60_000,
  );
});

describe('what the explorer has found', () => {
  it('stays mended: an own sign-out retried when its account had gone', async () => {
    expectNone(await exploreAtRandom(retryOfGoneAccount(), 2_000, 1));
  }, 120_000);

  it.each(replacedByAnotherClock())('stays mended: $name', async (scenario) => {
    const exploration = await exploreAll(scenario, 500);
    expectNone(exploration);
    expect(exploration.exhaustive).toBe(true);
  });
});
