import type { Application } from '../application/application.ts';
import { type Assurance, assuranceOf, whatIsUnproved } from '../oidc/assurance.ts';
import type { IdTokenClaims } from '../oidc/id-token.ts';
import { acrsOf } from '../settings/step-up.ts';
import type { Attempt } from './attempt.ts';
import { refused, type SigninRefused } from './finished.ts';

/**
 * Holds a sign-in that the OP has vouched for to what its attempt asked it to prove. One that did not prove it changes
 * nothing: whoever was signed in still is, and nobody gets the new tokens. An age counts as of when the attempt set out,
 * since that is what the OP was asked (OpenID Connect Core 1.0 section 3.1.3.7, step 13); each call asks again as of its own.
 */
export function assure(
  { settings, store }: Application,
  { stepUp, startedAt }: Attempt,
  claims: IdTokenClaims,
): { readonly outcome: 'assured'; readonly assurance: Assurance } | SigninRefused {
  const { downstreamApis } = settings;
  const assurance = assuranceOf(claims, settings.op.protocol, acrsOf(downstreamApis.values()), store.ambient.now());
  const unproved = stepUp === undefined ? null : whatIsUnproved(assurance, stepUp, startedAt);
  if (unproved === null) return { outcome: 'assured', assurance };
  return refused('step_up_unmet', unproved);
}
