import { accountKey } from '../../shared/account/account-key.ts';
import { beganBefore } from '../../shared/ambient/clock-skew.ts';
import { callApi } from '../../shared/gateway/call-api.ts';
import type { Upstream } from '../../shared/gateway/upstream.ts';
import { SESSION_COOKIE } from '../../shared/http/cookie-names.ts';
import { NO_HINTS } from '../../shared/oidc/authorization-url.ts';
import { type SessionTicket, sealTicket } from '../../shared/session/ticket.ts';
import type { DownstreamApi } from '../../shared/settings/settings.ts';
import { beginSignin } from '../../shared/signin/begin.ts';
import { finishSignin } from '../../shared/signin/finish.ts';
import type { LocalPath } from '../../shared/signin/return-to.ts';
import { signOutOwn } from '../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../shared/signout/sign-out-target.ts';
import { HOUR } from '../support/records.ts';
import { ALICE, BOB, CLIENT_ID, target } from '../support/store.ts';
import type { Known, Life, Told } from './witness.ts';
import { type Instance, type Operation, RACE_EPOCH } from './world.ts';

export const API: DownstreamApi = {
  name: 'graph',
  baseUrl: 'https://api.example',
  scopes: ['User.Read'],
  allow: [{ method: 'GET', pattern: '/**' }],
};

/** Storage was away: the queue tries again with the time at which the sign-out was received. */
const RETRIES_MAX = 3;

async function* nothing(): AsyncIterable<Uint8Array> {}
const upstream: Upstream = async () => {
  return { outcome: 'answered', status: 200, headers: {}, body: nothing(), discard: () => {} };
};

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
    partitions: [account, target('account', account), ...bySid, ...(earlier ? [earlier.account] : [])],
    mayEnd: ({ id }) => id === earlier?.sessionId,
    run: ({ application }) => signInWith(application, earlier),
  };
}

async function signInWith(application: Instance['application'], earlier: SessionTicket | null): Promise<Told> {
  const cookies = new Map<string, string>();
  if (earlier) cookies.set(SESSION_COOKIE, sealTicket(application.store.keyring, earlier));
  const begun = await beginSignin(application, cookies, { returnTo: '/' as LocalPath, hints: NO_HINTS, apiScopes: [] });
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
      return { says: 'once more, a sign-out came in', letIn: false, overtaken: true };
    case 'refused':
      // Storage that fails at every look leaves open whether the last write took place: nobody has the cookie.
      if (finished.code === 'storage_unavailable') return { says: 'storage unavailable' };
      return { says: `refused: ${finished.code}`, letIn: false };
  }
}

/** A call of an API, whose token is stored, in this instance's memory, or has to be redeemed. */
export function callingApi(name: string, ticket: SessionTicket, token: 'expired' | 'in memory' | 'revoked'): Operation {
  return {
    name,
    ...(token === 'revoked' && { person: { homeAccountId: '', sid: null, revoked: true } }),
    partitions: [ticket.account],
    // Where the OP says that the refresh token is dead.
    mayEnd: ({ id }) => id === ticket.sessionId,
    run: async ({ application }) => {
      if (token === 'in memory') {
        const inMemory = { token: 'remembered', obtainedAt: RACE_EPOCH, expiresAt: RACE_EPOCH + HOUR };
        application.memory.set(ticket.sessionId, API.scopes, inMemory);
      }
      const call = { method: 'GET', rawPath: '/me', search: '', headers: new Headers(), body: null };
      const answer = await callApi(application, upstream, () => {}, API, ticket, call);
      if (answer.outcome === 'answered') return { says: 'the API’s answer', stood: ticket.sessionId };
      if (answer.code !== 'session_required') return { says: answer.code };
      return { says: 'signed out', gone: ({ id }) => id === ticket.sessionId };
    },
  };
}

/** The application's own sign-out; where storage is away, the queue tries again. */
export function signingOut(
  name: string,
  ticket: SessionTicket,
  session: Known,
  scope: 'account' | 'session',
): Operation {
  const { sid } = session;
  const names = (other: Known): boolean => other.id === session.id || (sid !== null && other.sid === sid);
  const refuses = sid === null && scope === 'account' ? () => true : names;
  return {
    name,
    signsOut: true,
    partitions: [ticket.account, ticket.tombstone],
    // A dead cookie must not end a living account.
    mayEnd: (other, life) =>
      life.saw.has(session.id) &&
      other.account === ticket.account &&
      (scope === 'account' || names(other)) &&
      beganBefore(other.startedAt, life.receivedAt),
    run: async ({ application: { store }, life }) => {
      for (let tries = 0; tries < RETRIES_MAX; tries += 1) {
        const out = await signOutOwn(store, ticket, life.receivedAt, scope);
        if (out.outcome === 'already-signed-out') {
          return { says: 'already signed out', gone: ({ id }) => id === session.id };
        }
        if (out.outcome === 'signed-out') {
          const inScope = promised(life, names, scope, refuses);
          return { says: 'signed out', gone: (other) => other.account === ticket.account && inScope(other) };
        }
      }
      return { says: 'storage unavailable' };
    },
  };
}

/**
 * A front-channel sign-out.
 *
 * @param ago for a late retry: how long ago it was received, milliseconds
 */
export function hearingSignOut(name: string, sid: string, scope: 'account' | 'session', ago?: number): Operation {
  const names = (session: Known): boolean => session.sid === sid;
  return {
    name,
    signsOut: true,
    ...(ago !== undefined && { ago }),
    partitions: [ALICE, BOB, target('sid', sid)],
    mayEnd: (session, life) =>
      (scope === 'account' || names(session)) && beganBefore(session.startedAt, life.receivedAt),
    run: async ({ application: { store }, life }) => {
      for (let tries = 0; tries < RETRIES_MAX; tries += 1) {
        const out = await signOutTarget(store, target('sid', sid), life.receivedAt, scope);
        if (out.outcome === 'signed-out') return { says: 'signed out', gone: promised(life, names, scope, names) };
      }
      return { says: 'storage unavailable' };
    },
  };
}

/**
 * What an acknowledged sign-out has promised (G1): of what began before, nothing that it names stands; nor, in an account
 * that it ended, what stood when it came in. (Where something else had ended the session that it names, such as the
 * sign-in that replaced it, the account was not its to end.)
 *
 * @param refuses what may not come in any more
 */
function promised(
  life: Life,
  names: (session: Known) => boolean,
  scope: 'account' | 'session',
  refuses: (session: Known) => boolean,
): (session: Known) => boolean {
  const named = new Set(life.ended.filter(names).map(({ account }) => account));
  const beside = new Set(life.found.filter(({ account }) => named.has(account)).map(({ id }) => id));
  return (session) =>
    session.began < life.setOut && (refuses(session) || (scope === 'account' && beside.has(session.id)));
}
