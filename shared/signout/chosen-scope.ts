import { single } from '../http/message.ts';
import type { SignoutScope } from '../settings/settings.ts';

/**
 * What a person's own sign-out is to end, where they say so by `?scope=`. The address alone says it, which a plain form can
 * have too: two places could contradict each other.
 *
 * @returns undefined where it does not say, null where it says something else, or twice
 */
export function chosenScope(parameters: URLSearchParams): SignoutScope | undefined | null {
  const scope = single(parameters, 'scope');
  return scope === undefined || scope === 'account' || scope === 'session' ? scope : null;
}
