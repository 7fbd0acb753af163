import { allowedRoute } from './allowed-route.ts';
import { membersOnly, someOf, wholeNumberMember } from './json-members.ts';
import { overlap } from './route-overlap.ts';
import { mapped, optional, type Schema } from './schema.ts';
import type { AllowedRoute, DownstreamApi, StepUpRule } from './settings.ts';
import { fromText } from './text-schema.ts';

/** A sign-in takes its time: less, and the person would be sent back to it as soon as they came. */
const MAX_AGE_SECONDS_LEAST = 60;
const MAX_AGE_SECONDS_MOST = 30 * 24 * 60 * 60;
/** Entra ID's are `c1` to `c99`, other OPs' often URIs; a space separates them on the wire. */
const ACR = /^[A-Za-z0-9][A-Za-z0-9._~:/#+=@-]{0,63}$/;
/** All that any route asks for, together: a session's record has to hold them. */
const ACRS_CHARACTERS_MAX = 256;

const acr = fromText((text, refuse) => {
  if (!ACR.test(text)) refuse('must be an authentication context: 1 to 64 of letters, digits and ._~:/#+=@-');
  return text;
});

/** `{"routes":["POST /me/messages"],"acrs":["c1"],"maxAgeSeconds":300}`: what these routes ask for beyond a session. */
export const stepUpRule: Schema<StepUpRule> = mapped(
  membersOnly({
    routes: someOf('route', allowedRoute),
    acrs: optional(someOf('authentication context', acr), undefined),
    maxAgeSeconds: optional(wholeNumberMember(MAX_AGE_SECONDS_LEAST, MAX_AGE_SECONDS_MOST), undefined),
  }),
  ({ routes, acrs, maxAgeSeconds }, refuse) => {
    if (acrs === undefined && maxAgeSeconds === undefined) refuse('must ask for acrs, maxAgeSeconds or both');
    return { routes, acrs: acrs ?? [], maxAgeSeconds: maxAgeSeconds ?? null };
  },
);

/** Zero, too: whoever has proved who they are must do so again. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,8})$/;

/** An age as a link or an API says it, in seconds; null for what is none that settings could ask for, but for less. */
export function parseMaxAge(text: string): number | null {
  return WHOLE_NUMBER.test(text) && Number(text) <= MAX_AGE_SECONDS_MOST ? Number(text) : null;
}

/** Where the routes of rules stand that no allowed call could be meant by: rules that are misspelt protect nothing. */
export function unreachableRoutes(
  allow: readonly AllowedRoute[],
  rules: readonly StepUpRule[],
): readonly (readonly [rule: number, route: number])[] {
  return rules.flatMap(({ routes }, rule) =>
    routes.flatMap((route, index) =>
      allow.some((allowed) => overlap(route, allowed)) ? [] : [[rule, index] as const],
    ),
  );
}

/** Whether some call of an allowed route is asked for more than a session. */
export function mayAskForMore({ stepUp }: Pick<DownstreamApi, 'stepUp'>, allowed: AllowedRoute): boolean {
  return stepUp.some(({ routes }) => routes.some((route) => overlap(route, allowed)));
}

/** The authentication contexts that any route asks for: no other is worth keeping, or asking an OP for. */
export function acrsOf(apis: Iterable<Pick<DownstreamApi, 'stepUp'>>): ReadonlySet<string> {
  return new Set([...apis].flatMap(({ stepUp }) => stepUp.flatMap(({ acrs }) => acrs)));
}

/** Whether a session can keep them all. */
export function canKeep(acrs: ReadonlySet<string>): boolean {
  return JSON.stringify([...acrs]).length <= ACRS_CHARACTERS_MAX;
}

/** Whether two of these rules, or one alone, ask some call for several authentication contexts at once. */
export function asksForSeveral(rules: readonly StepUpRule[]): boolean {
  return rules.some((one) =>
    rules.some((other) => {
      const acrs = new Set([...one.acrs, ...other.acrs]);
      const meet = one.routes.some((route) => other.routes.some((beside) => overlap(route, beside)));
      return acrs.size > 1 && (one === other || meet);
    }),
  );
}
