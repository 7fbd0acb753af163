import { json, refuse } from '../shared/http/answers.ts';
import { checkSession } from '../shared/session/check.ts';
import { describeSession } from '../shared/session/describe.ts';
import type { Trigger } from './edge.ts';
import { refuseSession, ticketOf } from './ticket-of.ts';

/** `GET /auth/session`: who is signed in. It looks without counting as use, so that a page may ask often. */
export const session: Trigger = async ({ application, request, log }) => {
  const ticket = ticketOf(application, request);
  if (ticket === null) return refuseSession(request);
  const { sessionIdleMinutes } = application.settings;
  const checked = await checkSession(application.store, ticket, sessionIdleMinutes);
  switch (checked.outcome) {
    case 'live':
      return json(200, describeSession(checked.session, sessionIdleMinutes));
    case 'signed-out':
      if (checked.unreadable) {
        const account = application.store.keyring.pseudonym(ticket.account);
        log({ event: 'session.unreadable', account, reason: checked.unreadable });
      }
      return refuseSession(request);
    case 'unavailable':
      log({ event: 'storage.unavailable', reason: checked.reason });
      return refuse(request, 'storage_unavailable', { headers: { 'retry-after': '1' } });
  }
};
