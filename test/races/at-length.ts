/** One share of `npm run races`: `node test/races/at-length.ts <share> <shares>`; its lines are a report for the whole. */
import { type Exploration, exploreAll, exploreAtRandom } from './explore.ts';
import { disturbedMovingPairs, movingPairs } from './moving-scenarios.ts';
import { disturbedPairs, plainPairs, randomScenario } from './scenarios.ts';
import { storyOf } from './story.ts';
import { retryOfGoneAccount, triples } from './triples.ts';
import type { Scenario } from './world.ts';

const ORDERS_MAX = Number(process.env.RACES_ORDERS ?? 30_000);
const PLAIN_ORDERS_MAX = Number(process.env.RACES_PLAIN_ORDERS ?? 300_000);
const CASTS = Number(process.env.RACES_CASTS ?? 2_000);
const ORDERS_A_CAST = 20;
const [share = 0, shares = 1] = process.argv.slice(2).map(Number);

function report({ scenario, orders, exhaustive, violation }: Exploration): void {
  const extent = exhaustive ? 'all' : 'some';
  process.stdout.write(`${JSON.stringify({ scenario, orders, extent, violation: violation?.seed ?? null })}\n`);
  if (violation) process.stderr.write(`${storyOf(violation.seed, violation.what, violation.story)}\n`);
}

const ofThisShare = <T>(items: readonly T[]): T[] => items.filter((_, place) => place % shares === share);

for (const scenario of ofThisShare(plainPairs())) report(await exploreAll(scenario, PLAIN_ORDERS_MAX));
const moving = [...movingPairs(), ...disturbedMovingPairs()];
const others: Scenario[] = [...disturbedPairs(), ...triples(), retryOfGoneAccount(), ...moving];
for (const scenario of ofThisShare(others)) report(await exploreAll(scenario, ORDERS_MAX));
const seeds = Array.from({ length: CASTS }, (_, place) => place + 1);
for (const seed of ofThisShare(seeds)) report(await exploreAtRandom(randomScenario(seed), ORDERS_A_CAST, seed));
