import { json } from '../shared/http/answers.ts';
import { checkSession } from '../shared/session/check.ts';
import { describeSession } from '../shared/session/describe.ts';
import type { Trigger } from './edge.ts';
import { forOwnPages } from './own-pages.ts';
import { refuseChecked, refuseSession, ticketOf } from './ticket-of.ts';

const look: Trigger = async (visit) => {
  const { application, request } = visit;
  const ticket = ticketOf(application, request);
  if (ticket === null) return refuseSession(visit);
  const { sessionIdleMinutes } = application.settings;
  const checked = await checkSession(application.store, ticket, sessionIdleMinutes);
  return checked.outcome === 'live'
    ? json(200, describeSession(checked.session, sessionIdleMinutes))
    : refuseChecked(visit, ticket, checked);
};

/** `GET /auth/session`: who is signed in. It looks without counting as use, so that a page may ask often. */
export const session = forOwnPages(['GET'], look);
