import { AuthError, ClientAuthError, InteractionRequiredAuthError } from '@azure/msal-node';
import { claimsJson, parseClaimsRequest } from '../oidc/claims-request.ts';
import type { OpSettings } from '../settings/settings.ts';
import type { CodeFailure, TokenFailure } from '../tokens/token-client.ts';
import { NO_CREDENTIAL } from './client-credential.ts';

/** What MSAL calls interaction where in truth the refresh token is no more. */
const DEAD_GRANT_CODES = new Set(['no_tokens_found', 'refresh_token_expired', 'bad_token', 'invalid_grant']);
const TRY_LATER_CODES = new Set([
  'temporarily_unavailable',
  'server_error',
  'network_error',
  'request_timeout',
  NO_CREDENTIAL,
]);
/** What MSAL itself asks of an ID token: that it can be read, and has the attempt's nonce. */
const ID_TOKEN_CODES = new Set(['nonce_mismatch', 'token_parsing_error', 'null_or_empty_token']);
/** What goes into the log: an OP's codes, and nothing that could be a text in their place. */
const CODE = /^[\w.-]{1,64}$/;

/**
 * Names an error of MSAL by its codes, never by its text. A revoked refresh token comes as a plain `ServerError` with
 * `invalid_grant`; Entra ID also says `invalid_grant` where it wants the person, and then MSAL says so by the class.
 *
 * @throws what is not an answer of the OP: a bug
 */
export function tokenFailure(error: unknown): TokenFailure {
  if (!(error instanceof AuthError)) throw error;
  const { errorCode, subError } = error;
  const reason = [errorCode, subError]
    .filter(Boolean)
    .map((code) => (CODE.test(code) ? code : 'unknown'))
    .join('/');
  if (error instanceof InteractionRequiredAuthError) {
    // MSAL also takes the words for interaction where they stand in the text alone: an `invalid_grant` with no sub-error is dead.
    const dead = DEAD_GRANT_CODES.has(subError) || (subError === '' && DEAD_GRANT_CODES.has(errorCode));
    if (dead) return { outcome: 'grant-dead', reason };
    const claims = parseClaimsRequest(error.claims);
    return { outcome: 'interaction-required', reason, ...(claims && { claims: claimsJson(claims) }) };
  }
  if (errorCode === 'invalid_grant') return { outcome: 'grant-dead', reason };
  if (TRY_LATER_CODES.has(errorCode)) return { outcome: 'op-unavailable', reason };
  return { outcome: 'op-refused', reason };
}

/** The same of a code. What MSAL says of the ID token is not what the OP says of the application. */
export function codeFailure(error: unknown): CodeFailure {
  const isOfIdToken = error instanceof ClientAuthError && ID_TOKEN_CODES.has(error.errorCode);
  return isOfIdToken ? { outcome: 'id-token-refused', reason: error.errorCode } : tokenFailure(error);
}

/**
 * The same of a refresh. The standard has `invalid_scope` for scopes that the person has not granted with that refresh token: they
 * have to be asked. Entra ID says of those that consent is missing, and this of scopes that are none.
 *
 * @see RFC 6749 sections 5.2 and 6
 */
export function refreshFailure(error: unknown, protocol: OpSettings['protocol']): TokenFailure {
  const failure = tokenFailure(error);
  const ungranted = protocol === 'oidc' && failure.outcome === 'op-refused' && failure.reason === 'invalid_scope';
  return ungranted ? { outcome: 'interaction-required', reason: failure.reason } : failure;
}
