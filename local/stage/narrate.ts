import type { LogEvent } from '../../shared/log/log.ts';

const PLURAL = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** What a log line of an application says to somebody who watches; null for what is not worth a line on the terminal. */
export function narrate(line: string): string | null {
  const event = parse(line);
  if (event === null) return null;
  switch (event.event) {
    case 'signin.completed':
      return `signed in: session and tokens stored for account ${event.account} in ${event.ms} ms`;
    case 'signin.again':
      return 'a sign-out came in during the sign-in: the browser goes round once more';
    case 'signin.refused':
      return `sign-in refused: ${event.code}`;
    case 'token.refreshed':
      return `token for "${event.api}" refreshed for account ${event.account} in ${event.ms} ms`;
    case 'refresh.failed':
      return `token for "${event.api}" not refreshed: ${event.code}`;
    case 'signout.received':
      return `${event.door} sign-out received`;
    case 'signout.refused':
      return `${event.door} sign-out refused: ${event.reason}`;
    case 'signout.completed':
      if (event.sessions === 0) return `${event.door} sign-out: nothing was left to delete`;
      return `${event.door} sign-out: ${PLURAL(event.accounts.length, 'partition')} with ${PLURAL(event.sessions, 'session')} deleted in ${event.ms} ms${event.tries > 0 ? `, at try ${event.tries} from the queue` : ''}`;
    case 'signout.queued':
      return `${event.door} sign-out NOT done yet: ${event.reason}; it waits in the queue`;
    case 'signout.delayed':
      return `${event.door} sign-out NOT done yet: ${event.reason}; back in the queue after try ${event.tries}`;
    case 'security-event.refused':
      return `security event refused: ${event.err} (${event.reason})`;
    case 'security-event.ignored':
      return `security event received, nothing ends by it: ${event.reason}`;
    case 'retry.passed-on':
      return 'a message of the queue was left to another instance or application';
    case 'retry.failed':
      return `a message of the queue could not be used: ${event.reason}`;
    case 'signout.failed':
      return `${event.door} sign-out NOT done: ${event.reason}`;
    case 'operator.admitted':
      return `operator ${event.operator} let in`;
    case 'operator.refused':
      return `operator refused: ${event.reason}`;
    case 'operator.unverified':
      return `operator's token not verified: ${event.reason}`;
    case 'api.failed':
      return `call of "${event.api}" failed: ${event.code}`;
    case 'api.broken-off':
      return `answer of "${event.api}" broke off: ${event.reason}`;
    case 'session.ended':
      return `session of account ${event.account} ended: ${event.reason}`;
    case 'session.unreadable':
      return `session of account ${event.account} cannot be read: ${event.reason}; nobody is signed in by it`;
    case 'storage.unavailable':
      return `storage unavailable: ${event.reason}`;
    case 'directory.notified':
      return `the directory told of ${PLURAL(event.users, 'user')}`;
    case 'directory.missed':
      return 'the directory could not deliver notifications, and does not say which';
    case 'directory.delayed':
      return `what the directory told waits: ${event.reason}; back in the queue after try ${event.tries}`;
    case 'directory.failed':
      return `the directory's door does NOT work: ${event.reason}`;
    case 'directory.subscribed':
      if (event.did === 'nothing') return null;
      return `subscription to the directory ${event.did === 'create' ? 'made' : 'renewed'}, until ${new Date(event.endsAt).toISOString().slice(0, 10)}`;
    case 'request.refused':
      // Whoever opens the page and is not signed in yet is no news.
      return event.code === 'session_required' ? null : `refused at "${event.at}": ${event.code}`;
    case 'error':
      return `error: ${event.name}`;
    case 'signin.started':
    case 'sweep.completed':
      return null;
  }
}

function parse(line: string): LogEvent | null {
  if (!line.startsWith('{"event":')) return null;
  try {
    return JSON.parse(line) as LogEvent;
  } catch {
    return null;
  }
}
