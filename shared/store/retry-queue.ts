import type { Unavailable } from './table.ts';

/** The name of the queue, and of the function that it triggers. */
export const RETRY_QUEUE = 'signout-retry';

/** The port to a durable queue of what has to be finished whatever fails. */
export interface RetryQueue {
  /**
   * Puts a message into the queue, where it stays until a function has taken it: it never expires.
   *
   * @param delaySeconds how long nobody sees it
   */
  send(message: string, delaySeconds: number): Promise<'sent' | Unavailable>;
  /** Puts a message that nobody can read where a person may look at it, beside the queue, and no function will. */
  setAside(message: string): Promise<'sent' | Unavailable>;
}
