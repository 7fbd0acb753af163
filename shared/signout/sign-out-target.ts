import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { type Ended, endInAccount, type Removed } from '../account/end.ts';
import type { IndexKey } from '../account/index-key.ts';
import { listSigninsBefore, signinsByAccount } from '../account/index-rows.ts';
import { writeTombstone } from '../account/tombstone.ts';
import type { Unavailable } from '../store/table.ts';

/** An index may list thousands of accounts, and storage answers a flood of calls by refusing them. */
const ACCOUNTS_AT_ONCE_MAX = 16;

export type SignedOut =
  /** All that the sign-out names is gone; zero sessions where nothing stood. */
  ({ readonly outcome: 'signed-out'; readonly accounts: readonly AccountKey[] } & Removed) | Unavailable;

/**
 * A sign-out that names an OP session or a person, as the OP's channels do (DESIGN, rule 3): tombstone, then the index, then
 * every account found. The answer is true when it is given: nothing is left to do after it.
 *
 * @param index the target, hashed
 * @param receivedAt when the sign-out was received (milliseconds since the epoch); a retry passes the first time
 * @param scope whether the accounts end, or only the named sessions
 */
export async function signOutTarget(
  store: AccountStore,
  index: IndexKey,
  receivedAt: number,
  scope: 'account' | 'session',
): Promise<SignedOut> {
  const buried = await writeTombstone(store, index, receivedAt);
  if (buried !== 'written') return buried;
  const listed = await listSigninsBefore(store, index, receivedAt);
  if ('outcome' in listed) return listed;

  const named = [...signinsByAccount(listed.signins)];
  const endings: Ended[] = [];
  // All of them, whatever becomes of the first: one account that cannot be ended must not keep the others.
  for (let from = 0; from < named.length; from += ACCOUNTS_AT_ONCE_MAX) {
    const batch = named.slice(from, from + ACCOUNTS_AT_ONCE_MAX).map(([account, sessions]) =>
      endInAccount(store, account, {
        receivedAt,
        scope,
        names: (id) => sessions.has(id),
        startedAt: (id) => sessions.get(id),
      }),
    );
    endings.push(...(await Promise.all(batch)));
  }
  const ended: AccountKey[] = [];
  let [sessions, tokenCaches] = [0, 0];
  for (const [at, [account]] of named.entries()) {
    const ending = endings[at];
    if (ending?.outcome === 'unavailable') return ending;
    if (ending?.outcome !== 'ended') continue;
    ended.push(account);
    sessions += ending.sessions;
    tokenCaches += ending.tokenCaches;
  }
  if (!listed.complete) return { outcome: 'unavailable', reason: 'index-too-long' };
  return { outcome: 'signed-out', accounts: ended, sessions, tokenCaches };
}
