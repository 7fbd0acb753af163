import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import type { OpSettings, StepUp } from '../settings/settings.ts';
import type { IdTokenClaims } from './id-token.ts';

/** How well the OP knows who signed in, by the ID token of that very sign-in: nothing that comes later adds to it. */
export interface Assurance {
  /** When the person last proved who they are, milliseconds since the epoch; missing where the OP does not say. */
  readonly authTime?: number;
  /** The authentication contexts that were met; missing where none was. */
  readonly acrs?: readonly string[];
}

/** What a sign-in did not prove, for the log. */
export type Unproved = 'acrs-unmet' | 'auth-time-missing' | 'auth-time-too-old';

/**
 * What an ID token that has been checked says of its sign-in.
 *
 * @param wanted the authentication contexts that anybody asks for: no other is kept
 * @see OpenID Connect Core 1.0 section 2 (`auth_time`, `acr`);
 *   https://learn.microsoft.com/entra/identity-platform/developer-guide-conditional-access-authentication-context (`acrs`)
 */
export function assuranceOf(
  claims: IdTokenClaims,
  protocol: OpSettings['protocol'],
  wanted: ReadonlySet<string>,
  now: number,
): Assurance {
  const { auth_time: authTime } = claims as Record<string, unknown>;
  const stated = protocol === 'entra' ? listed(claims.acrs) : [claims.acr];
  const acrs = [...wanted].filter((acr) => stated.includes(acr));
  return {
    // An OP's clock that is ahead makes nobody's proof younger than its arrival here.
    ...(isTime(authTime) && { authTime: Math.min(Math.floor(authTime * 1_000), now) }),
    ...(acrs.length > 0 && { acrs }),
  };
}

/**
 * What of a step-up a sign-in did not prove; null where it proved all of it. What is not known is not met.
 *
 * @param at as of when an age counts, milliseconds since the epoch
 */
export function whatIsUnproved({ authTime, acrs }: Assurance, asked: StepUp, at: number): Unproved | null {
  if (!asked.acrs.every((acr) => acrs?.includes(acr))) return 'acrs-unmet';
  if (asked.maxAgeSeconds === null) return null;
  if (authTime === undefined) return 'auth-time-missing';
  return at - authTime > asked.maxAgeSeconds * 1_000 + CLOCK_SKEW_MILLISECONDS ? 'auth-time-too-old' : null;
}

/** As a list, or in one text with spaces between them. */
function listed(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value : [];
}

/** Seconds since the epoch, of a time that a record can hold. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isSafeInteger(Math.floor(value * 1_000));
}
