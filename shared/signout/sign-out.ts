import type { AccountStore } from '../account/account-store.ts';
import type { IndexKey } from '../account/index-key.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import { type SessionProved, signOutOwn } from './sign-out-own.ts';
import { signOutTarget } from './sign-out-target.ts';

/** The ways in which a sign-out arrives. */
export type Door = 'own' | 'front-channel';

/** A sign-out as it was received: all that it takes to carry it out, now or by a retry. */
export type SignOut = (
  | { readonly kind: 'target'; readonly index: IndexKey }
  /** `proved`: null where storage did not say yet whether the cookie's session stands. */
  | { readonly kind: 'own'; readonly ticket: SessionTicket; readonly proved: SessionProved | null }
) & {
  readonly door: Door;
  /** Milliseconds since the epoch: what began later stays, however late a retry comes. */
  readonly receivedAt: number;
  readonly scope: 'account' | 'session';
};

export type CarriedOut =
  /** Gone. `sessions` is zero where nothing stood any more; `loginHint` is that of the person whose own sign-out it was. */
  | {
      readonly outcome: 'signed-out';
      readonly accounts: number;
      readonly sessions: number;
      readonly loginHint: string | null;
    }
  /** Perhaps in part: `rest` is what a retry has to do, at least as much as is left. */
  | (Unavailable & { readonly rest: SignOut });

/** Carries a sign-out out, by the rules of its kind, as of the time at which it was received (DESIGN, rules 3, 4 and 7). */
export async function carryOut(store: AccountStore, signOut: SignOut): Promise<CarriedOut> {
  const { receivedAt, scope } = signOut;
  if (signOut.kind === 'target') {
    const ended = await signOutTarget(store, signOut.index, receivedAt, scope);
    return ended.outcome === 'unavailable' ? { ...ended, rest: signOut } : { ...ended, loginHint: null };
  }
  const left = await signOutOwn(store, signOut.ticket, receivedAt, scope, signOut.proved);
  switch (left.outcome) {
    case 'signed-out':
      return { outcome: 'signed-out', accounts: 1, sessions: left.sessions, loginHint: left.proved.loginHint };
    case 'already-signed-out':
      return { outcome: 'signed-out', accounts: 0, sessions: 0, loginHint: null };
    case 'unavailable': {
      const { proved, ...unavailable } = left;
      return { ...unavailable, rest: { ...signOut, proved } };
    }
  }
}
