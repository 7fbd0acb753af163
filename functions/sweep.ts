import type { TimerHandler } from '@azure/functions';
import { sweepAndRevoke } from '../shared/sweep/revoke-swept.ts';
import type { Composition } from './compose.ts';
import { logTo } from './log-to.ts';

/** Timer `sweep`: deletes what has expired. */
export function sweeper({ application }: Composition): TimerHandler {
  return async (_, context) => {
    const log = logTo(context);
    const { monotonic } = application.store.ambient;
    const began = monotonic();
    const swept = await sweepAndRevoke(application);
    if (swept.outcome === 'unavailable') log({ event: 'storage.unavailable', reason: swept.reason });
    const ms = Math.round(monotonic() - began);
    const { revoked, failed: unrevoked } = swept.revocations;
    const told = revoked + unrevoked > 0 && { revoked, unrevoked };
    log({ event: 'sweep.completed', counts: { ...swept.counts, ...told }, ms });
  };
}
