import { page, redirect, refuse } from '../shared/http/answers.ts';
import { SESSION_COOKIE } from '../shared/http/cookie-names.ts';
import { deletedCookie } from '../shared/http/cookies.ts';
import { isSameOrigin } from '../shared/http/same-origin.ts';
import { renderConfirmSignout } from '../shared/page/confirm-signout.ts';
import { leave } from '../shared/signout/leave.ts';
import type { Trigger } from './edge.ts';
import { opOrigins } from './op-origins.ts';
import { ticketOf } from './ticket-of.ts';

/** `POST /auth/signout`: the application's own button. */
export const signout: Trigger = async ({ application, request, log, receivedAt }) => {
  if (!isSameOrigin(request, application.settings.publicOrigin)) return refuse(request, 'cross_site');
  const left = await leave(application, ticketOf(application, request), receivedAt);
  switch (left.outcome) {
    case 'left': {
      const { accounts, sessions } = left;
      log({ event: 'signout.completed', door: 'own', accounts, sessions, ms: Date.now() - receivedAt, tries: 0 });
      return redirect(303, left.location, [deletedCookie(SESSION_COOKIE)]);
    }
    case 'queued':
      log({ event: 'signout.queued', door: 'own', reason: left.reason });
      return refuse(request, 'signout_queued', {
        headers: { 'retry-after': '5' },
        cookies: [deletedCookie(SESSION_COOKIE)],
        ...(left.opUrl !== null && {
          actions: [{ label: 'Go on to sign out at the sign-in service', opUrl: left.opUrl }],
        }),
      });
    case 'unfinished':
      log({ event: 'signout.failed', door: 'own', reason: left.reason });
      return refuse(request, 'signout_unfinished', {
        headers: { 'retry-after': '1' },
        actions: [{ label: 'Sign out again', postTo: '/auth/signout' }],
        permissions: { formActions: await opOrigins(application) },
      });
  }
};

/** `GET /auth/signout`: a link must not sign anybody out, so it shows the button. */
export const confirmSignout: Trigger = async ({ application }) => {
  const formActions = await opOrigins(application);
  return page(200, renderConfirmSignout(application.settings.applicationName), { formActions });
};
