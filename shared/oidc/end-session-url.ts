export interface EndSessionRequest {
  readonly endSessionEndpoint: string;
  readonly clientId: string;
  readonly postLogoutRedirectUri: string;
  /** The ID token's `login_hint` claim: Entra ID then asks nobody which account to sign out. */
  readonly logoutHint: string | null;
  readonly state: string;
}

/**
 * The RP-initiated logout request. No `id_token_hint`: an ID token in a URL is a token in logs.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0 section 2
 */
export function endSessionUrl(request: EndSessionRequest): string {
  const url = new URL(request.endSessionEndpoint);
  url.searchParams.set('client_id', request.clientId);
  url.searchParams.set('post_logout_redirect_uri', request.postLogoutRedirectUri);
  url.searchParams.set('state', request.state);
  if (request.logoutHint !== null) url.searchParams.set('logout_hint', request.logoutHint);
  return url.href;
}
