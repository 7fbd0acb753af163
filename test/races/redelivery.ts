import { retrySignOut } from '../../shared/signout/retry.ts';
import type { RetryQueue } from '../../shared/store/retry-queue.ts';
import type { Life, Told } from './told.ts';
import type { Turnstile } from './turnstile.ts';
import { Violation, type Witness } from './witness.ts';
import type { Instance, Operation } from './world.ts';

/** A message that the queue brings to somebody, and whose sign-out it finishes. */
interface Delivery {
  readonly message: string;
  readonly origin: Operation;
  readonly life: Life;
  readonly skew: number;
}

/** The queue as one operation reaches it: to send is a yield point, and can fail. */
export function queueOf(name: string, turnstile: Turnstile, bring: (message: string) => void): RetryQueue {
  const access = { table: 'queue', partitionKey: name, rowKey: 'message', writes: true };
  return {
    setAside: async () => 'sent' as const,
    send: async (message) => {
      const verdict = await turnstile.pass(name, 'queues what is left', { access }, true);
      if (verdict === 'not done') return { outcome: 'unavailable', reason: 'test-queue-outage' };
      bring(message);
      // Sent twice by the SDK, it comes twice.
      if (verdict === 'retried') bring(message);
      return verdict === 'answer lost' ? { outcome: 'unavailable', reason: 'test-answer-lost' } : 'sent';
    },
  };
}

/**
 * The trigger that the queue starts: what is sent comes back as an operation of its own, at once
 * or later, and comes back again where its holder has crashed.
 */
export class Redelivery {
  readonly #witness: Witness;
  readonly #start: (retry: Operation, life: Life, skew: number) => void;
  readonly #brought = new Map<string, Delivery>();

  /** @param start has an operation wait for its turn, as of a life that began earlier */
  constructor(witness: Witness, start: (retry: Operation, life: Life, skew: number) => void) {
    this.#witness = witness;
    this.#start = start;
  }

  /** A sign-out, or a retry of it, has put a message into the queue. */
  bring(delivery: Delivery): void {
    const { origin } = this.#brought.get(delivery.origin.name) ?? delivery;
    this.#deliver({ ...delivery, origin });
  }

  /** Whoever takes a message and dies has not taken it. */
  crashed(name: string): void {
    const delivery = this.#brought.get(name);
    if (delivery) this.#deliver(delivery);
  }

  #deliver(delivery: Delivery): void {
    const { origin, life, skew } = delivery;
    const place = [...this.#brought.values()].filter((other) => other.origin === origin).length + 1;
    const retry: Operation = {
      ...origin,
      name: `${origin.name}, retry ${place}`,
      run: (instance) => this.#finish(instance, delivery),
    };
    this.#brought.set(retry.name, delivery);
    this.#witness.owes(origin.name);
    this.#witness.goesOn(retry, life);
    this.#start(retry, life, skew);
  }

  async #finish({ application, life }: Instance, delivery: Delivery): Promise<Told> {
    const retried = await retrySignOut(application, delivery.message);
    switch (retried.outcome) {
      case 'done': {
        const { receipt, signOut } = retried;
        const { promised, name } = delivery.origin;
        // A cookie that nobody could look at while its session stood proves nothing afterwards.
        const proved = signOut.kind !== 'own' || signOut.proved !== null || receipt.sessions > 0;
        return { says: 'done', finishes: name, ...(proved && promised && { gone: promised(life) }) };
      }
      case 'again':
        return { says: 'storage failed, back in the queue' };
      case 'kept':
        this.#deliver(delivery);
        return { says: 'storage and queue failed, still in the queue' };
      case 'passed-on':
      case 'unreadable':
        throw new Violation(`a message of this application’s own is ${retried.outcome} (G3)`);
    }
  }
}
