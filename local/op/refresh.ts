import { consentedScopes, unconsented } from './consents.ts';
import { contextsAsked, contextsMet } from './contexts.ts';
import { CLAIMS_WANTED, type EntraCode, NO_CONSENT } from './errors.ts';
import type { ScopeRequest } from './scopes.ts';
import type { OpState } from './state.ts';
import type { Application } from './types.ts';

/** Why a refresh token brings no access token without the person. */
interface Wanting {
  readonly code: EntraCode;
  /** What they have to sign in with, where it is that. */
  readonly claims?: string;
}

/**
 * What Entra ID asks of a refresh beyond the library: consent to the scopes, whenever it was given, and the authentication contexts
 * of a claims request, which the sign-in has to have met.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export async function refusedRefresh(
  state: OpState,
  application: Application,
  form: URLSearchParams,
  request: ScopeRequest,
): Promise<Wanting | null> {
  const { RefreshToken, Grant } = state.provider;
  const source = await RefreshToken.find(form.get('refresh_token') ?? '');
  if (!source?.accountId || source.clientId !== application.clientId) return null;
  if (unconsented(state, application, source.accountId, request).length > 0) return { code: NO_CONSENT };
  const claims = form.get('claims') ?? undefined;
  const met = contextsMet(source.acr);
  if (contextsAsked(state.dialect, { claims }).some((context) => !met.includes(context))) {
    return { code: CLAIMS_WANTED, ...(claims && { claims }) };
  }
  // What was consented to since the sign-in is good for its refresh token too.
  const grant = await Grant.find(source.grantId ?? '');
  if (grant) {
    const consented = consentedScopes(state, application, source.accountId);
    for (const [resource, names] of consented) grant.addResourceScope(resource, names.join(' '));
    await grant.save();
    source.scope = [...new Set([...source.scopes, ...[...consented.values()].flat()])].join(' ');
    await source.save();
  }
  return null;
}
