import type { InvocationContext } from '@azure/functions';
import type { Log, LogEvent } from '../shared/log/log.ts';
import { FLOOD, SIGNIN_MAY_BE_UNDER_WAY } from '../shared/signout/flood-budgets.ts';
import { countEvent } from '../shared/telemetry/events.ts';

/** What somebody should be woken for: a sign-out that is not done, a message that nobody can read, a bug. */
const LOUD: ReadonlySet<LogEvent['event']> = new Set([
  'signout.queued',
  'signout.delayed',
  'signout.failed',
  'retry.failed',
  'directory.missed',
  'directory.failed',
  'error',
]);

/** Anybody can flood the front channel: what that leaves to the queue must not wake anybody, a line at a time. */
function isOfFlood(event: LogEvent): boolean {
  if (!('reason' in event)) return false;
  return event.reason === SIGNIN_MAY_BE_UNDER_WAY || event.reason.split(', ')[0] === FLOOD;
}

/** An invocation's log: a line of JSON an event, with the invocation's id. The metrics count the same events. */
export function logTo(context: Pick<InvocationContext, 'log' | 'error' | 'invocationId'>): Log {
  return (event) => {
    countEvent(event);
    const line = JSON.stringify({ ...event, id: context.invocationId });
    if (LOUD.has(event.event) && !isOfFlood(event)) context.error(line);
    else context.log(line);
  };
}
