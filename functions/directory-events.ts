import type { StorageQueueHandler } from '@azure/functions';
import { type WorkedOff, workOffDirectoryEvents } from '../shared/directory/work-off.ts';
import type { Log, LogEvent } from '../shared/log/log.ts';
import type { Composition } from './compose.ts';
import { logReceipt } from './doors/outcome.ts';
import { logTo } from './log-to.ts';
import { KeptInQueue, setAside } from './queue-message.ts';

/** Queue `directory-events`: asks Graph about each user that it told of, and ends what the directory no longer lets in. */
export function directoryEvents({ application, directory }: Composition): StorageQueueHandler {
  return async (message, context) => {
    const log = logTo(context);
    if (directory === null) throw new KeptInQueue();
    const worked = await workOffDirectoryEvents(application, directory, message);
    logWork(log, worked);
    if (worked.outcome === 'kept' || worked.outcome === 'not-returned') throw new KeptInQueue();
    if (worked.outcome === 'unreadable' || worked.outcome === 'given-up') await setAside(directory.events, message);
  };
}

function logWork(log: Log, worked: WorkedOff): void {
  if ('attempts' in worked) {
    for (const attempt of worked.attempts) {
      if (attempt.outcome === 'signed-out') logReceipt(log, attempt.receipt);
      else log({ event: 'signout.queued', door: 'directory', reason: attempt.reason });
    }
    if (worked.subscription?.outcome === 'kept') {
      const { outcome: _, ...kept } = worked.subscription;
      log({ event: 'directory.subscribed', ...kept });
    }
  }
  const event = eventOf(worked);
  if (event !== null) log(event);
}

function eventOf(worked: WorkedOff): LogEvent | null {
  switch (worked.outcome) {
    case 'done':
      return null;
    case 'again':
      return { event: 'directory.delayed', tries: worked.tries, reason: worked.reason };
    case 'given-up':
      return { event: 'directory.failed', reason: worked.reason };
    case 'passed-on':
      return { event: 'retry.passed-on', tries: worked.tries };
    case 'unreadable':
      return { event: 'retry.failed', reason: 'unreadable' };
    case 'kept':
    case 'not-returned':
      return { event: 'retry.failed', reason: worked.reason };
  }
}
