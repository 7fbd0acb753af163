import type { ProblemKind } from './kind.ts';

/** Who is signed in, and how that ends by their own hand. */
export const SESSION_PROBLEMS = {
  session_required: {
    status: 401,
    title: 'Nobody is signed in',
    detail: 'There is no session here, or it has ended.',
    advice: 'Sign in.',
    helpsToSignIn: true,
    when: 'The session cookie is missing, was not issued here, or its session has ended: signed out here or anywhere, idle, too old, or refused by the OP.',
    developer:
      'Send the whole page to `signInUrl`, with `returnTo` added; the [client module](client.md) does. Do not repeat the call.',
    operator:
      '`reason` in the log: `no-cookie`, `cookie-unreadable` (made up, or sealed with a key that is not in `SESSION_KEYS`), or `session-gone`.',
  },
  session_unknown: {
    status: 404,
    title: 'There is no such session',
    detail: 'None of your sessions has this id: it may have ended already.',
    advice: 'Look at the list of your sessions again.',
    when: '`DELETE /auth/sessions/{id}` names no live session of this account.',
    developer: 'Read `GET /auth/sessions` again.',
  },
  signout_scope_invalid: {
    status: 400,
    title: 'The scope of the sign-out is not one that there is',
    detail: 'It is "session", for this one, or "account", for all of yours, and comes once.',
    advice: 'Go to the start page and sign out from there.',
    when: '`scope` of `/auth/signout` is neither `session` nor `account`, or comes twice.',
    developer: 'Send one of the two, or leave it out.',
  },
  signout_queued: {
    status: 503,
    title: 'The sign-out is under way',
    detail: 'It cannot be finished at the moment. It is noted, and will be finished as soon as it can be.',
    advice: 'You need not wait for it.',
    when: 'Storage failed during a sign-out, at any door; the queue `signout-retry` has it.',
    developer: 'Nothing: it is finished as of now. To ask again does no harm.',
    operator: 'Look after the storage account; `signout.completed` in the log says when it is done.',
  },
  signout_unfinished: {
    status: 503,
    title: 'The sign-out is not finished',
    detail:
      'A service that it takes does not answer or is overrun, and it could not be noted for later: nothing was ended.',
    advice: 'Sign out again in a moment.',
    when: 'Storage or the OP failed during a sign-out, at any door, and the queue did not take it either.',
    developer: 'Ask again after `Retry-After`: the person is still signed in.',
    operator: 'Look after the storage account and `AzureWebJobsStorage`; `reason` in the log says what failed.',
  },
} as const satisfies Record<string, ProblemKind>;
