import type { Application } from '../application/application.ts';
import { type EndSessionForm, type EndSessionRequest, endSessionForm, endSessionUrl } from '../oidc/end-session.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Receipt } from './receipt.ts';
import { type Attempted, attemptSignOut } from './retry.ts';

export const SIGNED_OUT_PATH = '/auth/signed-out';

export type Left =
  /** Gone, before the browser leaves for `location`; without a receipt where nobody's cookie came. */
  | { readonly outcome: 'left'; readonly location: string; readonly receipt: Receipt | null }
  /** Gone likewise; the browser leaves by posting this form to the OP. */
  | { readonly outcome: 'left-by-form'; readonly form: EndSessionForm; readonly receipt: Receipt }
  /** To be finished by the queue. `opUrl`: where the OP's session ends, which has not to wait for that; null where it has no such place. */
  | { readonly outcome: 'queued'; readonly opUrl: string | null; readonly reason: string }
  | Extract<Attempted, { outcome: 'unfinished' }>;

/**
 * The application's own sign-out: this side first, then the OP's session (RP-initiated logout). An OP that does not
 * answer, or has no `end_session_endpoint`, changes nothing on this side: the browser then stays here.
 *
 * @param ticket null where the request brought no cookie of ours: then there is nothing to end, here or there
 * @param receivedAt milliseconds since the epoch
 * @param scope what ends here, where whoever leaves has said so
 */
export async function leave(
  application: Application,
  ticket: SessionTicket | null,
  receivedAt: number,
  scope = application.settings.signoutScope,
): Promise<Left> {
  if (ticket === null) return { outcome: 'left', location: SIGNED_OUT_PATH, receipt: null };
  const attempted = await attemptSignOut(application, {
    kind: 'own',
    ticket,
    proved: null,
    door: 'own',
    receivedAt,
    scope,
    wantsIdToken: application.settings.signoutHint === 'id_token',
  });
  switch (attempted.outcome) {
    case 'signed-out': {
      const { receipt, loginHint, idToken } = attempted;
      const request = await endSessionRequest(application);
      if (request === null) return { outcome: 'left', location: SIGNED_OUT_PATH, receipt };
      if (idToken === undefined) return { outcome: 'left', location: endSessionUrl(request, loginHint), receipt };
      return { outcome: 'left-by-form', form: endSessionForm(request, idToken), receipt };
    }
    case 'queued': {
      const { reason, loginHint } = attempted;
      const request = await endSessionRequest(application);
      return { outcome: 'queued', opUrl: request && endSessionUrl(request, loginHint), reason };
    }
    case 'unfinished':
      return attempted;
  }
}

async function endSessionRequest({ op, settings, store }: Application): Promise<EndSessionRequest | null> {
  const known = await op.get();
  const endSessionEndpoint = 'outcome' in known ? undefined : known.metadata.end_session_endpoint;
  if (endSessionEndpoint === undefined) return null;
  return {
    endSessionEndpoint,
    clientId: settings.op.clientId,
    postLogoutRedirectUri: `${settings.publicOrigin}${SIGNED_OUT_PATH}`,
    state: Buffer.from(store.ambient.randomBytes(16)).toString('base64url'),
  };
}
