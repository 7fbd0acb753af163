import type { AccountStore } from '../account/account-store.ts';
import type { Revocations } from '../tokens/revoke.ts';
import type { CarriedOut, Door, SignOut } from './sign-out.ts';

const ACCOUNTS_MAX = 32;

/**
 * What a sign-out did: the record that the log, the metrics and an operator's answer have of it. No `sid` and no claim: an
 * account appears as a keyed hash, which only somebody with the session keys can match to a person.
 */
export interface Receipt {
  readonly door: Door;
  /** When it came in, milliseconds since the epoch; of one that storage interrupted, the first time. */
  readonly receivedAt: number;
  /** When all that it names was gone. */
  readonly goneAt: number;
  /** The accounts in which something ended, at most 32 of them: a log line has to end somewhere. */
  readonly accounts: readonly string[];
  /** Those that the last try ended: what one ended that storage then interrupted, and what another sign-out was at too, is not told apart. */
  readonly sessions: number;
  /** The MSAL caches that went with them: refresh, access and ID tokens. */
  readonly tokenCaches: number;
  /** How often the queue brought it; zero where it was done at once. */
  readonly tries: number;
  /** What became of their refresh tokens at the OP, where some were to be revoked; not part of being gone from here. */
  readonly revocations?: Revocations;
}

/** What became of a sign-out that was carried out. */
interface Ended extends Extract<CarriedOut, { outcome: 'signed-out' }> {
  readonly goneAt: number;
  readonly revocations: Revocations;
  readonly tries: number;
}

export function receiptOf(
  { keyring }: AccountStore,
  { door, receivedAt }: SignOut,
  { accounts, goneAt, sessions, tokenCaches, tries, revocations }: Ended,
): Receipt {
  const hashes = accounts.slice(0, ACCOUNTS_MAX).map((account) => keyring.pseudonym(account));
  const { revoked, failed } = revocations;
  const told = revoked + failed === 0 ? {} : { revocations };
  return { door, receivedAt, goneAt, accounts: hashes, sessions, tokenCaches, tries, ...told };
}
