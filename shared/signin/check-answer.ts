import type { Op } from '../application/application.ts';
import type { SidFrom } from '../application/last-signin.ts';
import type { IdTokenClaims } from '../oidc/id-token.ts';
import { isOurIssuer } from '../oidc/issuer.ts';
import { SID_CHARACTERS_MAX } from '../oidc/sid.ts';
import type { OpSettings } from '../settings/settings.ts';
import type { CallbackParameters } from './callback-parameters.ts';
import { refused, type SigninRefused } from './finished.ts';

/** Whom the OP has vouched for, and in which of its sessions. */
export interface VouchedFor {
  readonly outcome: 'vouched';
  readonly claims: IdTokenClaims;
  readonly sid: string | null;
  readonly sidFrom: SidFrom;
}

/** RFC 9207 section 2.4: compared where it came; required where the OP announces it. */
export function issuerMatches({ metadata }: Op, iss: string | null): boolean {
  if (iss === null) return metadata.authorization_response_iss_parameter_supported !== true;
  return isOurIssuer(iss, metadata.issuer);
}

/**
 * Checks the ID token that the code was redeemed for: signature and claims, of an issuer and a tenant that are let in, and that
 * the answer came from that very issuer.
 */
export async function checkIdentity(
  op: Op,
  protocol: OpSettings['protocol'],
  { iss, sessionState }: CallbackParameters,
  { idToken, nonce }: { readonly idToken: string; readonly nonce: string },
): Promise<VouchedFor | SigninRefused> {
  const checked = await op.checkIdToken(idToken, nonce);
  if (checked.outcome === 'op-unavailable') return refused('op_unavailable', checked.reason);
  if (checked.outcome === 'invalid') return refused('id_token_rejected', checked.reason);
  const { claims } = checked;
  // With a template several tenants pass for ours: the answer must come from the one that vouches.
  if (iss !== null && iss !== claims.iss) return refused('issuer_mismatch');
  return { outcome: 'vouched', claims, ...sidOf(claims, protocol === 'entra' ? sessionState : null) };
}

/**
 * The OP session's id. Entra ID gives it in the ID token only where the optional claim is configured, but in the callback's
 * `session_state` always. That one is not signed: a person who forges it makes only their own session end with another's.
 */
function sidOf(claims: IdTokenClaims, sessionState: string | null): Pick<VouchedFor, 'sid' | 'sidFrom'> {
  const isClaimed = typeof claims.sid === 'string' && claims.sid !== '';
  const sid = isClaimed ? (claims.sid as string) : sessionState;
  if (!sid || sid.length > SID_CHARACTERS_MAX) return { sid: null, sidFrom: 'nowhere' };
  return { sid, sidFrom: isClaimed ? 'id_token' : 'session_state' };
}
