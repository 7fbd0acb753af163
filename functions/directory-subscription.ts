import type { TimerHandler } from '@azure/functions';
import { keepSubscription } from '../shared/directory/subscription.ts';
import type { Composition } from './compose.ts';
import { logTo } from './log-to.ts';

/** Timer `directory-subscription`: Graph goes on telling only where somebody sees to it. */
export function directorySubscription({ application, directory }: Composition): TimerHandler {
  return async (_, context) => {
    if (directory === null) return;
    const log = logTo(context);
    const kept = await keepSubscription(directory.graph, directory.endpoint, application.store.ambient.now());
    if (kept.outcome === 'graph-unavailable') return log({ event: 'directory.failed', reason: kept.reason });
    const { outcome: _kept, ...done } = kept;
    log({ event: 'directory.subscribed', ...done });
  };
}
