import type { Application } from '../shared/application/application.ts';
import { refuse } from '../shared/http/answers.ts';
import { SESSION_COOKIE } from '../shared/http/cookie-names.ts';
import { ownCookies } from '../shared/http/cookies.ts';
import type { Answer, IncomingRequest } from '../shared/http/message.ts';
import type { Checked } from '../shared/session/check.ts';
import { openTicket, type SessionTicket } from '../shared/session/ticket.ts';
import type { Visit } from './edge.ts';
import { refuseStorage } from './refuse-storage.ts';

const SIGNIN_URL = '/auth/signin';

/** The session that a request's cookie names; null without one that was issued here, which costs no I/O (G8). */
export function ticketOf({ store }: Application, request: IncomingRequest): SessionTicket | null {
  const cookie = ownCookies(request).get(SESSION_COOKIE);
  return cookie === undefined ? null : openTicket(store.keyring, cookie);
}

/**
 * Nobody is signed in: says where to sign in. A cookie that opens nothing stays where it is: another instance may know its
 * key while keys are rotated, and by now another tab may have put a new session's cookie in its place.
 */
export function refuseSession({ application, request }: Pick<Visit, 'application' | 'request'>): Answer {
  const reason = whyNobody(application, request);
  return refuse(request, 'session_required', { members: { signInUrl: SIGNIN_URL }, reason });
}

/** Why somebody found themselves signed out is what operators are asked most. */
function whyNobody(application: Application, request: IncomingRequest): string {
  if (!ownCookies(request).has(SESSION_COOKIE)) return 'no-cookie';
  return ticketOf(application, request) === null ? 'cookie-unreadable' : 'session-gone';
}

/** The ticket's session is not known to be live: says whether nobody is signed in or nobody can tell, and in the log why. */
export function refuseChecked(
  { application, request, log }: Pick<Visit, 'application' | 'request' | 'log'>,
  ticket: SessionTicket,
  checked: Exclude<Checked, { outcome: 'live' }>,
): Answer {
  if (checked.outcome === 'unavailable') return refuseStorage({ request, log }, checked);
  if (checked.unreadable) {
    const account = application.store.keyring.pseudonym(ticket.account);
    log({ event: 'session.unreadable', account, reason: checked.unreadable });
  }
  return refuseSession({ application, request });
}
