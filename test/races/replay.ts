/** Runs one order again and tells it: `node test/races/replay.ts '<seed>'`, the seed as a failure printed it. */
import { replay } from './explore.ts';
import { disturbedMovingPairs, MOVING_BUGS, movingPairs } from './moving-scenarios.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { disturbedPairs, plainPairs, randomScenario } from './scenarios.ts';
import { storyOf } from './story.ts';
import { retryOfGoneAccount, triples } from './triples.ts';
import type { Scenario } from './world.ts';

function scenarioOf(seed: string): Scenario | undefined {
  const name = seed.slice(0, seed.lastIndexOf('/'));
  const [, lot] = /^random (\d+)$/.exec(name) ?? [];
  if (lot !== undefined) return randomScenario(Number(lot));
  const planted = [...PLANTED_BUGS, ...MOVING_BUGS].map(({ scenario }) => scenario);
  const moving = [...movingPairs(), ...disturbedMovingPairs()];
  return [...plainPairs(), ...disturbedPairs(), ...triples(), retryOfGoneAccount(), ...moving, ...planted].find(
    (each) => each.name === name,
  );
}

const seed = process.argv[2] ?? '';
const scenario = scenarioOf(seed);
if (scenario === undefined) {
  console.error('no such scenario; a seed is its name, a slash, and the choice at each step');
  process.exitCode = 2;
} else {
  const { violation, story } = await replay(scenario, seed);
  console.log(storyOf(seed, violation ?? 'no violation', story));
  process.exitCode = violation === null ? 0 : 1;
}
