import type { Scheduler } from './run.ts';
import { independent, type Step } from './turnstile.ts';

/** One point of the order that is being tried, and what has been tried there. */
interface Branch {
  readonly choices: readonly Step[];
  /** Steps that need not be tried here: whatever comes of them came of an order already tried. */
  readonly asleep: readonly Step[];
  readonly tried: Step[];
  /** The calls that have to be tried here, each with all that can become of it. */
  readonly due: Set<string>;
  current: Step;
  /** The places of the steps before that the current one comes after in every order which differs by swaps alone. */
  before: ReadonlySet<number>;
}

const has = (steps: readonly Step[], { key }: Step): boolean => steps.some((step) => step.key === key);

/**
 * Every order, depth first, each run from the beginning; of orders that differ only by swaps of independent steps one. A
 * step is tried where another was only if the two race: neither follows from the other, and to swap them may make a
 * difference (source sets). What is left of orders that differ by swaps alone is given up on the way (sleep sets).
 *
 * @see Abdulla, Aronis, Jonsson, Sagonas, "Source Sets: A Foundation for Optimal Dynamic Partial Order Reduction" (2017), algorithm 1
 */
export class DepthFirst {
  readonly #branches: Branch[] = [];

  /** Follows the order up to where it was turned last, and from there on whatever has not been tried. */
  scheduler(): Scheduler {
    let depth = 0;
    return (choices) => {
      const place = depth;
      depth += 1;
      const known = this.#branches[place];
      if (known) return choices.find(({ key }) => key === known.current.key) ?? null;
      const parent = this.#branches[place - 1];
      const asleep = parent
        ? [...parent.asleep, ...parent.tried].filter((step) => independent(step, parent.current))
        : [];
      const current = choices.find((step) => !has(asleep, step));
      if (current === undefined) return null;
      // A crash may come at any point: a call that it cuts off never comes to race with it.
      const crashes = choices.filter(({ happens }) => happens === 'crash').map(({ call }) => call);
      const due = new Set([current.call, ...crashes]);
      this.#branches.push({ choices, asleep, tried: [], due, current, before: new Set() });
      this.#race(place);
      return current;
    };
  }

  /** Turns the last branch that has something left to try; false where none has. */
  next(): boolean {
    for (let last = this.#branches.at(-1); last; last = this.#branches.at(-1)) {
      const { choices, asleep, tried, due } = last;
      tried.push(last.current);
      const next = choices.find((step) => due.has(step.call) && !has(asleep, step) && !has(tried, step));
      if (next) {
        last.current = next;
        this.#race(this.#branches.length - 1);
        return true;
      }
      this.#branches.pop();
    }
    return false;
  }

  /** Finds the steps before with which the one at `place` races, and has the other order of each two tried. */
  #race(place: number): void {
    const branch = this.#branches[place] as Branch;
    const { current } = branch;
    const before = new Set<number>();
    branch.before = before;
    const raced: number[] = [];
    for (let earlier = place - 1; earlier >= 0; earlier -= 1) {
      if (before.has(earlier)) continue;
      const other = this.#branches[earlier] as Branch;
      // Its call was made when the other was taken: there is no other order. Where several calls had to come back first,
      // only the last of them counts. Too few such pairs mean orders tried in vain, too many would mean orders missed.
      const follows = current.born === earlier + 1;
      if (!follows && independent(other.current, current)) continue;
      before.add(earlier);
      for (const one of other.before) before.add(one);
      if (!follows) raced.push(earlier);
    }
    for (const earlier of raced) this.#reverse(earlier, place);
  }

  /** Has tried, in place of the step at `earlier`, a first step of what leads to the one at `later` without it. */
  #reverse(earlier: number, later: number): void {
    const { choices, due } = this.#branches[earlier] as Branch;
    const without: number[] = [];
    for (let place = earlier + 1; place <= later; place += 1) {
      const { before } = this.#branches[place] as Branch;
      if (place === later || !before.has(earlier)) without.push(place);
    }
    const first = without
      .filter((place) => !without.some((other) => this.#branches[place]?.before.has(other)))
      .map((place) => (this.#branches[place] as Branch).current.call);
    if (first.some((call) => due.has(call))) return;
    const possible = first.find((call) => choices.some((step) => step.call === call));
    if (possible !== undefined) due.add(possible);
    // A sleeper whom only that step wakes, say: then everything is tried.
    else for (const { call } of choices) due.add(call);
  }
}
