import type { StorageQueueHandler } from '@azure/functions';
import { retrySignOut } from '../shared/signout/retry.ts';
import type { Composition } from './compose.ts';
import { logReceipt } from './doors/outcome.ts';
import { logTo } from './log-to.ts';
import { KeptInQueue, setAside } from './queue-message.ts';

/**
 * Queue `signout-retry`: finishes sign-outs that storage interrupted. One that nobody can read it puts aside. A message that
 * it throws for stays in the queue: one that could not be put back.
 */
export function signoutRetry({ application }: Composition): StorageQueueHandler {
  return async (message, context) => {
    const log = logTo(context);
    const retried = await retrySignOut(application, message);
    switch (retried.outcome) {
      case 'done':
        return logReceipt(log, retried.receipt);
      case 'again': {
        const { signOut, tries, reason } = retried;
        return log({ event: 'signout.delayed', door: signOut.door, tries, reason });
      }
      case 'passed-on':
        return log({ event: 'retry.passed-on', tries: retried.tries });
      case 'unreadable':
        log({ event: 'retry.failed', reason: 'unreadable' });
        return setAside(application.retryQueue, message);
      case 'kept':
        log({ event: 'retry.failed', reason: retried.reason });
        throw new KeptInQueue();
    }
  };
}
