import type { Application } from '../shared/application/application.ts';
import { refuse } from '../shared/http/answers.ts';
import { SESSION_COOKIE } from '../shared/http/cookie-names.ts';
import { ownCookies } from '../shared/http/cookies.ts';
import type { Answer, IncomingRequest } from '../shared/http/message.ts';
import { openTicket, type SessionTicket } from '../shared/session/ticket.ts';

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
export function refuseSession(request: IncomingRequest): Answer {
  return refuse(request, 'session_required', { members: { signInUrl: SIGNIN_URL } });
}
