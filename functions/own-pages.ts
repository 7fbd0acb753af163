import { refuse } from '../shared/http/answers.ts';
import { isCrossSite } from '../shared/http/same-origin.ts';
import { answerPreflight, isPreflight, readableBy, siblingOf } from '../shared/http/siblings.ts';
import type { Trigger } from './edge.ts';

/**
 * A trigger that pages of our own origin, and of `SIBLING_ORIGINS`, may call by these methods. What a browser says comes from
 * elsewhere is refused, and preflights are answered, before the trigger runs: neither session nor storage is touched.
 */
export function forOwnPages(methods: readonly string[], trigger: Trigger): Trigger {
  return async (visit) => {
    const { request, application } = visit;
    const { publicOrigin, siblingOrigins } = application.settings;
    const sibling = siblingOf(request, siblingOrigins);
    if (isPreflight(request)) {
      return sibling === null ? refuse(request, 'origin_not_allowed') : answerPreflight(sibling, methods);
    }
    if (sibling === null && isCrossSite(request, publicOrigin)) return refuse(request, 'cross_site');
    if (!methods.includes(request.method)) return refuse(request, 'not_found');
    return readableBy(sibling, await trigger(visit));
  };
}
