import type { RetryQueue } from '../../shared/store/retry-queue.ts';

/** A retry queue in memory: a test takes the messages out itself, when it likes. */
export interface ScriptedQueue extends RetryQueue {
  /** False: it takes nothing. */
  up: boolean;
  readonly setAsides: string[];
  readonly messages: { readonly message: string; readonly delaySeconds: number }[];
  /** The oldest message, taken out; throws where there is none. */
  take(): string;
}

export function scriptedQueue(): ScriptedQueue {
  const messages: { message: string; delaySeconds: number }[] = [];
  const setAsides: string[] = [];
  return {
    up: true,
    messages,
    setAsides,
    async setAside(message) {
      setAsides.push(message);
      return 'sent';
    },
    async send(message, delaySeconds) {
      if (!this.up) return { outcome: 'unavailable', reason: 'test-queue-outage' };
      messages.push({ message, delaySeconds });
      return 'sent';
    },
    take() {
      const taken = messages.shift();
      if (taken === undefined) throw new Error('the queue is empty');
      return taken.message;
    },
  };
}
