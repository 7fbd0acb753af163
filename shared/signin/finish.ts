import { type AccountKey, accountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { admit } from '../account/admit.ts';
import { hashSecret, makeSessionId } from '../account/session-record.ts';
import { atEach } from '../account/where.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import { waitUntil } from '../ambient/wait-until.ts';
import type { Application, Op } from '../application/application.ts';
import { withRevocation } from '../application/with-revocation.ts';
import { SESSION_COOKIE } from '../http/cookie-names.ts';
import type { Assurance } from '../oidc/assurance.ts';
import type { IdTokenClaims } from '../oidc/id-token.ts';
import type { Keyring } from '../seal/keyring.ts';
import { endSession } from '../session/end-session.ts';
import { openTicket, type SessionTicket } from '../session/ticket.ts';
import { endReplacedSession } from '../signout/sign-out-own.ts';
import type { Unavailable } from '../store/table.ts';
import type { CodeRedeemed, SessionCache } from '../tokens/token-client.ts';
import { assure } from './assure.ts';
import { type Attempt, attemptCookieName, isExpired, openAttempt } from './attempt.ts';
import { beginAgain, CALLBACK_PATH, notSetOutCode } from './begin.ts';
import { refusalOf } from './callback-error.ts';
import type { CallbackParameters } from './callback-parameters.ts';
import { checkIdentity, issuerMatches } from './check-answer.ts';
import { consumeAttempt } from './consume-attempt.ts';
import { refused, type SigninFinished, storageRefused } from './finished.ts';
import { revokeRefused } from './revoke-refused.ts';
import { redeemedScopes } from './scopes-kept.ts';
import { sessionUser } from './session-user.ts';
import { signoutTargets } from './signout-targets.ts';

/** A tombstone is at most a clock's skew and the second of a logout token's `iat` ahead; then the skew has to pass. */
const SIGNED_OUT_WAIT_MILLISECONDS_MAX = 2 * CLOCK_SKEW_MILLISECONDS + 1_000;

/**
 * Finishes a sign-in (DESIGN, rule 2): attempt, `iss`, code, ID token, then the account's partition; only then is there a
 * ticket to make a cookie of.
 *
 * @param device how the browser names itself, for the list of sessions
 */
export async function finishSignin(
  application: Application,
  cookies: ReadonlyMap<string, string>,
  parameters: CallbackParameters,
  device: string,
): Promise<SigninFinished> {
  const { done } = await withRevocation(application, (telling) => finish(telling, cookies, parameters, device));
  return done;
}

async function finish(
  application: Application,
  cookies: ReadonlyMap<string, string>,
  parameters: CallbackParameters,
  device: string,
): Promise<SigninFinished> {
  const { settings, store } = application;
  const cookieName = attemptCookieName(parameters.state);
  const cookie = cookies.get(cookieName);
  if (cookie === undefined) return refused(cookies.size === 0 ? 'cookies_blocked' : 'state_unknown');
  const attempt = openAttempt(store.keyring, cookieName, cookie);
  if (attempt?.state !== parameters.state) return refused('state_unknown');
  if (isExpired(attempt, store.ambient.now())) return refused('attempt_expired');

  const op = await application.op.get();
  if ('outcome' in op) return refused('op_unavailable', op.reason);
  if (!issuerMatches(op, parameters.iss)) return refused('issuer_mismatch');
  if (parameters.error !== null) return refused(...refusalOf(parameters.error));

  const consumed = await consumeAttempt(store, attempt);
  if (consumed === 'already-used') return refused('attempt_used');
  if (consumed !== 'consumed') return storageRefused(consumed);

  const redeemed = await op.tokens.redeemCode({
    code: parameters.code ?? '',
    codeVerifier: attempt.codeVerifier,
    nonce: attempt.nonce,
    redirectUri: `${settings.publicOrigin}${CALLBACK_PATH}`,
    scopes: redeemedScopes(settings, attempt),
    claims: attempt.hints.claims,
  });
  switch (redeemed.outcome) {
    case 'redeemed':
      break;
    case 'grant-dead':
      return refused('code_rejected', redeemed.reason);
    case 'interaction-required':
      return refused('interaction_required', redeemed.reason);
    case 'op-unavailable':
      return refused('op_unavailable', redeemed.reason);
    case 'op-refused':
      return refused('op_refused', redeemed.reason);
    case 'id-token-refused':
      return refused('id_token_rejected', redeemed.reason);
  }
  const finished = await takeIn(application, op, { cookies, parameters, device, attempt, redeemed });
  if (finished.outcome !== 'signed-in') await revokeRefused(application, op, redeemed);
  return finished;
}

/** A browser that has come back, with what its code was redeemed for. */
interface Returned {
  readonly cookies: ReadonlyMap<string, string>;
  readonly parameters: CallbackParameters;
  readonly device: string;
  readonly attempt: Attempt;
  readonly redeemed: CodeRedeemed;
}

async function takeIn(
  application: Application,
  op: Op,
  { cookies, parameters, device, attempt, redeemed }: Returned,
): Promise<SigninFinished> {
  const { settings, store } = application;
  const { protocol } = settings.op;
  const vouched = await checkIdentity(op, protocol, parameters, { idToken: redeemed.idToken, nonce: attempt.nonce });
  if (vouched.outcome === 'refused') return vouched;
  const { claims, sid, sidFrom } = vouched;
  const assured = assure(application, attempt, claims);
  if (assured.outcome === 'refused') return assured;
  const { assurance } = assured;
  application.lastSignin.note({ sid: sidFrom, loginHint: sessionUser(claims).loginHint !== null });
  const replaced = replacedSessions(store.keyring, attempt, cookies);
  return letIn(application, op, { cookies, attempt, cache: redeemed.cache, claims, assurance, sid, device, replaced });
}

/** A person for whom the OP has vouched, and whom we have checked. */
interface Vouched {
  readonly cookies: ReadonlyMap<string, string>;
  readonly attempt: Attempt;
  readonly cache: SessionCache;
  readonly claims: IdTokenClaims;
  readonly assurance: Assurance;
  readonly sid: string | null;
  readonly device: string;
  readonly replaced: readonly SessionTicket[];
}

async function letIn(
  application: Application,
  op: Op,
  { cookies, attempt, cache, claims, assurance, sid, device, replaced }: Vouched,
): Promise<SigninFinished> {
  const { settings, store } = application;
  const { ambient } = store;
  const { homeAccountId } = cache;
  const account = accountKey(homeAccountId, settings.op.clientId);
  const sessionId = makeSessionId(ambient.randomBytes);
  const secret = Buffer.from(ambient.randomBytes(32)).toString('base64url');
  const now = ambient.now();

  const elsewhere = replaced.filter((ticket) => ticket.account !== account);
  const earlier = Promise.all(elsewhere.map((ticket) => endReplacedSession(store, ticket, now))).then(
    (ended) => ended.find((one) => one !== 'ended') ?? 'ended',
  );

  const named = { account, homeAccountId, claims, sid };
  const { indexes, tombstones, own } = signoutTargets(settings, op.metadata.issuer, named);
  const admitting = admit(store, {
    account,
    sessionId,
    record: {
      secretHash: hashSecret(secret),
      sid,
      startedAt: attempt.startedAt,
      signedInAt: now,
      lastUsedAt: now,
      endsAt: now + settings.sessionAbsoluteMinutes * 60_000,
      device,
      homeAccountId,
      user: sessionUser(claims),
      ...assurance,
    },
    cache: cache.serialized,
    indexes,
    tombstones,
    replaces: replaced.filter((ticket) => ticket.account === account).map((ticket) => ticket.sessionId),
    earlier,
  });
  const [admitted] = await Promise.all([admitting, earlier]);
  switch (admitted.outcome) {
    case 'admitted': {
      const ticket = { account, sessionId, secret, tombstone: own, ...(attempt.apis && { apis: attempt.apis }) };
      const left = await endAtOtherPlace(store, account, replaced, now);
      if (left === 'ended') return { outcome: 'signed-in', ticket, attempt };
      // Nobody will have its cookie. Whoever refuses the sign-in sees to its tokens.
      const { departed: _, ...untold } = store;
      await endSession(untold, ticket);
      return storageRefused(left);
    }
    case 'unavailable':
      return storageRefused(admitted);
    case 'too-large':
      return refused('tokens_too_large');
    case 'signed-out-meanwhile': {
      if (attempt.again) return refused('signed_out_meanwhile');
      // Until the clocks have passed the sign-out, a new attempt would be refused just as this one was. A tombstone further
      // ahead than any clock is damaged, and nobody waits for what it says.
      await waitUntil(ambient, admitted.signedOutAt + CLOCK_SKEW_MILLISECONDS, SIGNED_OUT_WAIT_MILLISECONDS_MAX);
      const again = await beginAgain(application, op, cookies, attempt, sessionUser(claims).loginHint);
      return again.outcome === 'begun' ? again : refused(notSetOutCode(again), again.reason);
    }
  }
}

/**
 * While the application moves, the browser's earlier session may stand at another place than the new one, and not leave with the
 * same write. It leaves after it: whoever finds it gone then finds what took its place.
 */
async function endAtOtherPlace(
  store: AccountStore,
  account: AccountKey,
  replaced: readonly SessionTicket[],
  now: number,
): Promise<'ended' | Unavailable> {
  if (atEach(store, account).length === 1) return 'ended';
  const here = replaced.filter((ticket) => ticket.account === account);
  const ended = await Promise.all(here.map((ticket) => endReplacedSession(store, ticket, now)));
  const left = ended.find((one) => one !== 'ended') ?? 'ended';
  if (left === 'ended') {
    const ids = here.map(({ sessionId }) => sessionId);
    store.replacedHere.note(ids, store.ambient.now());
  }
  return left;
}

/**
 * The sessions whose cookie the new one overwrites: that of when the attempt set out, and that which came with the callback,
 * since another tab may have signed in meanwhile. (A cross-site `form_post` brings no Lax cookie: there the first alone.)
 */
function replacedSessions(
  keyring: Keyring,
  { replaces }: Attempt,
  cookies: ReadonlyMap<string, string>,
): SessionTicket[] {
  const cookie = cookies.get(SESSION_COOKIE);
  const current = cookie === undefined ? null : openTicket(keyring, cookie);
  const tickets = [replaces, current].filter((ticket) => ticket !== null);
  return [...new Map(tickets.map((ticket) => [ticket.sessionId, ticket])).values()];
}
