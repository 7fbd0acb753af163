/** What is told to the OP at its `end_session_endpoint`, by whichever way. */
export interface EndSessionRequest {
  readonly endSessionEndpoint: string;
  readonly clientId: string;
  readonly postLogoutRedirectUri: string;
  readonly state: string;
}

/** A form that a browser posts to the OP. */
export interface EndSessionForm {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The RP-initiated logout request as a URL. No `id_token_hint`: an ID token in a URL is a token in logs.
 *
 * @param logoutHint the ID token's `login_hint` claim: Entra ID then asks nobody which account to sign out
 * @see OpenID Connect RP-Initiated Logout 1.0 section 2
 */
export function endSessionUrl(request: EndSessionRequest, logoutHint: string | null): string {
  const url = new URL(request.endSessionEndpoint);
  for (const [name, value] of Object.entries(parametersOf(request))) url.searchParams.set(name, value);
  if (logoutHint !== null) url.searchParams.set('logout_hint', logoutHint);
  return url.href;
}

/**
 * The same as a form, with the ID token in its body: no log, history or `Referer` has it. One that has expired is still a hint.
 *
 * @see OpenID Connect RP-Initiated Logout 1.0 sections 2 and 2.1
 */
export function endSessionForm(request: EndSessionRequest, idToken: string): EndSessionForm {
  return { action: request.endSessionEndpoint, fields: { id_token_hint: idToken, ...parametersOf(request) } };
}

function parametersOf(request: EndSessionRequest): Record<string, string> {
  return {
    client_id: request.clientId,
    post_logout_redirect_uri: request.postLogoutRedirectUri,
    state: request.state,
  };
}
