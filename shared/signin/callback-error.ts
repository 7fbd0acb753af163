import type { ProblemCode } from '../http/problems.ts';

/** The words of an authorization error response: RFC 6749 section 4.1.2.1, OpenID Connect Core 1.0 section 3.1.2.6. */
const CODES: ReadonlyMap<string, ProblemCode> = new Map([
  ['access_denied', 'access_denied'],
  ['interaction_required', 'interaction_required'],
  ['login_required', 'interaction_required'],
  ['consent_required', 'interaction_required'],
  ['account_selection_required', 'interaction_required'],
  // OpenID Connect Core Unmet Authentication Requirements 1.0 section 2.
  ['unmet_authentication_requirements', 'step_up_unmet'],
  ['temporarily_unavailable', 'op_unavailable'],
  ['invalid_request', 'op_error'],
  ['invalid_request_object', 'op_error'],
  ['invalid_request_uri', 'op_error'],
  ['invalid_scope', 'op_error'],
  ['registration_not_supported', 'op_error'],
  ['request_not_supported', 'op_error'],
  ['request_uri_not_supported', 'op_error'],
  ['server_error', 'op_error'],
  ['unauthorized_client', 'op_error'],
  ['unsupported_response_type', 'op_error'],
]);

/**
 * What the OP's `error` comes to here, and what the log says of it: the word itself only where it is one of those that an
 * OP may use, since anybody can write another into the address.
 */
export function refusalOf(error: string): readonly [code: ProblemCode, reason: string] {
  const code = CODES.get(error);
  return code === undefined ? ['op_error', 'unknown-error'] : [code, error];
}
