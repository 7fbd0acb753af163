import { createHash } from 'node:crypto';
import { compactVerify, createLocalJWKSet, decodeJwt } from 'jose';
import { callBackChannels } from './back-channel.ts';
import { describe, entraCodeOf } from './errors.ts';
import { readForm } from './form.ts';
import { publicJwks } from './keys.ts';
import { confirmPage } from './pages/confirm-page.ts';
import { messagePage } from './pages/message-page.ts';
import { type Frame, signedOutPage } from './pages/signed-out-page.ts';
import { COOKIE_NAMES } from './provider.ts';
import { applicationOf, issuerOf, type OpContext, type OpState, userOf } from './state.ts';
import type { Application, User } from './types.ts';
import { loginHintOf } from './users.ts';

type Session = Awaited<ReturnType<OpState['provider']['Session']['get']>>;

/**
 * RP-initiated logout with front-channel logout, which oidc-provider dropped: ends the OP session, then calls every
 * application signed in during it, the initiating one too, as Entra does; by the back channel those that registered for it.
 *
 * @see https://openid.net/specs/openid-connect-rpinitiated-1_0.html
 * @see https://openid.net/specs/openid-connect-frontchannel-1_0.html
 * @see https://openid.net/specs/openid-connect-backchannel-1_0.html
 */
export async function logout(state: OpState, ctx: OpContext): Promise<void> {
  const failure = await state.faults.meet('logout');
  if (failure) {
    ctx.status = failure.status;
    return messagePage(ctx, 'Sorry, that did not work', [describe(entraCodeOf(failure.error))]);
  }
  const parameters = ctx.method === 'POST' ? await readForm(ctx) : new URLSearchParams(ctx.querystring);
  const hinted = await hintedToken(state, parameters.get('id_token_hint'));
  const initiator = applicationOf(state, parameters.get('client_id') ?? hinted?.aud);
  if (initiator) parameters.set('client_id', initiator.clientId);
  const returnTo = postLogoutTarget(state, initiator, parameters);

  const session = await state.provider.Session.get(ctx);
  const user = userOf(state, session.accountId);
  if (!user) return leave(ctx, state, [], returnTo);
  if (!confirmed(parameters, session, user, hinted?.oid)) {
    return confirmPage(ctx, state, user, parameters, confirmation(session));
  }

  const { sid, applications } = state.sessions.of(session.uid);
  await session.destroy();
  ctx.cookies.set(COOKIE_NAMES.session, null);
  state.emit({ kind: 'signed-out', user: user.upn, ...(initiator && { application: initiator.name }) });
  await callBackChannels(state, applications, sid, user);
  const frames = [...applications].flatMap((clientId) => frameOf(state, applicationOf(state, clientId), sid, user));
  leave(ctx, state, frames, returnTo);
}

/** The hint that names the session's user skips the question, and so does the person's own "yes" on our page. */
function confirmed(parameters: URLSearchParams, session: Session, user: User, hintedOid: string | undefined): boolean {
  return (
    parameters.get('logout_hint') === loginHintOf(user) ||
    hintedOid === user.oid ||
    parameters.get('confirm') === confirmation(session)
  );
}

/** Proves that the "yes" came from the page that this session was shown, not from a foreign form. */
function confirmation(session: Session): string {
  return createHash('sha256').update(`sign-out ${session.jti}`).digest('base64url');
}

/** The ID token of `id_token_hint`, if we signed it; one that has expired will do (RP-Initiated Logout 1.0, 4). */
async function hintedToken(state: OpState, idToken: string | null): Promise<{ aud: string; oid: string } | undefined> {
  if (!idToken) return undefined;
  try {
    await compactVerify(idToken, createLocalJWKSet(publicJwks(state.keys)));
    const { aud, oid } = decodeJwt(idToken);
    return { aud: String(aud), oid: String(oid) };
  } catch {
    return undefined;
  }
}

/** Where the browser goes in the end, if that is registered to the letter; `state` goes along in the standard's dialect only. */
function postLogoutTarget(
  state: OpState,
  initiator: Application | undefined,
  parameters: URLSearchParams,
): string | undefined {
  const uri = parameters.get('post_logout_redirect_uri');
  const registered = (initiator ? [initiator] : state.applications).flatMap((one) => one.postLogoutRedirectUris);
  if (!uri || !registered.includes(uri)) return undefined;
  const target = new URL(uri);
  const echoed = parameters.get('state');
  if (state.dialect === 'standard' && echoed !== null) target.searchParams.set('state', echoed);
  return target.href;
}

function frameOf(state: OpState, application: Application | undefined, sid: string, user: User): Frame[] {
  if (!application?.frontchannelLogoutUri) return [];
  const url = new URL(application.frontchannelLogoutUri);
  if (state.dialect === 'standard') url.searchParams.set('iss', issuerOf(state));
  url.searchParams.set('sid', sid);
  state.emit({ kind: 'frontchannel-called', application: application.name, user: user.upn });
  return [{ name: application.name, url: url.href }];
}

function leave(ctx: OpContext, state: OpState, frames: readonly Frame[], returnTo: string | undefined): void {
  ctx.set('Cache-Control', 'no-store');
  if (frames.length === 0 && returnTo) {
    ctx.status = 303;
    ctx.redirect(returnTo);
  } else {
    signedOutPage(ctx, state, frames, returnTo);
  }
}
