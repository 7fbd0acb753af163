import { empty, json, refuse } from '../../shared/http/answers.ts';
import { hasCsrfHeader } from '../../shared/http/api-guard.ts';
import { SESSION_COOKIE } from '../../shared/http/cookie-names.ts';
import { deletedCookie } from '../../shared/http/cookies.ts';
import { segmentsOf } from '../../shared/http/message.ts';
import { isCrossSite } from '../../shared/http/same-origin.ts';
import { listSessions } from '../../shared/session/list.ts';
import { endListedSession } from '../../shared/signout/end-listed.ts';
import type { Trigger } from '../edge.ts';
import { forOwnPages } from '../own-pages.ts';
import { refuseChecked, refuseSession, ticketOf } from '../ticket-of.ts';
import { logReceipt, refuseUndone } from './outcome.ts';

/** `GET /auth/sessions`: the account's live sessions on all devices. Like `/auth/session` it looks without counting as use. */
const list: Trigger = async (visit) => {
  const { application, request } = visit;
  const ticket = ticketOf(application, request);
  if (ticket === null) return refuseSession(visit);
  const listed = await listSessions(application.store, ticket, application.settings.sessionIdleMinutes);
  return listed.outcome === 'listed' ? json(200, { sessions: listed.sessions }) : refuseChecked(visit, ticket, listed);
};

/** `DELETE /auth/sessions/{id}`: ends one session of the account, where a page of ours asks. */
const end: Trigger = async (visit) => {
  const { application, request, log, receivedAt } = visit;
  const { publicOrigin } = application.settings;
  if (isCrossSite(request, publicOrigin)) return refuse(request, 'cross_site');
  if (!hasCsrfHeader(request)) return refuse(request, 'csrf_header_missing');
  const ticket = ticketOf(application, request);
  if (ticket === null) return refuseSession(visit);
  const ended = await endListedSession(application, ticket, segmentsOf(request).at(-1) ?? '', receivedAt);
  const cookiesOf = (own: boolean) => (own ? [deletedCookie(SESSION_COOKIE)] : []);
  switch (ended.outcome) {
    case 'ended':
      logReceipt(log, ended.receipt);
      return empty(204, cookiesOf(ended.own));
    case 'unknown':
      return refuse(request, 'session_unknown');
    case 'queued':
      return refuseUndone(request, log, 'sessions', ended, { cookies: cookiesOf(ended.own) });
    case 'unfinished':
      return refuseUndone(request, log, 'sessions', ended);
    case 'signed-out':
    case 'unavailable':
      return refuseChecked(visit, ticket, ended);
  }
};

export const sessionsTriggers = { sessions: forOwnPages(['GET'], list), 'end-session': end };
