import type { LogEvent } from '../log/log.ts';
import type { Door } from '../signout/sign-out.ts';
import { instruments } from './instruments.ts';

const MILLISECONDS = 1_000;

/**
 * Counts what the log is told, so that log, receipt and metrics say the same. What carries no number of its own (a refused
 * call of an API, an error) is the log's alone.
 */
export function countEvent(event: LogEvent): void {
  switch (event.event) {
    case 'signin.started':
      count('exeunt.signin.outcomes', { 'exeunt.outcome': 'started' });
      break;
    case 'signin.completed':
      count('exeunt.signin.outcomes', { 'exeunt.outcome': 'completed' });
      measure('exeunt.signin.duration', event.ms, { 'exeunt.outcome': 'completed' });
      break;
    case 'signin.again':
      count('exeunt.signin.outcomes', { 'exeunt.outcome': 'again' });
      measure('exeunt.signin.duration', event.ms, { 'exeunt.outcome': 'again' });
      break;
    case 'signin.refused':
      count('exeunt.signin.outcomes', { 'exeunt.outcome': 'refused', 'error.type': event.code });
      break;
    case 'token.refreshed':
      count('exeunt.refresh.outcomes', { 'exeunt.outcome': 'refreshed', 'exeunt.api': event.api });
      measure('exeunt.refresh.duration', event.ms, { 'exeunt.api': event.api });
      break;
    case 'refresh.failed':
      count('exeunt.refresh.outcomes', {
        'exeunt.outcome': 'failed',
        'exeunt.api': event.api,
        'error.type': event.code,
      });
      break;
    case 'session.ended':
      count('exeunt.refresh.outcomes', { 'exeunt.outcome': 'ended', 'error.type': event.reason });
      break;
    case 'signout.completed':
      countReceipt(event);
      break;
    case 'signout.queued':
      countUndone(event, 'queued');
      break;
    case 'signout.delayed':
      count('exeunt.signout.retries', { 'exeunt.outcome': 'delayed' });
      countUndone(event, 'delayed');
      break;
    case 'signout.failed':
      countUndone(event, 'failed');
      break;
    case 'signout.refused':
      count('exeunt.signout.refusals', { 'exeunt.door': event.door, 'error.type': event.reason });
      break;
    case 'operator.refused':
      count('exeunt.signout.refusals', { 'exeunt.door': 'operator', 'error.type': event.reason });
      break;
    case 'security-event.refused':
      count('exeunt.signout.refusals', { 'exeunt.door': 'security-events', 'error.type': event.err });
      break;
    case 'directory.notified':
      if (event.dropped > 0) {
        instruments()['exeunt.signout.refusals'](event.dropped, {
          'exeunt.door': 'directory',
          'error.type': 'dropped',
        });
      }
      break;
    case 'retry.passed-on':
      count('exeunt.signout.retries', { 'exeunt.outcome': 'passed_on' });
      break;
    case 'retry.failed':
      count('exeunt.signout.retries', { 'exeunt.outcome': 'failed' });
      break;
  }
}

function countReceipt(receipt: Extract<LogEvent, { event: 'signout.completed' }>): void {
  const door = { 'exeunt.door': receipt.door };
  count('exeunt.signout.outcomes', { ...door, 'exeunt.outcome': 'completed' });
  measure('exeunt.signout.duration', receipt.ms, door);
  instruments()['exeunt.signout.sessions'](receipt.sessions, door);
  instruments()['exeunt.signout.token_caches'](receipt.tokenCaches, door);
  if (receipt.tries > 0) count('exeunt.signout.retries', { 'exeunt.outcome': 'completed' });
}

function countUndone({ door, reason }: { readonly door: Door; readonly reason: string }, outcome: string): void {
  count('exeunt.signout.outcomes', { 'exeunt.door': door, 'exeunt.outcome': outcome, 'error.type': reason });
}

type Name = keyof ReturnType<typeof instruments>;
type AttributesOf<N extends Name> = Parameters<ReturnType<typeof instruments>[N]>[1];

function count<N extends Name>(name: N, attributes: AttributesOf<N>): void {
  instruments()[name](1, attributes);
}

function measure<N extends Name>(name: N, milliseconds: number, attributes: AttributesOf<N>): void {
  instruments()[name](milliseconds / MILLISECONDS, attributes);
}
