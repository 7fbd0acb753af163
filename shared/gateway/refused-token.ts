import { type ClaimsRequest, claimsJson } from '../oidc/claims-request.ts';
import type { Acquired } from '../tokens/access-token.ts';
import { isSendable } from '../tokens/freshness.ts';
import { note, redeemUnless, refusal, type UserCalling } from './call-token.ts';
import type { CallToken, Refused } from './calling.ts';

/**
 * What there is to send in place of a person's token that the API no longer takes, though we believed it good: it may have been
 * revoked, or the API may want claims in it (a challenge). One that somebody has got meanwhile, else one forced refresh under
 * the session's lease, past all that is stored; for a challenge with its claims.
 *
 * @returns 'stands' where all that could be done for this token was done before
 */
export async function inPlaceOf(
  calling: UserCalling,
  token: string,
  challenge: ClaimsRequest | null,
  mayRepeat: boolean,
): Promise<CallToken | 'stands'> {
  const { refusedTokens } = calling.application;
  const how = challenge === null ? 'plain' : 'claims';
  const claims = challenge && claimsJson(challenge);
  const asked = refusedTokens.refuse(token, how);
  if (asked !== 'replace' || !mayRepeat) {
    if (claims !== null) return claimsRequired(claims, 'challenge');
    return asked === 'interaction' ? refusal({ outcome: 'interaction-required', reason: 'asked-before' }) : 'stands';
  }
  // Of many calls that are refused at once, one asks for all of this instance; over instances the lease decides.
  const acquired = await refusedTokens.replace(token, claims, () => acquireOther(calling, token, claims));
  if (acquired.outcome === 'acquired') {
    return { outcome: 'token', token: acquired.accessToken.token, refreshed: acquired.refreshed };
  }
  if (acquired.outcome === 'interaction-required' && claims !== null) {
    return claimsRequired(claims, acquired.reason);
  }
  return refusal(acquired);
}

async function acquireOther(calling: UserCalling, token: string, claims: string | null): Promise<Acquired> {
  const { refusedTokens } = calling.application;
  // Never out of memory: the API took its time, and the session may have been signed out since it was read (G4).
  const acquired = await redeemUnless(calling, {
    suffices: (stored, now) => stored.token !== token && isSendable(stored, now),
    vouchedAfter: Number.NEGATIVE_INFINITY,
    claims,
  });
  note(calling, acquired);
  const how = claims === null ? 'plain' : 'claims';
  switch (acquired.outcome) {
    case 'acquired':
      // What another instance got may lack these claims: then it has yet to be asked for them.
      if (claims === null || acquired.refreshed) refusedTokens.replacedBy(acquired.accessToken.token, token);
      break;
    case 'interaction-required':
      refusedTokens.keep(token, how, 'interaction');
      break;
    case 'op-refused':
      refusedTokens.keep(token, how, 'refused');
      break;
    case 'op-unavailable':
    case 'unavailable':
      refusedTokens.keep(token, how, 'unavailable');
      break;
    case 'signed-out':
      break;
  }
  return acquired;
}

const claimsRequired = (claims: string, reason: string): Refused => ({
  outcome: 'refused',
  code: 'claims_required',
  reason,
  claims,
});
