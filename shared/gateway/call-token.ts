import type { Application } from '../application/application.ts';
import type { ProblemCode } from '../http/problems.ts';
import { errorEvent } from '../log/error-event.ts';
import type { Log } from '../log/log.ts';
import type { LiveSession } from '../session/check.ts';
import type { DownstreamApi } from '../settings/settings.ts';
import { type Acquired, acquireAccessToken, type Need, rememberedAccessToken } from '../tokens/access-token.ts';
import { isDue, isSendable } from '../tokens/freshness.ts';
import type { AccessToken } from '../tokens/token-client.ts';

/** From this share of the interval on a session is confirmed beside its calls, so that hardly one has to wait for it. */
const REVALIDATE_AHEAD_SHARE = 0.9;

export type CallToken =
  | {
      readonly outcome: 'token';
      readonly token: string;
      /** The session has just been written by a refresh: the ETag that was read before is no more. */
      readonly refreshed: boolean;
    }
  | { readonly outcome: 'refused'; readonly code: ProblemCode; readonly reason: string };

/** Who calls what, when: read once, so that one call's decisions agree. */
interface Calling {
  readonly application: Application;
  readonly log: Log;
  readonly api: DownstreamApi;
  readonly session: LiveSession;
  readonly now: number;
  readonly began: number;
}

/**
 * The access token of one call, for a session that was read live in it (G4). The caller waits for the OP in two cases
 * only: where there is no token left that may be sent, and where the OP has not vouched for the session within
 * `SESSION_REVALIDATE_MINUTES`. A token or a confirmation that is about to run out is sent as it is and replaced beside
 * the call (docs/adr/0004).
 */
export async function tokenForCall(
  application: Application,
  log: Log,
  api: DownstreamApi,
  session: LiveSession,
): Promise<CallToken> {
  const { ambient } = application.store;
  const calling: Calling = { application, log, api, session, now: ambient.now(), began: ambient.monotonic() };
  const acquired = await acquire(calling);
  note(calling, acquired);
  if (acquired.outcome !== 'acquired') return refusal(acquired);
  const { accessToken, refreshed } = acquired;
  if (!refreshed && isDueAhead(calling, accessToken)) beginRefresh(calling);
  return { outcome: 'token', token: accessToken.token, refreshed };
}

const interval = ({ application }: Calling): number => application.settings.sessionRevalidateMinutes * 60_000;

/** Whether the OP must vouch for the session before anything is sent for it. */
const isUnconfirmed = (calling: Calling): boolean => calling.now - calling.session.vouchedAt >= interval(calling);

/** Memory comes first: a call whose token this instance has needs nothing of the OP, which may be slow or down. */
async function acquire(calling: Calling): Promise<Acquired> {
  const { application, api, session, now } = calling;
  const { store, memory } = application;
  // Another instance may have had it confirmed since: the read under the lease decides.
  if (isUnconfirmed(calling))
    return redeemUnless(calling, { suffices: isSendable, vouchedAfter: now - interval(calling) });
  return rememberedAccessToken(store, memory, session.ticket, api.scopes) ?? redeemUnless(calling);
}

async function redeemUnless({ application, api, session }: Calling, need?: Need): Promise<Acquired> {
  const { store, memory, op } = application;
  const known = await op.get();
  if ('outcome' in known) return known;
  return acquireAccessToken(store, known.tokens, memory, session.ticket, api.scopes, need);
}

function isDueAhead(calling: Calling, token: AccessToken): boolean {
  const { now, session } = calling;
  // Another is at it; a later call finds what came of that.
  if (session.leased) return false;
  if (isDue(token, now)) return true;
  return !isUnconfirmed(calling) && now - session.vouchedAt >= REVALIDATE_AHEAD_SHARE * interval(calling);
}

function beginRefresh(calling: Calling): void {
  const { application, log, api, session, now } = calling;
  const need: Need = {
    suffices: (token, at) => !isDue(token, at),
    vouchedAfter: now - REVALIDATE_AHEAD_SHARE * interval(calling),
  };
  const refresh = async (): Promise<void> => {
    const acquired = await redeemUnless(calling, need);
    note(calling, acquired);
  };
  const { sessionId } = session.ticket;
  application.refreshes.begin(sessionId, api.scopes, refresh, (error) => log(errorEvent(error)));
}

/** What is worth a line, whether a caller waits for it or not. */
function note({ application, log, api, session, began }: Calling, acquired: Acquired): void {
  const { keyring, ambient } = application.store;
  const account = keyring.pseudonym(session.ticket.account);
  if (acquired.outcome === 'signed-out') {
    if (acquired.reason === 'tokens-unreadable') {
      log({ event: 'session.unreadable', account, reason: acquired.unreadable });
    } else if (acquired.reason !== 'session-gone') log({ event: 'session.ended', account, reason: acquired.reason });
  }
  if (acquired.outcome === 'acquired') {
    if (!acquired.refreshed) return;
    log({ event: 'token.refreshed', account, api: api.name, ms: Math.round(ambient.monotonic() - began) });
    return;
  }
  const { code, reason } = refusal(acquired);
  if (code !== 'session_required') log({ event: 'refresh.failed', api: api.name, code, reason });
}

function refusal(failed: Exclude<Acquired, { outcome: 'acquired' }>): Extract<CallToken, { outcome: 'refused' }> {
  const refused = (code: ProblemCode) => ({ outcome: 'refused' as const, code, reason: failed.reason });
  switch (failed.outcome) {
    case 'signed-out':
      return refused('session_required');
    case 'interaction-required':
      return refused('consent_required');
    case 'op-refused':
      return refused('op_refused');
    case 'op-unavailable':
      return refused('op_unavailable');
    case 'unavailable':
      return refused('storage_unavailable');
  }
}
