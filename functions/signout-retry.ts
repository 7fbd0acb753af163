import type { StorageQueueHandler } from '@azure/functions';
import { retrySignOut } from '../shared/signout/retry.ts';
import type { Composition } from './compose.ts';
import { logTo } from './log-to.ts';

/**
 * Queue `signout-retry`: finishes sign-outs that storage interrupted. A message that it throws for stays in the queue, and
 * after a few tries is put aside as poison: one that cannot be read, or that could not be put back.
 */
export function signoutRetry({ application }: Composition): StorageQueueHandler {
  return async (message, context) => {
    const log = logTo(context);
    const retried = await retrySignOut(application, message);
    switch (retried.outcome) {
      case 'done': {
        const { done, signOut, tries } = retried;
        const { accounts, sessions } = done;
        const ms = application.store.ambient.now() - signOut.receivedAt;
        return log({ event: 'signout.completed', door: signOut.door, accounts, sessions, ms, tries });
      }
      case 'again': {
        const { signOut, tries, reason } = retried;
        return log({ event: 'signout.delayed', door: signOut.door, tries, reason });
      }
      case 'passed-on':
        return log({ event: 'retry.passed-on', tries: retried.tries });
      case 'unreadable':
      case 'kept':
        log({ event: 'retry.failed', reason: retried.outcome === 'kept' ? retried.reason : 'unreadable' });
        throw new Error('the message stays in the queue');
    }
  };
}
