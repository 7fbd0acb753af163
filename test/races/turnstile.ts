import { setImmediate as comeToRest } from 'node:timers/promises';
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
}

interface Waiting {
  readonly actor: string;
  readonly call: string;
  readonly key: string;
  readonly footprint: Footprint;
  /** Whether storage may fail here. */
  readonly fallible: boolean;
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
  readonly #crashed = new Set<string>();
  #waiting: Waiting[] = [];
  readonly #changes = new Map<string, number>();
  readonly #setOut = new Set<string>();
  #changed = 0;

  constructor(clock: Clock, mishaps: Mishaps) {
    this.#clock = clock;
    this.#left = { ...mishaps };
  }

  /** A yield point. */
  pass(actor: string, call: string, footprint: Footprint, fallible = false): Promise<Verdict> {
    return this.#wait(actor, call, footprint, { fallible });
  }

  async sleep(actor: string, milliseconds: number): Promise<void> {
    const wakesAt = this.#clock.elapsed() + milliseconds;
    const asleepSince = this.#changedByOthers(actor);
    await this.#wait(actor, 'sleeps', { clock: true }, { fallible: false, wakesAt, asleepSince });
  }

  hasCrashed(actor: string): boolean {
    return this.#crashed.has(actor);
  }

  /** Who sleeps is woken when somebody else has changed something meanwhile: else it would only find what it found before. */
  choices(): Step[] {
    const awake = this.#waiting.filter(
      ({ actor, asleepSince }) => asleepSince === undefined || this.#changedByOthers(actor) > asleepSince,
    );
    const ready = awake.length > 0 ? awake : this.#waiting;
    return [...ready.flatMap((waiting) => this.#outcomesOf(waiting)), ...this.#crashes()];
  }

  async take(step: Step): Promise<void> {
    this.#setOut.add(step.actor);
    if (step.happens === 'crash') {
      this.#left.crashes -= 1;
      this.#crashed.add(step.actor);
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
    await comeToRest();
  }

  #wait(
    actor: string,
    call: string,
    footprint: Footprint,
    more: Pick<Waiting, 'fallible' | 'wakesAt' | 'asleepSince'>,
  ): Promise<Verdict> {
    const count = (this.#counts.get(`${actor}: ${call}`) ?? 0) + 1;
    this.#counts.set(`${actor}: ${call}`, count);
    const key = count === 1 ? `${actor}: ${call}` : `${actor}: ${call} (${count})`;
    return new Promise((pass) => {
      this.#waiting.push({ actor, call, key, footprint, ...more, pass });
      // Calls that one operation sends at once arrive in an order that depends on the others; their names do not.
      this.#waiting.sort((a, b) => (a.key < b.key ? -1 : 1));
    });
  }

  #outcomesOf({ actor, key, footprint, fallible }: Waiting): Step[] {
    const done: Step = { key, actor, call: key, happens: 'done', footprint };
    if (!fallible || this.#left.faults === 0) return [done];
    const faults = FAULTS.filter((fault) => footprint.access?.writes || fault === 'not done');
    return [
      done,
      ...faults.map(
        (happens): Step => ({ ...done, key: `${key} — ${happens}`, happens, footprint: { ...footprint, fault: true } }),
      ),
    ];
  }

  /** An operation can stop for good wherever it waits, once it has set out. */
  #crashes(): Step[] {
    if (this.#left.crashes === 0) return [];
    const actors = new Set(this.#waiting.map(({ actor }) => actor));
    return [...actors]
      .filter((actor) => this.#setOut.has(actor))
      .map((actor) => {
        return { key: `${actor}: crashes`, actor, call: 'crash', happens: 'crash', footprint: { fault: true } };
      });
  }

  #changedByOthers(actor: string): number {
    return this.#changed - (this.#changes.get(actor) ?? 0);
  }
}
