import { DepthFirst } from './depth-first.ts';
import { seededRandom } from './random.ts';
import { following, type Order, runOrder } from './run.ts';
import { setStage } from './stage.ts';
import type { Scenario } from './world.ts';

export interface Exploration {
  readonly scenario: string;
  /** Orders run to their end. */
  readonly orders: number;
  /** Whether that is all of them, up to swaps of independent steps. */
  readonly exhaustive: boolean;
  readonly violation: { readonly seed: string; readonly what: string; readonly story: readonly string[] } | null;
}

const stageOf = ({ standing, sweeps }: Scenario) => setStage(standing, sweeps ?? false);

/** Tries every order up to swaps of independent steps, or as many as `ordersMax`. */
export async function exploreAll(scenario: Scenario, ordersMax: number): Promise<Exploration> {
  const stage = await stageOf(scenario);
  const depthFirst = new DepthFirst();
  let orders = 0;
  while (orders < ordersMax) {
    const order = await runOrder(scenario, stage, depthFirst.scheduler());
    if (order.violation !== null) return found(scenario, orders + 1, order);
    if (order.complete) orders += 1;
    if (!depthFirst.next()) return { scenario: scenario.name, orders, exhaustive: true, violation: null };
  }
  return { scenario: scenario.name, orders, exhaustive: false, violation: null };
}

/** Tries `orders` orders at random, the same ones for the same seed. Mishaps are rarer than they would be by lot. */
export async function exploreAtRandom(scenario: Scenario, orders: number, seed: number): Promise<Exploration> {
  const stage = await stageOf(scenario);
  const random = seededRandom(seed);
  const draw = <T>(items: readonly T[]): T | null => items[Math.floor(random() * items.length)] ?? null;
  for (let tried = 1; tried <= orders; tried += 1) {
    const order = await runOrder(scenario, stage, (choices) => {
      const smooth = choices.filter(({ footprint }) => !footprint.fault);
      return random() < 0.9 ? draw(smooth) : draw(choices);
    });
    if (order.violation !== null) return found(scenario, tried, order);
  }
  return { scenario: scenario.name, orders, exhaustive: false, violation: null };
}

/** A seed names the scenario and the choice at each step: it needs nothing else to be run again. */
export const seedOf = (scenario: string, path: readonly number[]): string => `${scenario}/${path.join('.')}`;

export async function replay(scenario: Scenario, seed: string): Promise<Order> {
  const path = seed
    .slice(seed.lastIndexOf('/') + 1)
    .split('.')
    .map(Number);
  return runOrder(scenario, await stageOf(scenario), following(path));
}

function found({ name }: Scenario, orders: number, { path, story, violation }: Order): Exploration {
  const seed = seedOf(name, path);
  return { scenario: name, orders, exhaustive: false, violation: { seed, what: violation ?? '', story } };
}
