import type { Stage } from './stage.ts';
import type { Step } from './turnstile.ts';
import { type Scenario, World } from './world.ts';

/** Picks one of the steps that can come next; null gives this order up. */
export type Scheduler = (choices: readonly Step[]) => Step | null;

export interface Order {
  /** Which choice was taken at each step. */
  readonly path: readonly number[];
  readonly story: readonly string[];
  /** False where the scheduler gave it up, since it differs from another order only by swaps of independent steps. */
  readonly complete: boolean;
  readonly violation: string | null;
}

/** An order this long goes round in circles. */
const STEPS_MAX = 2_000;

/** Runs one order of a scenario from its beginning, and looks at everything after every step. */
export async function runOrder(scenario: Scenario, stage: Stage, scheduler: Scheduler): Promise<Order> {
  const world = new World(scenario, stage);
  const path: number[] = [];
  const story: string[] = [];
  const ended = (complete: boolean, violation: string | null): Order => ({ path, story, complete, violation });
  try {
    world.begin();
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const choices = world.turnstile.choices();
      if (choices.length === 0) {
        world.end();
        return ended(true, null);
      }
      const step = scheduler(choices);
      if (step === null) return ended(false, null);
      path.push(choices.indexOf(step));
      story.push(step.key);
      await world.turnstile.take(step);
      world.check(step);
    }
    return ended(true, `no end after ${STEPS_MAX} steps`);
  } catch (fault) {
    return ended(true, fault instanceof Error ? `${fault.message}` : String(fault));
  }
}

/** The same order again: what a seed stands for. Beyond the end of the path, whatever comes first. */
export function following(path: readonly number[]): Scheduler {
  let taken = 0;
  return (choices) => {
    const step = choices[path[taken] ?? 0];
    taken += 1;
    return step ?? null;
  };
}
