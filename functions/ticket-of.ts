import type { Application } from '../shared/application/application.ts';
import { refuse } from '../shared/http/answers.ts';
import { SESSION_COOKIE } from '../shared/http/cookie-names.ts';
import { deletedCookie, ownCookies } from '../shared/http/cookies.ts';
import type { Answer, IncomingRequest } from '../shared/http/message.ts';
import { openTicket, type SessionTicket } from '../shared/session/ticket.ts';

const SIGNIN_URL = '/auth/signin';

/** The session that a request's cookie names; null without one that was issued here, which costs no I/O (G8). */
export function ticketOf({ store }: Application, request: IncomingRequest): SessionTicket | null {
  const cookie = ownCookies(request).get(SESSION_COOKIE);
  return cookie === undefined ? null : openTicket(store.keyring, cookie);
}

/** Nobody is signed in: says where to sign in, and takes a dead cookie away. */
export function refuseSession(request: IncomingRequest): Answer {
  const dead = ownCookies(request).has(SESSION_COOKIE) ? [deletedCookie(SESSION_COOKIE)] : [];
  return refuse(request, 'session_required', { members: { signInUrl: SIGNIN_URL }, cookies: dead });
}
