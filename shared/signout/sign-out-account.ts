import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { type Ended, endInAccount } from '../account/end.ts';
import type { IndexKey } from '../account/index-key.ts';
import { writeTombstone } from '../account/tombstone.ts';

/**
 * A sign-out that names the account itself, as an operator does (DESIGN, rule 3): its tombstone, then all of it that began
 * before. No index is asked: the account's name is its partition.
 *
 * @param index the account as a sign-in's tombstones name it
 * @param receivedAt milliseconds since the epoch
 */
export async function signOutAccount(
  store: AccountStore,
  account: AccountKey,
  index: IndexKey,
  receivedAt: number,
): Promise<Ended> {
  const buried = await writeTombstone(store, index, receivedAt);
  if (buried !== 'written') return buried;
  return endInAccount(store, account, { receivedAt, scope: 'account', names: () => true });
}
