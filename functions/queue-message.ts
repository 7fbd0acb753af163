import type { RetryQueue } from '../shared/store/retry-queue.ts';

/** Thrown, it has the Functions host keep the message that it brought. */
export class KeptInQueue extends Error {
  constructor() {
    super('the message stays in the queue');
  }
}

/**
 * Puts aside a message that nobody can use.
 *
 * @param message the text, or what the Functions library made of it, being JSON
 * @throws KeptInQueue where it cannot be put there
 */
export async function setAside(queue: RetryQueue, message: unknown): Promise<void> {
  const text = typeof message === 'string' ? message : JSON.stringify(message);
  if ((await queue.setAside(text)) !== 'sent') throw new KeptInQueue();
}
