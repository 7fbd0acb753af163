import { type Assurance, type Unproved, whatIsUnproved } from '../oidc/assurance.ts';
import { overlap } from '../settings/route-overlap.ts';
import type { StepUp, StepUpRule } from '../settings/settings.ts';

/**
 * What a call asks for beyond a session: all that the rules that mean it ask for, and the shortest of their ages.
 *
 * @param path as `normalisePath` gives it: a pattern that means itself (one that spells `*` may meet more rules, never fewer)
 * @returns null where no rule means it
 */
export function stepUpFor(rules: readonly StepUpRule[], method: string, path: string): StepUp | null {
  const meant = rules.filter(({ routes }) => routes.some((route) => overlap(route, { method, pattern: path })));
  return together(meant);
}

/** All that these ask for, and the shortest of their ages; null where there are none. */
export function together(asked: readonly StepUp[]): StepUp | null {
  if (asked.length === 0) return null;
  const ages = asked.map(({ maxAgeSeconds }) => maxAgeSeconds).filter((age) => age !== null);
  return {
    acrs: [...new Set(asked.flatMap(({ acrs }) => acrs))],
    maxAgeSeconds: ages.length === 0 ? null : Math.min(...ages),
  };
}

/** What is asked for and the sign-in of a session did not prove; `stepUp` is then all of it, since a sign-in starts from nothing. */
export function unmetStepUp(
  stepUp: StepUp | null,
  assurance: Assurance,
  now: number,
): { readonly stepUp: StepUp; readonly reason: Unproved } | null {
  const reason = stepUp && whatIsUnproved(assurance, stepUp, now);
  return stepUp && reason ? { stepUp, reason } : null;
}
