import { describe, entraCodeOf } from './errors.ts';
import { formPostPage } from './pages/form-post-page.ts';
import { applicationOf, type OpContext, type OpState, userOf } from './state.ts';

/** Our response modes stand behind `query` and `form_post`: the library has no other place that sees errors and successes. */
export const ENTRA_QUERY = 'entra_query';
export const ENTRA_FORM_POST = 'entra_form_post';

type Payload = Readonly<Record<string, unknown>>;

/**
 * The parameters of the callback, as Entra sends them: `session_state` beside a code (its value is the `sid`), an
 * `AADSTS…` description beside an error, `error_subcode=cancel` where the user turned back, `iss` (RFC 9207) only if asked for.
 */
function callbackParameters(state: OpState, ctx: OpContext, payload: Payload): URLSearchParams {
  const parameters = new URLSearchParams();
  const set = (name: string, value: unknown) => {
    if (value !== undefined) parameters.set(name, String(value));
  };
  if (payload.error === undefined) {
    const session = state.sessions.of(ctx.oidc.session?.uid ?? '');
    set('code', payload.code);
    set('state', payload.state);
    set('session_state', session.sid);
    signedIn(state, ctx, session.applications);
    state.record(String(payload.code));
  } else {
    const error = String(payload.error);
    const own = String(payload.error_description ?? '').startsWith('AADSTS');
    set('error', error);
    set('error_description', own ? payload.error_description : describe(entraCodeOf(error)));
    if (error === 'access_denied') set('error_subcode', 'cancel');
    set('state', payload.state);
  }
  if (state.issParameter) set('iss', payload.iss);
  return parameters;
}

/** From here on a sign-out of this OP session calls the application too. */
function signedIn(state: OpState, ctx: OpContext, applications: Set<string>): void {
  const application = applicationOf(state, ctx.oidc.client?.clientId);
  const user = userOf(state, ctx.oidc.session?.accountId);
  if (!application || !user) return;
  applications.add(application.clientId);
  state.emit({ kind: 'signed-in', application: application.name, user: user.upn });
}

/** The handlers to register with the library, by response mode. */
export function responseModes(state: OpState) {
  return {
    [ENTRA_QUERY](ctx: OpContext, redirectUri: string, payload: Payload) {
      const target = new URL(redirectUri);
      for (const [name, value] of callbackParameters(state, ctx, payload)) target.searchParams.set(name, value);
      ctx.status = 302;
      ctx.redirect(target.href);
    },
    [ENTRA_FORM_POST](ctx: OpContext, redirectUri: string, payload: Payload) {
      ctx.status = 200;
      formPostPage(ctx, redirectUri, callbackParameters(state, ctx, payload));
    },
  };
}
