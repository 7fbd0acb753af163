import type { OpSettings, StepUp } from '../settings/settings.ts';
import type { SigninHints } from './authorization-url.ts';
import { claimsJson, mergeClaimsRequests, parseClaimsRequest, type RequestedClaim } from './claims-request.ts';
import type { OpMetadata } from './metadata.ts';

/** Parameters of the authorization request, over or beside those of every sign-in. */
export type StepUpParameters = Readonly<Record<string, string>>;

/**
 * Asks the OP for a sign-in that proves more. Whether it did is checked of what comes back: an OP may leave out what it
 * does not know.
 *
 * Entra ID takes an authentication context as an essential `acrs` claim of the ID token, one as its `value`, as it documents.
 * It documents no `max_age`, and honours `prompt=login`. Elsewhere an essential `acr` claim is asked for where the OP takes
 * claims requests, since it may not let the person in without; else `acr_values`, which is a wish.
 *
 * @see OpenID Connect Core 1.0 sections 3.1.2.1, 5.5.1.1;
 *   https://learn.microsoft.com/entra/identity-platform/developer-guide-conditional-access-authentication-context
 */
export function stepUpParameters(
  { acrs, maxAgeSeconds }: StepUp,
  protocol: OpSettings['protocol'],
  { claims_parameter_supported: takesClaims = false }: OpMetadata,
  hints: SigninHints,
): StepUpParameters {
  const entra = protocol === 'entra';
  const asksByClaims = entra || takesClaims;
  const aged = maxAgeSeconds !== null;
  const idToken = {
    ...(acrs.length > 0 && { [entra ? 'acrs' : 'acr']: { essential: true, ...oneOrSeveral(acrs) } }),
    ...(aged && { auth_time: { essential: true } }),
  };
  return {
    ...(asksByClaims && { claims: claimsBeside(hints, idToken) }),
    ...(!asksByClaims && acrs.length > 0 && { acr_values: acrs.join(' ') }),
    // With it `auth_time` is required in the ID token (section 2).
    ...(aged && { max_age: String(maxAgeSeconds) }),
    ...(aged && entra && hints.prompt !== 'none' && { prompt: 'login' }),
  };
}

/** Beside a claims challenge; what is asked here cannot be asked away by it. */
function claimsBeside({ claims }: SigninHints, idToken: Readonly<Record<string, RequestedClaim>>): string {
  const ours = { id_token: idToken };
  return claimsJson(mergeClaimsRequests(claims === null ? null : parseClaimsRequest(claims), ours) ?? ours);
}

function oneOrSeveral(acrs: readonly string[]): RequestedClaim {
  const [acr, ...more] = acrs;
  return acr !== undefined && more.length === 0 ? { value: acr } : { values: acrs };
}
