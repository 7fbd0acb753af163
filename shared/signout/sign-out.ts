import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import type { Ended, Removed } from '../account/end.ts';
import type { IndexKey } from '../account/index-key.ts';
import type { SessionId } from '../account/session-record.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import { signOutUnburied } from './look-first.ts';
import { signOutAccount } from './sign-out-account.ts';
import { type SessionProved, signOutOwn } from './sign-out-own.ts';
import { askerStood, signOutSession } from './sign-out-session.ts';
import { signOutTarget } from './sign-out-target.ts';

/** The ways in which a sign-out arrives; what each is for is said where it is open, in `functions/doors/`. */
export type Door = 'own' | 'sessions' | 'front-channel' | 'back-channel' | 'operator' | 'directory' | 'security-events';

/** A sign-out as it was received: all that it takes to carry it out, now or by a retry. */
export type SignOut =
  /** `unburied`: received in a flood, and its tombstone was not written. */
  (
    | { readonly kind: 'target'; readonly index: IndexKey; readonly unburied?: true }
    | { readonly kind: 'account'; readonly account: AccountKey; readonly index: IndexKey }
    /** `asker`: whose cookie asks for it, where storage did not say yet whether that one's session stands. */
    | {
        readonly kind: 'session';
        readonly account: AccountKey;
        readonly sessionId: SessionId;
        readonly asker?: SessionTicket;
      }
    /** `proved`: null where storage did not say yet whether the cookie's session stands. */
    | {
        readonly kind: 'own';
        readonly ticket: SessionTicket;
        readonly proved: SessionProved | null;
        /** Whoever leaves waits to tell the OP by the session's ID token. */
        readonly wantsIdToken?: boolean;
      }
  ) & {
    readonly door: Door;
    /** Milliseconds since the epoch: what began later stays, however late a retry comes. */
    readonly receivedAt: number;
    /** Where who announces it says when it happened: what began after that stays. Seldom, clocks differing, after `receivedAt`. */
    readonly asOf?: number;
    readonly scope: 'account' | 'session';
  };

/** One that names an OP session or a person. */
export type TargetSignOut = Extract<SignOut, { kind: 'target' }>;

export type CarriedOut =
  /** Gone. `sessions` is zero where nothing stood any more; `loginHint` and `idToken` are of the person whose own sign-out it was. */
  | ({
      readonly outcome: 'signed-out';
      readonly accounts: readonly AccountKey[];
      readonly loginHint: string | null;
      readonly idToken?: string;
    } & Removed)
  /** Perhaps in part: `rest` is what a retry has to do, at least as much as is left. */
  | (Unavailable & { readonly rest: SignOut });

/** Carries a sign-out out, by the rules of its kind, as of the time from which it counts (DESIGN, rules 3, 4 and 7). */
export async function carryOut(store: AccountStore, signOut: SignOut): Promise<CarriedOut> {
  const { receivedAt, asOf = receivedAt, scope } = signOut;
  switch (signOut.kind) {
    case 'target': {
      const carryOutTarget = signOut.unburied ? signOutUnburied : signOutTarget;
      const ended = await carryOutTarget(store, signOut.index, asOf, scope);
      return ended.outcome === 'unavailable' ? { ...ended, rest: signOut } : { ...ended, loginHint: null };
    }
    case 'account': {
      const { account, index } = signOut;
      return carriedOut(signOut, account, await signOutAccount(store, account, index, asOf));
    }
    case 'session': {
      const { asker, ...asked } = signOut;
      const { account, sessionId } = asked;
      if (asker !== undefined) {
        const stood = await askerStood(store, asker, asOf);
        if (stood === 'no') return NOTHING_STOOD;
        if (stood !== 'yes') return { ...stood, rest: signOut };
      }
      // Proved once is proved: by the next try the one who asked may have signed out.
      return carriedOut(asked, account, await signOutSession(store, account, sessionId, asOf));
    }
    case 'own': {
      // The queue has nobody who waits for it.
      const { wantsIdToken, ...again } = signOut;
      const { ticket, proved } = signOut;
      const left = await signOutOwn(store, ticket, asOf, scope, proved, wantsIdToken);
      if (left.outcome === 'already-signed-out') return NOTHING_STOOD;
      if (left.outcome === 'signed-out') {
        const { sessions, tokenCaches, idToken } = left;
        const { loginHint } = left.proved;
        const hints = { loginHint, ...(idToken !== undefined && { idToken }) };
        return { outcome: 'signed-out', accounts: [ticket.account], sessions, tokenCaches, ...hints };
      }
      const { proved: provedNow, ...unavailable } = left;
      return { ...unavailable, rest: { ...again, proved: provedNow } };
    }
  }
}

const NOTHING_STOOD: CarriedOut = {
  outcome: 'signed-out',
  accounts: [],
  sessions: 0,
  tokenCaches: 0,
  loginHint: null,
};

function carriedOut(signOut: SignOut, account: AccountKey, ended: Ended): CarriedOut {
  switch (ended.outcome) {
    case 'ended': {
      const { sessions, tokenCaches } = ended;
      return { outcome: 'signed-out', accounts: [account], sessions, tokenCaches, loginHint: null };
    }
    case 'nothing':
      return NOTHING_STOOD;
    case 'unavailable':
      return { ...ended, rest: signOut };
  }
}
