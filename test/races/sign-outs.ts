import { beganBefore } from '../../shared/ambient/clock-skew.ts';
import type { Application } from '../../shared/application/application.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { signOutFrontChannel } from '../../shared/signout/front-channel.ts';
import { leave } from '../../shared/signout/leave.ts';
import { type Attempted, attemptSignOut, retrySignOut } from '../../shared/signout/retry.ts';
import type { SignOut } from '../../shared/signout/sign-out.ts';
import type { AccountsTable, Tables, Unavailable } from '../../shared/store/table.ts';
import { OP_METADATA } from '../support/application.ts';
import { ALICE, BOB, target } from '../support/store.ts';
import { subjectAt } from './stage.ts';
import type { Known, Life, Sessions, Told } from './told.ts';
import type { Operation } from './world.ts';

export type Scope = 'account' | 'session';

/** The application's own sign-out. @param ago for a late retry: how long ago it was received, milliseconds */
export function signingOut(name: string, ticket: SessionTicket, session: Known, scope: Scope, ago?: number): Operation {
  const { sid } = session;
  const tookItsPlace = (other: Known): boolean => other.replaced?.includes(session.id) ?? false;
  const names = (other: Known): boolean =>
    other.id === session.id || tookItsPlace(other) || (sid !== null && other.sid === sid);
  const inScope = (other: Known): boolean => other.account === ticket.account && (scope === 'account' || names(other));
  /** Of what began before, nothing that stood when it came in, and nothing that its tombstone refuses. */
  const promised = (life: Life): Sessions => {
    const found = new Set(life.found.filter(inScope).map(({ id }) => id));
    const isRefused = (other: Known): boolean =>
      other.id === session.id || (sid === null ? tookItsPlace(other) : other.sid === sid);
    const refused =
      sid === null && scope === 'account' ? inScope : (other: Known) => inScope(other) && isRefused(other);
    return (other) => other.began < life.setOut && (found.has(other.id) || refused(other));
  };
  return {
    name,
    signsOut: true,
    ...(ago !== undefined && { ago }),
    partitions: [ticket.account, ticket.tombstone],
    mayEnd: (other, life) => {
      const instead = life.sawReplaced.get(session.id);
      // A dead cookie must not end a living account.
      if (ago === undefined && !life.saw.has(session.id) && instead === undefined) return false;
      const ofItsOpSession = instead !== undefined && instead.sid !== null && other.sid === instead.sid;
      return (
        (inScope(other) || (other.account === ticket.account && ofItsOpSession)) &&
        beganBefore(other.startedAt, life.receivedAt)
      );
    },
    promised,
    run: async ({ application, life }) => {
      if (ago !== undefined) {
        const proved = { sessionId: session.id, sid, loginHint: null };
        const { receivedAt } = life;
        return retrying(application, { kind: 'own', ticket, proved, door: 'own', receivedAt, scope }, promised(life));
      }
      const settings = { ...application.settings, signoutScope: scope };
      const left = await leave({ ...application, settings }, ticket, life.receivedAt);
      if (left.outcome === 'left-by-form') throw new Error('the OP is told by an address');
      if (left.outcome !== 'left') return undone(left);
      if (left.receipt === null || left.receipt.sessions === 0) {
        // Nor does what another tab's sign-in has put in its place by now.
        const saw = new Set(life.saw);
        const gone = (other: Known): boolean =>
          other.id === session.id || (tookItsPlace(other) && other.began < life.setOut && saw.has(other.id));
        return { says: 'already signed out', gone };
      }
      return { says: 'signed out', gone: promised(life) };
    },
  };
}

/** By which door a sign-out that names a `sid` comes in. */
export type Remote =
  | { readonly door: 'front-channel' }
  /** The same at an instance over its budget for tombstones: it looks first. */
  | { readonly door: 'flood' }
  /** A logout token acts as of its `iat`; so long ago, in milliseconds. */
  | { readonly door: 'back-channel'; readonly ago: number }
  | { readonly door: 'retry'; readonly ago: number };

/** A sign-out that the OP announces. */
export function hearingSignOut(name: string, sid: string, scope: Scope, remote: Remote): Operation {
  const names = (session: Known): boolean => session.sid === sid;
  const promised = (life: Life): Sessions => promisedByName(life, names, scope);
  return {
    name,
    signsOut: true,
    ...('ago' in remote && { ago: remote.ago }),
    partitions: [ALICE, BOB, target('sid', sid)],
    mayEnd: (session, life) =>
      (scope === 'account' || names(session)) && beganBefore(session.startedAt, life.receivedAt),
    promised,
    run: async ({ application, life }) => {
      const { receivedAt } = life;
      const signOut: SignOut = { kind: 'target', index: target('sid', sid), door: 'back-channel', receivedAt, scope };
      switch (remote.door) {
        case 'retry':
          return retrying(application, signOut, promised(life));
        case 'back-channel':
          return attempting(application, asOf(application, signOut), promised(life));
        case 'front-channel':
        case 'flood': {
          const heard = await signOutFrontChannel(atDoor(application, scope, remote), OP_METADATA, sid, receivedAt);
          return heard.outcome === 'signed-out' ? { says: 'signed out', gone: promised(life) } : undone(heard);
        }
      }
    },
  };
}

/** Of Alice everything that began before. */
const allOfAlice =
  ({ setOut }: Life): Sessions =>
  ({ account, began }) =>
    account === ALICE && began < setOut;

/** A sign-out that names the account itself, as an operator does. */
export function endingAccount(name: string): Operation {
  const index = target('account', ALICE);
  return {
    name,
    signsOut: true,
    partitions: [ALICE, index],
    mayEnd: ({ account, startedAt }, { receivedAt }) => account === ALICE && beganBefore(startedAt, receivedAt),
    promised: allOfAlice,
    run: ({ application, life }) => {
      const { receivedAt } = life;
      const signOut: SignOut = {
        kind: 'account',
        account: ALICE,
        index,
        door: 'operator',
        receivedAt,
        scope: 'account',
      };
      return attempting(application, signOut, allOfAlice(life));
    },
  };
}

/**
 * A sign-out that names the person, as a logout token without `sid`, the directory and security events do.
 *
 * @param ago since when it counts, milliseconds
 */
export function endingSubject(name: string, ago: number): Operation {
  const index = target('sub', subjectAt(ALICE));
  return {
    name,
    signsOut: true,
    ago,
    partitions: [ALICE, index],
    mayEnd: ({ account, startedAt }, { receivedAt }) => account === ALICE && beganBefore(startedAt, receivedAt),
    promised: allOfAlice,
    run: ({ application, life }) => {
      const { receivedAt } = life;
      const signOut: SignOut = { kind: 'target', index, door: 'back-channel', receivedAt, scope: 'session' };
      return attempting(application, asOf(application, signOut), allOfAlice(life));
    },
  };
}

/** It comes in now, and counts from when it says. */
const asOf = ({ store }: Application, signOut: SignOut): SignOut => {
  return { ...signOut, asOf: signOut.receivedAt, receivedAt: store.ambient.now() };
};

async function attempting(application: Application, signOut: SignOut, gone: Sessions): Promise<Told> {
  const attempted = await attemptSignOut(application, signOut);
  return attempted.outcome === 'signed-out' ? { says: 'signed out', gone } : undone(attempted);
}

function atDoor(application: Application, signoutScopeRemote: Scope, { door }: Remote): Application {
  const settings = { ...application.settings, signoutScopeRemote };
  if (door === 'flood') while (application.floodBudgets.tombstones.take());
  return { ...application, settings };
}

/** A 503 that says whether somebody goes on with it: the queue's word is kept track of where the message is sent. */
function undone({ outcome }: Pick<Exclude<Attempted, { outcome: 'signed-out' }>, 'outcome'>): Told {
  return { says: outcome === 'queued' ? '503, queued' : '503, not done', storageFailed: true };
}

/** The queue's trigger finishes a sign-out that was put there while storage was away. */
async function retrying(application: Application, signOut: SignOut, gone: Sessions): Promise<Told> {
  let message = '';
  const retryQueue = {
    setAside: async () => 'sent' as const,
    send: async (sent: string) => {
      message = sent;
      return 'sent' as const;
    },
  };
  const { places: _, ...store } = application.store;
  await attemptSignOut({ ...application, store: { ...store, tables: AWAY }, retryQueue }, signOut);
  const retried = await retrySignOut(application, message);
  if (retried.outcome === 'done') return { says: 'signed out', gone };
  return { says: `503, ${retried.outcome}`, storageFailed: true };
}

const away = async (): Promise<Unavailable> => ({ outcome: 'unavailable', reason: 'test-outage' });
const AWAY_TABLE: AccountsTable = {
  read: away,
  create: away,
  merge: away,
  replace: away,
  remove: away,
  list: away,
  partitionKeys: away,
};
const AWAY: Tables = { accounts: AWAY_TABLE, sids: AWAY_TABLE, expiries: AWAY_TABLE };

/**
 * What an acknowledged sign-out by `sid` has promised (G1): of what began before, nothing that it names stands; nor, in an
 * account that it ended, what stood when it came in. (Where something else had ended the session that it names, such as
 * the sign-in that replaced it, the account was not its to end.)
 */
function promisedByName(life: Life, names: Sessions, scope: Scope): Sessions {
  // When it is asked: what the last write ended is seen only when its operation has answered.
  const isBeside = ({ id, account }: Known): boolean =>
    life.ended.some((ended) => ended.account === account && names(ended)) &&
    life.found.some((found) => found.id === id);
  return (session) => session.began < life.setOut && (names(session) || (scope === 'account' && isBeside(session)));
}
