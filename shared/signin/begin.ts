import { ATTEMPT_MINUTES } from '../account/attempt-life.ts';
import type { Application, Op } from '../application/application.ts';
import { SESSION_COOKIE, SIGNED_OUT_COOKIE } from '../http/cookie-names.ts';
import { deletedCookie } from '../http/cookies.ts';
import type { Cookie } from '../http/message.ts';
import type { SigninHints } from '../oidc/authorization-url.ts';
import type { NotSetOut } from '../oidc/pushed-authorization.ts';
import { stepUpParameters } from '../oidc/step-up-request.ts';
import { openTicket, withoutApis } from '../session/ticket.ts';
import type { StepUp } from '../settings/settings.ts';
import { type Attempt, attemptCookieName, codeChallenge, crowdedOut, sealAttempt, startAttempt } from './attempt.ts';
import type { LocalPath } from './return-to.ts';
import { signinScopes } from './scopes-kept.ts';

export const CALLBACK_PATH = '/auth/callback';

export interface SigninWishes {
  readonly returnTo: LocalPath;
  readonly hints: SigninHints;
  /** What it has to prove beyond who it is. */
  readonly stepUp?: StepUp;
  /** The name of the downstream API that it is for. */
  readonly api?: string;
}

/** Where to send the browser, and the cookies to send along. */
export interface SigninBegun {
  readonly outcome: 'begun';
  readonly location: string;
  readonly cookies: readonly Cookie[];
}

/** Sets out on a sign-in. Nothing is stored for it: the attempt travels in its own sealed cookie. */
export async function beginSignin(
  application: Application,
  cookies: ReadonlyMap<string, string>,
  wishes: SigninWishes,
): Promise<SigninBegun | NotSetOut> {
  const op = await application.op.get();
  if ('outcome' in op) return op;
  const { settings, store } = application;
  const session = cookies.get(SESSION_COOKIE);
  const replaces = session === undefined ? null : openTicket(store.keyring, session);
  const attempt = startAttempt(store.ambient, {
    returnTo: wishes.returnTo,
    ...signinScopes(settings, wishes, replaces),
    replaces: replaces && withoutApis(replaces),
    hints: hintsFor(cookies, wishes.hints),
    ...(wishes.stepUp && { stepUp: wishes.stepUp }),
    again: false,
  });
  const cookie = attemptCookie(application, attempt);
  const crowded = crowdedOut(store.keyring, cookies, attempt.startedAt, cookie.name.length + cookie.value.length);
  const leaving = crowded.map((name) => deletedCookie(name, cookie.sameSite));
  return begun(application, op, attempt, [...leaving, cookie]);
}

/** What somebody is told who could not be sent to the OP. */
export function notSetOutCode({ outcome }: NotSetOut): 'op_refused' | 'op_unavailable' {
  return outcome === 'op-refused' ? 'op_refused' : 'op_unavailable';
}

/**
 * After a sign-out in this browser the OP is to ask who signs in: its own session may stand still, where the person never
 * came through its sign-out page, and would let whoever is next straight in. Who says how to ask is believed.
 */
function hintsFor(cookies: ReadonlyMap<string, string>, hints: SigninHints): SigninHints {
  return hints.prompt === null && cookies.has(SIGNED_OUT_COOKIE) ? { ...hints, prompt: 'select_account' } : hints;
}

/**
 * Sends a browser round once more, with what the first attempt wanted: a sign-out came in while it was at the OP.
 *
 * @param loginHint who they said they are, in the OP's words: whoever has picked an account has not to pick it twice
 */
export function beginAgain(
  application: Application,
  op: Op,
  cookies: ReadonlyMap<string, string>,
  first: Attempt,
  loginHint: string | null,
): Promise<SigninBegun | NotSetOut> {
  const picked = first.hints.prompt === 'select_account';
  const hints = picked ? { ...first.hints, prompt: null, loginHint } : hintsFor(cookies, first.hints);
  const attempt = startAttempt(application.store.ambient, { ...first, hints, again: true });
  return begun(application, op, attempt, [attemptCookie(application, attempt)]);
}

async function begun(
  application: Application,
  { metadata, authorizationAddress }: Op,
  attempt: Attempt,
  cookies: readonly Cookie[],
): Promise<SigninBegun | NotSetOut> {
  const { op, publicOrigin } = application.settings;
  const location = await authorizationAddress({
    authorizationEndpoint: metadata.authorization_endpoint,
    clientId: op.clientId,
    redirectUri: `${publicOrigin}${CALLBACK_PATH}`,
    responseMode: op.responseMode,
    scopes: attempt.scopes,
    state: attempt.state,
    nonce: attempt.nonce,
    codeChallenge: codeChallenge(attempt.codeVerifier),
    hints: attempt.hints,
    ...(attempt.stepUp && { more: stepUpParameters(attempt.stepUp, op.protocol, metadata, attempt.hints) }),
  });
  if (typeof location !== 'string') return location;
  return { outcome: 'begun', location, cookies };
}

function attemptCookie({ settings, store }: Application, attempt: Attempt): Cookie {
  return {
    name: attemptCookieName(attempt.state) as Cookie['name'],
    value: sealAttempt(store.keyring, attempt),
    // A Lax cookie does not come with the cross-site POST that `form_post` is.
    sameSite: settings.op.responseMode === 'form_post' ? 'None' : 'Lax',
    maxAgeSeconds: ATTEMPT_MINUTES * 60,
  };
}
