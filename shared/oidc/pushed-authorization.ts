import {
  type AuthorizationRequest,
  authorizationParameters,
  authorizationUrl,
  pushedUrl,
} from './authorization-url.ts';
import type { ClientAnswer, ClientRequests } from './client-requests.ts';
import type { OpMetadata } from './metadata.ts';

/** A person waits for it, who has not yet seen anything. */
const PUSH_DEADLINE_MILLISECONDS = 5_000;
/** A reference, far shorter at every OP; it becomes part of an address. */
const REQUEST_URI_CHARACTERS_MAX = 2_048;
/** What of the OP's words goes into the log: its error codes, RFC 9126 section 2.3, and nothing that could repeat a request. */
const ERRORS = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'invalid_target',
  'access_denied',
  'login_required',
  'server_error',
  'temporarily_unavailable',
]);

export type NotSetOut =
  /** The OP takes no request of this application, or none in the way that the settings say. */
  | { readonly outcome: 'op-refused'; readonly reason: string }
  | { readonly outcome: 'op-unavailable'; readonly reason: string };

/** Makes the address to which the browser is sent. */
export type AuthorizationAddress = (request: AuthorizationRequest) => Promise<string | NotSetOut>;

/**
 * How an authorization request reaches the OP: in the address, or pushed before, where the OP takes that. A push that fails
 * is told and nothing else is tried: the same client proves itself by the same credential at the same OP when the code is
 * redeemed, so that whoever went on in the address would only fail later, and whoever can make pushes fail could choose.
 *
 * @param par `off`: never pushed; an OP that takes no other requests then gets none
 * @see RFC 9126
 */
export function authorizationAddress(
  par: 'auto' | 'off',
  metadata: OpMetadata,
  requests: ClientRequests,
): AuthorizationAddress {
  const endpoint = metadata.pushed_authorization_request_endpoint;
  const required = metadata.require_pushed_authorization_requests === true;
  if (required && par === 'off') return async () => ({ outcome: 'op-refused', reason: 'par-required' });
  if (required && endpoint === undefined) return async () => ({ outcome: 'op-refused', reason: 'par-no-endpoint' });
  if (endpoint === undefined || par === 'off') return async (request) => authorizationUrl(request);
  return async (request) => {
    const answer = await requests({
      endpoint,
      fields: authorizationParameters(request),
      methods: metadata.token_endpoint_auth_methods_supported,
      deadlineMilliseconds: PUSH_DEADLINE_MILLISECONDS,
    });
    const requestUri = requestUriOf(answer);
    return typeof requestUri === 'string' ? pushedUrl(request, requestUri) : requestUri;
  };
}

/** RFC 9126 sections 2.2 and 2.3. */
function requestUriOf(answer: ClientAnswer): string | NotSetOut {
  if (answer.outcome === 'failed') return { outcome: 'op-unavailable', reason: `par-${answer.reason}` };
  const { status, body } = answer;
  const { request_uri, error } = (body ?? {}) as { readonly request_uri?: unknown; readonly error?: unknown };
  if (status === 201 || status === 200) {
    if (typeof request_uri === 'string' && request_uri !== '' && request_uri.length <= REQUEST_URI_CHARACTERS_MAX) {
      return request_uri;
    }
    return { outcome: 'op-unavailable', reason: 'par-malformed' };
  }
  const word = typeof error === 'string' && ERRORS.has(error) ? error : `status-${status}`;
  const later = status >= 500 || status === 429 || word === 'temporarily_unavailable' || word === 'server_error';
  return { outcome: later ? 'op-unavailable' : 'op-refused', reason: `par-${word}` };
}
