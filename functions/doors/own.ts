import { page, redirect, refuse } from '../../shared/http/answers.ts';
import { SESSION_COOKIE } from '../../shared/http/cookie-names.ts';
import { deletedCookie, ownCookies, signedOutCookie } from '../../shared/http/cookies.ts';
import { queryOf } from '../../shared/http/message.ts';
import { isSameOrigin } from '../../shared/http/same-origin.ts';
import { renderConfirmSignout, signoutPath } from '../../shared/page/confirm-signout.ts';
import { renderLeave } from '../../shared/page/leave.ts';
import { renderSignedOut } from '../../shared/page/signed-out.ts';
import { chosenScope } from '../../shared/signout/chosen-scope.ts';
import { leave } from '../../shared/signout/leave.ts';
import type { Trigger } from '../edge.ts';
import { opOrigins } from '../op-origins.ts';
import { ticketOf } from '../ticket-of.ts';
import { logReceipt, refuseUndone } from './outcome.ts';

/** What a browser is told whose person has left. */
const SIGNED_OUT = [deletedCookie(SESSION_COOKIE), signedOutCookie()];
const NOBODY = [deletedCookie(SESSION_COOKIE)];

/** `POST /auth/signout`: the application's own button. `?scope=` ends less than `SIGNOUT_SCOPE` or more, as the person chooses. */
const signout: Trigger = async ({ application, request, log, receivedAt }) => {
  if (!isSameOrigin(request, application.settings.publicOrigin)) return refuse(request, 'cross_site');
  const scope = chosenScope(queryOf(request));
  if (scope === null) return refuse(request, 'signout_scope_invalid');
  const left = await leave(application, ticketOf(application, request), receivedAt, scope);
  switch (left.outcome) {
    case 'left':
      if (left.receipt !== null) logReceipt(log, left.receipt);
      // Who brought no cookie was not signed in here, and has left nothing behind. One that does not open, its key having been
      // taken away, may have been good: then the OP's session stands, and must not let in whoever is next unasked.
      return redirect(303, left.location, ownCookies(request).has(SESSION_COOKIE) ? SIGNED_OUT : NOBODY);
    case 'left-by-form': {
      logReceipt(log, left.receipt);
      const formActions = await opOrigins(application);
      return page(200, renderLeave(application.settings.applicationName, left.form), { formActions }, SIGNED_OUT);
    }
    case 'queued':
      return refuseUndone(request, log, 'own', left, {
        cookies: SIGNED_OUT,
        ...(left.opUrl !== null && {
          actions: [{ label: 'Go on to sign out at the sign-in service', opUrl: left.opUrl }],
        }),
      });
    case 'unfinished':
      return refuseUndone(request, log, 'own', left, {
        actions: [{ label: 'Sign out again', postTo: signoutPath(scope) }],
        permissions: { formActions: await opOrigins(application) },
      });
  }
};

/** `GET /auth/signout`: a link must not sign anybody out, so it shows the button, which ends what the link's `?scope=` says. */
const confirmSignout: Trigger = async ({ application, request }) => {
  const scope = chosenScope(queryOf(request));
  if (scope === null) return refuse(request, 'signout_scope_invalid');
  const { applicationName, signoutScope } = application.settings;
  const formActions = await opOrigins(application);
  return page(200, renderConfirmSignout(applicationName, signoutScope, scope), { formActions });
};

/** `GET /auth/signed-out`: where the OP returns the browser. Entra ID sends no `state` back, so none is asked for. */
const signedOut: Trigger = ({ application }) => page(200, renderSignedOut(application.settings.applicationName));

export const ownTriggers = { signout, 'confirm-signout': confirmSignout, 'signed-out': signedOut };
