import type { Application } from '../application/application.ts';
import { endSessionUrl } from '../oidc/end-session-url.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import { signOutOwn } from './sign-out-own.ts';

const SIGNED_OUT_PATH = '/auth/signed-out';

export type Left =
  /** Gone, before the browser leaves for `location`; `sessions` is zero where nothing stood any more. */
  { readonly outcome: 'left'; readonly location: string; readonly sessions: number } | Unavailable;

/**
 * The application's own sign-out: this side first, then the OP's session (RP-initiated logout). An OP that does not
 * answer, or has no `end_session_endpoint`, changes nothing on this side: the browser then stays here.
 *
 * @param ticket null where the request brought no cookie of ours: then there is nothing to end, here or there
 * @param receivedAt milliseconds since the epoch
 */
export async function leave(application: Application, ticket: SessionTicket | null, receivedAt: number): Promise<Left> {
  if (ticket === null) return { outcome: 'left', location: SIGNED_OUT_PATH, sessions: 0 };
  const { settings, store } = application;
  const signedOut = await signOutOwn(store, ticket, receivedAt, settings.signoutScope);
  if (signedOut.outcome === 'unavailable') return signedOut;
  const ended = signedOut.outcome === 'signed-out' ? signedOut : null;
  const location = await opLogout(application, ended?.record.user.loginHint ?? null);
  return { outcome: 'left', location, sessions: ended?.sessions ?? 0 };
}

async function opLogout({ op, settings, store }: Application, logoutHint: string | null): Promise<string> {
  const known = await op.get();
  const endpoint = 'outcome' in known ? undefined : known.metadata.end_session_endpoint;
  if (endpoint === undefined) return SIGNED_OUT_PATH;
  return endSessionUrl({
    endSessionEndpoint: endpoint,
    clientId: settings.op.clientId,
    postLogoutRedirectUri: `${settings.publicOrigin}${SIGNED_OUT_PATH}`,
    logoutHint,
    state: Buffer.from(store.ambient.randomBytes(16)).toString('base64url'),
  });
}
