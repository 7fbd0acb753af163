import { errorEvent } from '../log/error-event.ts';
import { type Acquired, acquireAccessToken, type Need, rememberedAccessToken } from '../tokens/access-token.ts';
import { isDue, isSendable } from '../tokens/freshness.ts';
import type { AccessToken } from '../tokens/token-client.ts';
import { memoryKey } from '../tokens/token-memory.ts';
import type { CallToken, Refused, SessionCalling } from './calling.ts';

/** From this share of the interval on a session is confirmed beside its calls, so that hardly one has to wait for it. */
const REVALIDATE_AHEAD_SHARE = 0.9;

/** One call of one session for a token of these scopes: times are read once, so that its decisions agree. */
export interface UserCalling extends SessionCalling {
  readonly scopes: readonly string[];
  readonly now: number;
  readonly began: number;
}

export function beginCalling(calling: SessionCalling, scopes: readonly string[]): UserCalling {
  const { ambient } = calling.application.store;
  return { ...calling, scopes, now: ambient.now(), began: ambient.monotonic() };
}

/**
 * The access token of one call, for a session that was read live in it (G4). The caller waits for the OP in two cases
 * only: where there is no token left that may be sent, and where the OP has not vouched for the session within
 * `SESSION_REVALIDATE_MINUTES`. A token or a confirmation that is about to run out is sent as it is and replaced beside
 * the call (docs/adr/0004).
 */
export async function tokenForCall(calling: UserCalling): Promise<CallToken> {
  const acquired = await acquire(calling);
  if (acquired.outcome !== 'acquired') return refusal(acquired);
  const { accessToken, refreshed } = acquired;
  if (!refreshed && isDueAhead(calling, accessToken)) beginRefresh(calling);
  return { outcome: 'token', token: accessToken.token, refreshed };
}

/**
 * Has the OP vouch for a session whose calls need no token of the person's: else one that the OP has disabled would go on
 * calling as the application until its session ends by itself.
 */
export async function confirmForCall(calling: UserCalling): Promise<Refused | { readonly refreshed: boolean }> {
  if (!isUnconfirmed(calling)) {
    if (!calling.session.leased && isUnconfirmedAhead(calling)) beginRefresh(calling);
    return { refreshed: false };
  }
  const acquired = await acquire(calling);
  return acquired.outcome === 'acquired' ? { refreshed: acquired.refreshed } : refusal(acquired);
}

const interval = ({ application }: UserCalling): number => application.settings.sessionRevalidateMinutes * 60_000;

/** Whether the OP must vouch for the session before anything is sent for it. */
const isUnconfirmed = (calling: UserCalling): boolean => calling.now - calling.session.vouchedAt >= interval(calling);

const isUnconfirmedAhead = (calling: UserCalling): boolean =>
  calling.now - calling.session.vouchedAt >= REVALIDATE_AHEAD_SHARE * interval(calling);

/** Memory comes first: a call whose token this instance has needs nothing of the OP, which may be slow or down. */
async function acquire(calling: UserCalling): Promise<Acquired> {
  const { application, scopes, session, now } = calling;
  const { store, memory } = application;
  // Another instance may have had it confirmed since: the read under the lease decides.
  if (isUnconfirmed(calling))
    return acquireTogether(calling, { suffices: isSendable, vouchedAfter: now - interval(calling) });
  return rememberedAccessToken(store, memory, session.ticket, scopes) ?? acquireTogether(calling);
}

/**
 * Once for all calls of the session that need such a token at the same moment: a hundred of them would each look for it, and
 * keep the partition from the one that redeems. Each has itself read the session live before it joins (G4); what they then
 * wait for ends with a read or a write of the live row, and with them signed out where it is gone.
 */
function acquireTogether(calling: UserCalling, need?: Need): Promise<Acquired> {
  const { application, scopes, session } = calling;
  const { sessionId, secret } = session.ticket;
  const key = [secret, need === undefined ? 'any' : 'confirmed', memoryKey(sessionId, scopes)].join(' ');
  return application.acquiring(key, async () => {
    const acquired = await redeemUnless(calling, need);
    note(calling, acquired);
    return acquired;
  });
}

/** A token of the session that is like this: the stored one, else one that is redeemed. */
export async function redeemUnless({ application, scopes, session }: UserCalling, need?: Need): Promise<Acquired> {
  const { store, memory, op } = application;
  const known = await op.get();
  if ('outcome' in known) return known;
  return acquireAccessToken(store, known.tokens, memory, session.ticket, scopes, need);
}

function isDueAhead(calling: UserCalling, token: AccessToken): boolean {
  // Another is at it; a later call finds what came of that.
  if (calling.session.leased) return false;
  if (isDue(token, calling.now)) return true;
  return !isUnconfirmed(calling) && isUnconfirmedAhead(calling);
}

function beginRefresh(calling: UserCalling): void {
  const { application, log, scopes, session, now } = calling;
  const need: Need = {
    suffices: (token, at) => !isDue(token, at),
    vouchedAfter: now - REVALIDATE_AHEAD_SHARE * interval(calling),
  };
  const refresh = async (): Promise<void> => {
    const acquired = await redeemUnless(calling, need);
    note(calling, acquired);
  };
  const { sessionId } = session.ticket;
  application.refreshes.begin(sessionId, scopes, refresh, (error) => log(errorEvent(error)));
}

/** What is worth a line, whether a caller waits for it or not. */
export function note(calling: UserCalling, acquired: Acquired): void {
  if (acquired.outcome === 'acquired' && !acquired.refreshed) return;
  const { application, log, api, session, began } = calling;
  const { keyring, ambient } = application.store;
  const account = keyring.pseudonym(session.ticket.account);
  if (acquired.outcome === 'signed-out') {
    if (acquired.reason === 'tokens-unreadable') {
      log({ event: 'session.unreadable', account, reason: acquired.unreadable });
    } else if (acquired.reason !== 'session-gone') log({ event: 'session.ended', account, reason: acquired.reason });
  }
  if (acquired.outcome === 'acquired') {
    log({ event: 'token.refreshed', account, api: api.name, ms: Math.round(ambient.monotonic() - began) });
    return;
  }
  const { code, reason } = refusal(acquired);
  if (code !== 'session_required') log({ event: 'refresh.failed', api: api.name, code, reason });
}

/** What a call is told that gets no token. */
export function refusal(failed: Exclude<Acquired, { outcome: 'acquired' }>): Refused {
  const { reason } = failed;
  switch (failed.outcome) {
    case 'signed-out':
      return { outcome: 'refused', code: 'session_required', reason };
    case 'interaction-required':
      return failed.claims === undefined
        ? { outcome: 'refused', code: 'consent_required', reason }
        : { outcome: 'refused', code: 'claims_required', reason, claims: failed.claims };
    case 'op-refused':
      return { outcome: 'refused', code: 'op_refused', reason };
    case 'op-unavailable':
      return { outcome: 'refused', code: 'op_unavailable', reason };
    case 'unavailable':
      return { outcome: 'refused', code: 'storage_unavailable', reason };
  }
}
