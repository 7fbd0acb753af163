import { describe, expect, it } from '@jest/globals';
import { logTo } from '../../functions/log-to.ts';
import type { LogEvent } from '../../shared/log/log.ts';
import { FLOOD, SIGNIN_MAY_BE_UNDER_WAY } from '../../shared/signout/flood-budgets.ts';

function levelOf(event: LogEvent): string {
  const levels: string[] = [];
  const context = {
    invocationId: 'run-1',
    log: () => void levels.push('log'),
    error: () => void levels.push('error'),
  };
  logTo(context)(event);
  return levels.join();
}

describe('a line of the log', () => {
  it.each<LogEvent>([
    { event: 'signout.queued', door: 'front-channel', reason: 'status-503' },
    { event: 'signout.failed', door: 'own', reason: 'deadline' },
    { event: 'retry.failed', reason: 'unreadable' },
  ])('about $event is one that somebody is woken for', (event) => {
    expect(levelOf(event)).toBe('error');
  });

  it.each<LogEvent>([
    { event: 'signout.queued', door: 'front-channel', reason: FLOOD },
    { event: 'signout.delayed', door: 'front-channel', tries: 1, reason: SIGNIN_MAY_BE_UNDER_WAY },
    { event: 'signin.started' },
  ])('about $event wakes nobody where anybody can cause it', (event) => {
    expect(levelOf(event)).toBe('log');
  });
});
