import { redirect, refuse } from '../shared/http/answers.ts';
import { deletedCookie, ownCookies, sessionCookie } from '../shared/http/cookies.ts';
import { queryOf } from '../shared/http/message.ts';
import { readForm } from '../shared/http/read-form.ts';
import { deviceLabel } from '../shared/session/device.ts';
import { sealTicket } from '../shared/session/ticket.ts';
import { attemptCookieName } from '../shared/signin/attempt.ts';
import { parseCallback } from '../shared/signin/callback-parameters.ts';
import { finishSignin } from '../shared/signin/finish.ts';
import type { Trigger, Visit } from './edge.ts';

/** `GET` or, with `form_post`, `POST /auth/callback`: the OP sends the browser back. */
export const callback: Trigger = async (visit) => {
  const { application, request, log, receivedAt } = visit;
  const parameters = await readParameters(visit);
  const parsed = parameters && parseCallback(parameters);
  if (!parsed) return refuse(request, 'callback_malformed');

  const finished = await finishSignin(
    application,
    ownCookies(request),
    parsed,
    deviceLabel(request.headers.get('user-agent')),
  );
  const { store, settings } = application;
  const sameSite = settings.op.responseMode === 'form_post' ? 'None' : 'Lax';
  const spent = deletedCookie(attemptCookieName(parsed.state), sameSite);
  const ms = Date.now() - receivedAt;
  switch (finished.outcome) {
    case 'signed-in': {
      log({ event: 'signin.completed', account: store.keyring.pseudonym(finished.ticket.account), ms });
      return redirect(303, finished.attempt.returnTo, [
        spent,
        sessionCookie(sealTicket(store.keyring, finished.ticket)),
      ]);
    }
    case 'begun':
      log({ event: 'signin.again', ms });
      return redirect(303, finished.location, [spent, ...finished.cookies]);
    case 'refused':
      log({ event: 'signin.refused', code: finished.code, reason: finished.reason });
      return refuse(request, finished.code, { cookies: [spent] });
  }
};

/** The parameters from where the setting says that they come, and from nowhere else. */
async function readParameters({ application, request }: Visit): Promise<URLSearchParams | null> {
  const formPost = application.settings.op.responseMode === 'form_post';
  if (request.method === 'GET') return formPost && !queryOf(request).has('error') ? null : queryOf(request);
  return formPost ? readForm(request) : null;
}
