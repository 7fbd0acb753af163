import { type ClaimsRequest, claimsJson } from '../oidc/claims-request.ts';
import type { OwnNeed } from '../tokens/application-tokens.ts';
import type { ApplicationRedeemed, TokenFailure } from '../tokens/token-client.ts';
import type { Calling, CallToken, Refused } from './calling.ts';

/** A token of the application's own for an API, which is nobody's. */
export async function ownToken(calling: Calling): Promise<CallToken> {
  return asCallToken(await acquire(calling));
}

/**
 * The same in place of one that the API no longer takes, by the rules of `inPlaceOf`. A challenge that the OP does not meet by
 * itself nobody else can meet either: the API's answer stands.
 */
export async function ownInPlaceOf(
  calling: Calling,
  token: string,
  challenge: ClaimsRequest | null,
  mayRepeat: boolean,
): Promise<CallToken | 'stands'> {
  const { refusedTokens } = calling.application;
  const how = challenge === null ? 'plain' : 'claims';
  if (refusedTokens.refuse(token, how) !== 'replace' || !mayRepeat) return 'stands';
  const claims = challenge && claimsJson(challenge);
  const acquired = await refusedTokens.replace(token, claims, async () => {
    const answer = await acquire(calling, { unlike: token, claims });
    if (answer.outcome === 'redeemed') refusedTokens.replacedBy(answer.accessToken.token, token);
    else refusedTokens.keep(token, how, answer.outcome === 'op-unavailable' ? 'unavailable' : 'refused');
    return answer;
  });
  return asCallToken(acquired);
}

async function acquire({ application, api }: Calling, need?: OwnNeed): Promise<ApplicationRedeemed | TokenFailure> {
  const op = await application.op.get();
  if ('outcome' in op) return op;
  return application.applicationTokens.acquire(op.tokens.ofApplication, api.scopes.join(' '), need);
}

function asCallToken(acquired: ApplicationRedeemed | TokenFailure): CallToken {
  if (acquired.outcome === 'redeemed') return { outcome: 'token', token: acquired.accessToken.token, refreshed: false };
  // There is no person whom the OP could want to see: whatever else it says, it refuses this application.
  const code: Refused['code'] = acquired.outcome === 'op-unavailable' ? 'op_unavailable' : 'op_refused';
  return { outcome: 'refused', code, reason: acquired.reason };
}
