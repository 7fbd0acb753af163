import type { StepUp } from '../settings/settings.ts';

/** What a sign-in for an API is asked beyond its scopes. */
export interface ForApi {
  readonly stepUp?: StepUp;
  /** What somebody wants in its tokens, JSON. */
  readonly claims?: string;
}

/** Where a person signs in for an API: what a refusal's `signInUrl` is. The caller adds `returnTo`. */
export function signInFor(api: string, { stepUp, claims }: ForApi = {}): `/auth/signin?${string}` {
  const { acrs = [], maxAgeSeconds = null } = stepUp ?? {};
  const parameters = new URLSearchParams({
    api,
    ...(acrs.length > 0 && { acrs: acrs.join(' ') }),
    ...(maxAgeSeconds !== null && { maxAge: String(maxAgeSeconds) }),
    ...(claims !== undefined && { claims }),
  });
  return `/auth/signin?${parameters}`;
}
