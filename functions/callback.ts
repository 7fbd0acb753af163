import { redirect, refuse } from '../shared/http/answers.ts';
import { SIGNED_OUT_COOKIE } from '../shared/http/cookie-names.ts';
import { deletedCookie, ownCookies, sessionCookie } from '../shared/http/cookies.ts';
import { queryOf } from '../shared/http/message.ts';
import { readForm } from '../shared/http/read-form.ts';
import { deviceLabel } from '../shared/session/device.ts';
import { sealTicket } from '../shared/session/ticket.ts';
import { attemptCookieName } from '../shared/signin/attempt.ts';
import { parseCallback } from '../shared/signin/callback-parameters.ts';
import { finishSignin } from '../shared/signin/finish.ts';
import type { Trigger, Visit } from './edge.ts';

/** The mark that somebody has signed out in this browser. */
const MARK_TAKEN = deletedCookie(SIGNED_OUT_COOKIE);

/** `GET` or, with `form_post`, `POST /auth/callback`: the OP sends the browser back. */
export const callback: Trigger = async (visit) => {
  const { application, request, log, receivedAt } = visit;
  const parameters = await readParameters(visit);
  const parsed = parameters && parseCallback(parameters);
  if (!parsed) return refuse(request, 'callback_malformed');

  const cookies = ownCookies(request);
  const marked = cookies.has(SIGNED_OUT_COOKIE);
  const finished = await finishSignin(application, cookies, parsed, deviceLabel(request.headers.get('user-agent')));
  const { store, settings } = application;
  const sameSite = settings.op.responseMode === 'form_post' ? 'None' : 'Lax';
  const spent = deletedCookie(attemptCookieName(parsed.state), sameSite);
  const ms = Date.now() - receivedAt;
  switch (finished.outcome) {
    case 'signed-in': {
      log({ event: 'signin.completed', account: store.keyring.pseudonym(finished.ticket.account), ms });
      const { returnTo, hints, again } = finished.attempt;
      const session = sessionCookie(sealTicket(store.keyring, finished.ticket));
      // Whoever has signed in was asked who they are. (A cross-site `form_post` does not bring the mark.)
      const asked = hints.prompt !== 'none' && (again || hints.prompt !== null) && (marked || sameSite === 'None');
      return redirect(303, returnTo, [spent, session, ...(asked ? [MARK_TAKEN] : [])]);
    }
    case 'begun':
      log({ event: 'signin.again', ms });
      return redirect(303, finished.location, [spent, ...finished.cookies]);
    case 'refused':
      log({ event: 'signin.refused', code: finished.code, reason: finished.reason });
      // An OP that takes our question for an error must not be asked it for a day.
      return refuse(request, finished.code, {
        cookies: finished.code === 'op_error' && marked ? [spent, MARK_TAKEN] : [spent],
      });
  }
};

/** The parameters from where the setting says that they come, and from nowhere else. */
async function readParameters({ application, request }: Visit): Promise<URLSearchParams | null> {
  const formPost = application.settings.op.responseMode === 'form_post';
  if (request.method === 'GET') return formPost && !queryOf(request).has('error') ? null : queryOf(request);
  return formPost ? readForm(request) : null;
}
