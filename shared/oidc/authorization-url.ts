/** What the caller of `/auth/signin` may pass on to the OP. */
export interface SigninHints {
  readonly prompt: 'login' | 'select_account' | 'consent' | 'none' | 'create' | null;
  readonly loginHint: string | null;
  readonly domainHint: string | null;
  /** A claims challenge, JSON. */
  readonly claims: string | null;
}

export const NO_HINTS: SigninHints = { prompt: null, loginHint: null, domainHint: null, claims: null };

export interface AuthorizationRequest {
  readonly authorizationEndpoint: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly responseMode: 'query' | 'form_post';
  readonly scopes: readonly string[];
  readonly state: string;
  readonly nonce: string;
  /** S256 of the attempt's `code_verifier`. */
  readonly codeChallenge: string;
  readonly hints: SigninHints;
  /** Parameters over or beside all these. */
  readonly more?: Readonly<Record<string, string>>;
}

/**
 * The authorization request: code flow, PKCE S256, `state` and `nonce`.
 *
 * @see OpenID Connect Core 1.0 section 3.1.2.1; RFC 7636 section 4.3
 */
export function authorizationParameters(request: AuthorizationRequest): Record<string, string> {
  const { hints } = request;
  const parameters: Record<string, string | null> = {
    client_id: request.clientId,
    response_type: 'code',
    redirect_uri: request.redirectUri,
    response_mode: request.responseMode,
    scope: request.scopes.join(' '),
    state: request.state,
    nonce: request.nonce,
    code_challenge: request.codeChallenge,
    code_challenge_method: 'S256',
    prompt: hints.prompt,
    login_hint: hints.loginHint,
    domain_hint: hints.domainHint,
    claims: hints.claims,
    ...request.more,
  };
  return Object.fromEntries(Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The request in the address to which the browser is sent. */
export function authorizationUrl(request: AuthorizationRequest): string {
  return addressOf(request.authorizationEndpoint, authorizationParameters(request));
}

/** The address of a request that the OP has already: its name, and whose it is (RFC 9126 section 4). */
export function pushedUrl(request: AuthorizationRequest, requestUri: string): string {
  return addressOf(request.authorizationEndpoint, { client_id: request.clientId, request_uri: requestUri });
}

function addressOf(endpoint: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
