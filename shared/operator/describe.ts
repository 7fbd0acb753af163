import type { AccountStore } from '../account/account-store.ts';
import { isInForce } from '../account/in-force.ts';
import { describeCircumstances, type SessionCircumstances } from '../session/describe.ts';
import type { Receipt } from '../signout/receipt.ts';
import type { Standing } from './standing.ts';

const iso = (time: number): string => new Date(time).toISOString();

/** A receipt as an operator gets it: times in ISO 8601, accounts as keyed hashes, the same that the log has. */
export function describeReceipt({ receivedAt, goneAt, ...rest }: Receipt): Readonly<Record<string, unknown>> {
  return { ...rest, receivedAt: iso(receivedAt), goneAt: iso(goneAt) };
}

/** What is stored of somebody. */
export interface StandingDescription {
  readonly accounts: readonly {
    /** A keyed hash, the same that the log has. */
    readonly account: string;
    /** `inForce`: whether whoever brings its cookie is let in; what is not is stored until the sweep takes it. */
    readonly sessions: readonly (SessionCircumstances & { readonly inForce: boolean })[];
    readonly unreadable: number;
  }[];
  readonly complete: boolean;
}

/**
 * What stands, for an operator: how many sessions, on what, since when, and whether they are in force. No name, no claim, no
 * `sid`, no session id; accounts as keyed hashes: who asks has named the person, and learns no other name of theirs.
 */
export function describeStanding(
  { accounts, complete }: Extract<Standing, { outcome: 'standing' }>,
  store: AccountStore,
  idleMinutes: number,
): StandingDescription {
  return {
    accounts: accounts.map(({ account, sessions, unreadable }) => ({
      account: store.keyring.pseudonym(account),
      sessions: sessions.map((record) => ({
        ...describeCircumstances(record, idleMinutes),
        inForce: isInForce(store, record, idleMinutes),
      })),
      unreadable,
    })),
    complete,
  };
}
