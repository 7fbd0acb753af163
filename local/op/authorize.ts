import { registeredScopes } from './consents.ts';
import { entraCodeOf } from './errors.ts';
import { checkScopes, refuseLater } from './resources.ts';
import { ENTRA_FORM_POST, ENTRA_QUERY } from './response-modes.ts';
import { OFFLINE_SCOPE, parseScope, scopesByResource } from './scopes.ts';
import { applicationOf, type Next, type OpContext, type OpState } from './state.ts';
import type { Application } from './types.ts';

/**
 * Takes an authorization request as Entra does, in the address or by the name under which it was pushed; what was pushed has
 * been put into the library's words by then.
 */
export async function authorize(state: OpState, ctx: OpContext, next: Next): Promise<void> {
  const failure = await state.faults.meet('authorize');
  const query = new URLSearchParams(ctx.querystring);
  const application = applicationOf(state, query.get('client_id'));
  // Resuming after the picker: what follows was done when the request came in.
  if (!application) return void (await next());
  if (failure) refuseLater(ctx, { error: failure.error, code: entraCodeOf(failure.error) });
  if (!query.has('request_uri')) ctx.querystring = translated(state, ctx, query, application).toString();
  await next();
}

/** The parameter that keeps the scopes of a request as they came. */
export const ASKED_SCOPE = 'asked_scope';

/**
 * An authorization request in the library's words: scopes become resource indicators, all that is consented
 * to is granted (as Entra does: its access tokens carry every consented scope of a resource), the answer goes by our response
 * modes, `prompt=consent` has nothing to ask. Of `max_age` Entra documents nothing.
 */
export function translated(
  { dialect }: OpState,
  ctx: OpContext,
  query: URLSearchParams,
  application: Application,
): URLSearchParams {
  const request = parseScope(query.get('scope'));
  const first = checkScopes(ctx, request, application, false);
  const registered = scopesByResource(registeredScopes(application));
  // What was asked for is asked of the person; what the library is told is all that a refresh may come to ask for.
  query.set(ASKED_SCOPE, query.get('scope') ?? '');
  const scope = new Set(request.openid.map((name) => (name === 'offline_access' ? OFFLINE_SCOPE : name)));
  for (const names of registered.values()) for (const name of names) scope.add(name);
  query.set('scope', [...scope].join(' '));
  query.delete('resource');
  for (const resource of new Set([first, ...registered.keys()])) query.append('resource', resource);

  const mode = query.get('response_mode') ?? 'query';
  if (mode === 'query') query.set('response_mode', ENTRA_QUERY);
  if (mode === 'form_post') query.set('response_mode', ENTRA_FORM_POST);

  const prompt = (query.get('prompt') ?? '').split(' ').filter((value) => value && value !== 'consent');
  if (prompt.length > 0) query.set('prompt', prompt.join(' '));
  else query.delete('prompt');
  if (dialect === 'entra') query.delete('max_age');
  return query;
}
