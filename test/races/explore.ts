import { seededRandom } from './random.ts';
import { following, type Order, runOrder, type Scheduler } from './run.ts';
import { setStage } from './stage.ts';
import { independent, type Step } from './turnstile.ts';
import type { Scenario } from './world.ts';

export interface Exploration {
  readonly scenario: string;
  /** Orders run to their end. */
  readonly orders: number;
  /** Whether that is all of them, up to swaps of independent steps. */
  readonly exhaustive: boolean;
  readonly violation: { readonly seed: string; readonly what: string; readonly story: readonly string[] } | null;
}

/** One point of the order that is being tried, and what has been tried there. */
interface Branch {
  readonly choices: readonly Step[];
  /** Steps that need not be tried here: whatever comes of them came of an order already tried. */
  readonly asleep: readonly Step[];
  readonly tried: Step[];
  current: Step;
}

const stageOf = ({ standing, sweeps }: Scenario) => setStage(standing, sweeps ?? false);
const has = (steps: readonly Step[], { key }: Step): boolean => steps.some((step) => step.key === key);

/**
 * Tries every order, depth first, each run from the beginning. Of orders that differ only by swaps of independent steps,
 * one is tried (sleep sets).
 *
 * @see Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems" (1996), chapter 5
 */
export async function exploreAll(scenario: Scenario, ordersMax: number): Promise<Exploration> {
  const stage = await stageOf(scenario);
  const branches: Branch[] = [];
  let orders = 0;
  while (orders < ordersMax) {
    const order = await runOrder(scenario, stage, depthFirst(branches));
    if (order.violation !== null) return found(scenario, orders + 1, order);
    if (order.complete) orders += 1;
    if (!nextBranch(branches)) return { scenario: scenario.name, orders, exhaustive: true, violation: null };
  }
  return { scenario: scenario.name, orders, exhaustive: false, violation: null };
}

function depthFirst(branches: Branch[]): Scheduler {
  let depth = 0;
  return (choices) => {
    const known = branches[depth];
    const parent = branches[depth - 1];
    depth += 1;
    if (known) return choices.find(({ key }) => key === known.current.key) ?? null;
    const asleep = parent
      ? [...parent.asleep, ...parent.tried].filter((step) => independent(step, parent.current))
      : [];
    const current = choices.find((step) => !has(asleep, step));
    if (current === undefined) return null;
    branches.push({ choices, asleep, tried: [], current });
    return current;
  };
}

/** Turns the last branch that has something left to try; false where none has. */
function nextBranch(branches: Branch[]): boolean {
  for (let last = branches.at(-1); last; last = branches.at(-1)) {
    const { choices, asleep, tried } = last;
    tried.push(last.current);
    const next = choices.find((step) => !has(asleep, step) && !has(tried, step));
    if (next) {
      last.current = next;
      return true;
    }
    branches.pop();
  }
  return false;
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
