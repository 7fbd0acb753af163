import type { TimerHandler } from '@azure/functions';
import { sweep } from '../shared/sweep/sweep.ts';
import type { Composition } from './compose.ts';
import { logTo } from './log-to.ts';

/** Timer `sweep`: deletes what has expired. */
export function sweeper({ application: { store } }: Composition): TimerHandler {
  return async (_, context) => {
    const log = logTo(context);
    const began = store.ambient.monotonic();
    const swept = await sweep(store);
    if (swept.outcome === 'unavailable') log({ event: 'storage.unavailable', reason: swept.reason });
    const ms = Math.round(store.ambient.monotonic() - began);
    log({ event: 'sweep.completed', counts: { ...swept.counts }, ms });
  };
}
