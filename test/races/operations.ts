import { accountKey } from '../../shared/account/account-key.ts';
import { SETTLED_MINUTES } from '../../shared/account/attempt-life.ts';
import { callApi } from '../../shared/gateway/call-api.ts';
import type { Upstream } from '../../shared/gateway/upstream.ts';
import { SESSION_COOKIE } from '../../shared/http/cookie-names.ts';
import { NO_HINTS } from '../../shared/oidc/authorization-url.ts';
import { type SessionTicket, sealTicket } from '../../shared/session/ticket.ts';
import { beginSignin } from '../../shared/signin/begin.ts';
import { finishSignin } from '../../shared/signin/finish.ts';
import type { LocalPath } from '../../shared/signin/return-to.ts';
import { type SweepLimits, sweep } from '../../shared/sweep/sweep.ts';
import { downstreamApi } from '../support/downstream-api.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { CLIENT_ID, target } from '../support/store.ts';
import { PARTITIONS } from './names.ts';
import { subjectOf, tokenOf } from './race-op.ts';
import { RACE_EPOCH } from './stage.ts';
import type { Known, Told } from './told.ts';
import type { Instance, Operation } from './world.ts';

const API = downstreamApi();

/** The API, which keeps what it was sent, and takes one token no longer. */
function recordingUpstream(refused: string | null): { readonly upstream: Upstream; sent: string | null } {
  async function* nothing(): AsyncIterable<Uint8Array> {}
  const recording: { sent: string | null; readonly upstream: Upstream } = {
    sent: null,
    upstream: async ({ headers }) => {
      recording.sent = headers.authorization?.replace('Bearer ', '') ?? null;
      const status: number = recording.sent === refused ? 401 : 200;
      return { outcome: 'answered', status, headers: {}, body: nothing(), discard: () => {} };
    },
  };
  return recording;
}

/** A whole sign-in: the browser sets out, comes back from the OP, and is let in or not. */
export function signingIn(
  name: string,
  homeAccountId: string,
  sid: string | null,
  earlier: SessionTicket | null = null,
): Operation {
  const account = accountKey(homeAccountId, CLIENT_ID);
  const bySid = sid === null ? [] : [target('sid', sid)];
  return {
    name,
    signsIn: true,
    person: { homeAccountId, sid },
    partitions: [
      account,
      target('account', account),
      target('sub', subjectOf(homeAccountId)),
      ...bySid,
      ...(earlier ? [earlier.account] : []),
    ],
    // Its own: where the browser's earlier one cannot be ended.
    mayEnd: ({ id, broughtBy }) => id === earlier?.sessionId || (earlier !== null && broughtBy === name),
    run: (instance) => signInWith(name, instance, earlier),
  };
}

async function signInWith(name: string, { application }: Instance, earlier: SessionTicket | null): Promise<Told> {
  const ours = ({ broughtBy }: Known): boolean => broughtBy === name;
  const cookies = new Map<string, string>();
  if (earlier) cookies.set(SESSION_COOKIE, sealTicket(application.store.keyring, earlier));
  const begun = await beginSignin(application, cookies, { returnTo: '/' as LocalPath, hints: NO_HINTS });
  if (begun.outcome !== 'begun') throw new Error(begun.outcome);
  for (const cookie of begun.cookies) cookies.set(cookie.name, cookie.value);
  const state = new URL(begun.location).searchParams.get('state') ?? '';
  const parameters = { state, code: 'code', error: null, iss: null, sessionState: null };
  const finished = await finishSignin(application, cookies, parameters, 'Firefox on Linux');
  switch (finished.outcome) {
    case 'signed-in': {
      const replaced = (session: Known) => session.id === earlier?.sessionId;
      return { says: 'signed in', stood: finished.ticket.sessionId, gone: replaced };
    }
    case 'begun':
      return { says: 'once more, a sign-out came in', gone: ours, overtaken: true };
    case 'refused':
      // Storage that fails at every look leaves open whether the last write took place: nobody has the cookie.
      if (finished.code === 'storage_unavailable') return { says: 'storage unavailable', storageFailed: true };
      return { says: `refused: ${finished.code}`, gone: ours };
  }
}

/**
 * Its token has to be redeemed; is in this instance's memory; is due there; waits there for the OP to vouch; is taken by the API
 * no longer; is dead.
 */
export type TokenCase = 'expired' | 'in memory' | 'due' | 'unconfirmed' | 'refused' | 'revoked';
/** Since the sessions that stand signed in, more has passed. */
const UNCONFIRMED_MINUTES = 5;

/**
 * A call of an API. What it begins beside its answer goes on after that.
 *
 * @param family whose tokens are this session's
 */
export function callingApi(
  name: string,
  ticket: SessionTicket,
  { endsAt }: Known,
  family: string,
  token: TokenCase,
): Operation {
  return {
    name,
    ...(token === 'revoked' && { person: { homeAccountId: '', sid: null, revoked: true } }),
    partitions: [ticket.account],
    // Where the OP says that the refresh token is dead, and only there.
    mayEnd: ({ id }, _, refused) => refused && id === ticket.sessionId,
    run: async ({ application }) => {
      if (token !== 'expired' && token !== 'revoked') {
        const times = { obtainedAt: RACE_EPOCH, expiresAt: RACE_EPOCH + HOUR };
        const refreshAt = token === 'due' ? RACE_EPOCH : times.expiresAt;
        const remembered = { token: tokenOf(family, 'remembered'), ...times, refreshAt };
        application.memory.set(ticket.sessionId, API.scopes, remembered);
      }
      const settings = {
        ...application.settings,
        ...(token === 'unconfirmed' && { sessionRevalidateMinutes: UNCONFIRMED_MINUTES }),
      };
      const recording = recordingUpstream(token === 'refused' ? tokenOf(family, 'remembered') : null);
      const call = {
        method: 'GET',
        rawPath: '/me',
        search: '',
        headers: new Headers(),
        body: null,
        gone: new AbortController().signal,
      };
      const answer = await callApi({ ...application, settings }, recording.upstream, () => {}, API, ticket, call);
      if (answer.outcome === 'answered') {
        return { says: 'the API’s answer', stood: ticket.sessionId, token: recording.sent };
      }
      if (answer.code === 'storage_unavailable') return { says: answer.code, storageFailed: true };
      if (answer.code !== 'session_required') return { says: answer.code };
      // A session past its end is refused, and stands until the sweep comes by.
      const ended = endsAt < RACE_EPOCH ? {} : { gone: ({ id }: Known) => id === ticket.sessionId };
      return { says: 'signed out', ...ended };
    },
  };
}

const SWEEP_LIMITS: SweepLimits = { milliseconds: HOUR, notes: 100, page: 100 };

/** The timer's run. */
export function sweeping(name: string): Operation {
  return {
    name,
    sweeps: true,
    partitions: [...PARTITIONS.keys()],
    mayEnd: ({ endsAt }, { receivedAt }) => endsAt < receivedAt - SETTLED_MINUTES * MINUTE,
    run: async ({ application: { store } }) => {
      const swept = await sweep(store, SWEEP_LIMITS);
      if (swept.outcome === 'unavailable') return { says: 'storage unavailable', storageFailed: true };
      return { says: swept.outcome };
    },
  };
}
