import type { Clock } from './clock.ts';
import { conflict, type Footprint } from './footprint.ts';

/** What becomes of a call. `retried`: the SDK sends it twice, and the answer is that of the second. */
export type Verdict = 'done' | 'not done' | 'answer lost' | 'retried';

/** What the scheduler can let happen next. The same step has the same key in every order that it can be part of. */
export interface Step {
  readonly key: string;
  readonly actor: string;
  readonly call: string;
  readonly happens: Verdict | 'crash';
  readonly footprint: Footprint;
  /** How many steps had been taken when its call was made. */
  readonly born: number;
}

interface Waiting {
  readonly actor: string;
  readonly key: string;
  readonly footprint: Footprint;
  /** What may become of it: done, and where storage may fail, the failures. */
  readonly done: Step;
  readonly failures: readonly Step[];
  /** For a sleeper: when it would wake, and how much of the others' doings it has slept through. */
  readonly wakesAt?: number;
  readonly asleepSince?: number;
  readonly pass: (verdict: Verdict) => void;
}

/** What may go wrong in one order, all told. */
export interface Mishaps {
  faults: number;
  crashes: number;
}

const FAULTS = ['not done', 'answer lost', 'retried'] as const;
/** Where nobody else has anything to do, a sleeper sleeps longer than any lease lasts. */
const OVERSLEEP_MILLISECONDS = 18_000;

/** All that follows from what was let through has happened, up to where everybody waits again. */
const comesToRest = (): Promise<void> => new Promise((rested) => setImmediate(rested));

/** Whether two steps may be swapped without a difference. */
export function independent(a: Step, b: Step): boolean {
  if (a.actor === b.actor && (a.happens === 'crash' || b.happens === 'crash' || a.call === b.call)) return false;
  return !conflict(a.footprint, b.footprint);
}

/**
 * All calls of all operations wait here, until the scheduler lets one through; then all that follows from it happens,
 * up to where everybody waits again.
 */
export class Turnstile {
  readonly #clock: Clock;
  readonly #left: Mishaps;
  readonly #counts = new Map<string, number>();
  #waiting: Waiting[] = [];
  readonly #changes = new Map<string, number>();
  readonly #setOut = new Map<string, number>();
  #changed = 0;
  #taken = 0;

  constructor(clock: Clock, mishaps: Mishaps) {
    this.#clock = clock;
    this.#left = { ...mishaps };
  }

  /** A yield point. */
  pass(actor: string, call: string, footprint: Footprint, fallible = false): Promise<Verdict> {
    return this.#wait(actor, call, footprint, fallible);
  }

  async sleep(actor: string, milliseconds: number): Promise<void> {
    const wakesAt = this.#clock.elapsed() + milliseconds;
    const asleepSince = this.#changedByOthers(actor);
    await this.#wait(actor, 'sleeps', { clock: true }, false, { wakesAt, asleepSince });
  }

  /** Who sleeps is woken when somebody else has changed something meanwhile: else it would only find what it found before. */
  choices(): Step[] {
    const awake = this.#waiting.filter(
      ({ actor, asleepSince }) => asleepSince === undefined || this.#changedByOthers(actor) > asleepSince,
    );
    const choices: Step[] = [];
    for (const { done, failures } of awake.length > 0 ? awake : this.#waiting) {
      choices.push(done);
      if (this.#left.faults > 0) choices.push(...failures);
    }
    if (this.#left.crashes > 0) choices.push(...this.#crashes());
    return choices;
  }

  async take(step: Step): Promise<void> {
    this.#taken += 1;
    if (!this.#setOut.has(step.actor)) this.#setOut.set(step.actor, this.#taken);
    if (step.happens === 'crash') {
      this.#left.crashes -= 1;
      this.#waiting = this.#waiting.filter(({ actor }) => actor !== step.actor);
      return;
    }
    const chosen = this.#waiting.find(({ key }) => key === step.call);
    if (chosen === undefined) throw new Error(`no such call waits: ${step.key}`);
    if (step.happens !== 'done') this.#left.faults -= 1;
    if (chosen.wakesAt !== undefined) {
      const alone = this.#waiting.every(({ asleepSince }) => asleepSince !== undefined);
      this.#clock.reach(chosen.wakesAt + (alone ? OVERSLEEP_MILLISECONDS : 0));
    }
    if (chosen.footprint.access?.writes) {
      this.#changed += 1;
      this.#changes.set(step.actor, (this.#changes.get(step.actor) ?? 0) + 1);
    }
    this.#waiting = this.#waiting.filter((waiting) => waiting !== chosen);
    chosen.pass(step.happens);
    await comesToRest();
  }

  #wait(
    actor: string,
    call: string,
    footprint: Footprint,
    fallible: boolean,
    sleeper?: { readonly wakesAt: number; readonly asleepSince: number },
  ): Promise<Verdict> {
    const name = `${actor}: ${call}`;
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const key = count === 1 ? name : `${name} (${count})`;
    const done: Step = { key, actor, call: key, happens: 'done', footprint, born: this.#taken };
    const failures = fallible ? failuresOf(done) : [];
    return new Promise((pass) => {
      // Calls that one operation sends at once arrive in an order that depends on the others; their names do not.
      const after = this.#waiting.findIndex((other) => other.key > key);
      const place = after === -1 ? this.#waiting.length : after;
      this.#waiting.splice(place, 0, { actor, key, footprint, done, failures, ...sleeper, pass });
    });
  }

  /** An operation can stop for good wherever it waits, once it has set out. */
  #crashes(): Step[] {
    const actors = new Set(this.#waiting.map(({ actor }) => actor));
    return [...actors].flatMap((actor) => {
      const born = this.#setOut.get(actor);
      if (born === undefined) return [];
      const key = `${actor}: crashes`;
      return [{ key, actor, call: key, happens: 'crash', footprint: { fault: true }, born } as const];
    });
  }

  #changedByOthers(actor: string): number {
    return this.#changed - (this.#changes.get(actor) ?? 0);
  }
}

function failuresOf(done: Step): Step[] {
  const footprint = { ...done.footprint, fault: true } as const;
  return FAULTS.filter((fault) => footprint.access?.writes || fault === 'not done').map((happens) => {
    return { ...done, key: `${done.key} — ${happens}`, happens, footprint };
  });
}
