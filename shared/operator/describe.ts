import type { Keyring } from '../seal/keyring.ts';
import { describeCircumstances } from '../session/describe.ts';
import type { Receipt } from '../signout/receipt.ts';
import type { Standing } from './standing.ts';

const iso = (time: number): string => new Date(time).toISOString();

/** A receipt as an operator gets it: times in ISO 8601, accounts as keyed hashes, the same that the log has. */
export function describeReceipt({ receivedAt, goneAt, ...rest }: Receipt): Readonly<Record<string, unknown>> {
  return { ...rest, receivedAt: iso(receivedAt), goneAt: iso(goneAt) };
}

/**
 * What stands, for an operator: how many sessions, on what, since when. No name, no claim, no `sid`, no session id; accounts
 * as keyed hashes: who asks has named the person, and learns no other name of theirs.
 */
export function describeStanding(
  { accounts, complete }: Extract<Standing, { outcome: 'standing' }>,
  keyring: Keyring,
  idleMinutes: number,
): Readonly<Record<string, unknown>> {
  return {
    accounts: accounts.map(({ account, sessions, unreadable }) => ({
      account: keyring.pseudonym(account),
      sessions: sessions.map((record) => describeCircumstances(record, idleMinutes)),
      unreadable,
    })),
    complete,
  };
}
