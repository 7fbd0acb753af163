import { createAccountCodec, sessionIds } from '../account/account.ts';
import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { listSigninsBefore, signinsByAccount } from '../account/index-rows.ts';
import { readEach } from '../account/read-account.ts';
import type { SessionId, SessionRecord } from '../account/session-record.ts';
import type { Unavailable } from '../store/table.ts';
import type { Named } from './named.ts';

/** A person has one or two; what is more is counted out, not read. */
const ACCOUNTS_READ_MAX = 32;

/** The sessions that are stored of one account. */
export interface StandingAccount {
  readonly account: AccountKey;
  readonly sessions: readonly SessionRecord[];
  /** Sessions that stand, sealed so that this instance cannot read them. */
  readonly unreadable: number;
}

export type Standing =
  | {
      readonly outcome: 'standing';
      /** Those in which a session stands that was named; none where nothing does. */
      readonly accounts: readonly StandingAccount[];
      /** Whether these are all. */
      readonly complete: boolean;
    }
  | Unavailable;

/** What stands of those whom an operator names. It looks, and changes nothing. */
export async function whatStands(store: AccountStore, named: Named): Promise<Standing> {
  if (named.kind === 'account') {
    const account = await readAccount(store, named.account, () => true);
    if (account !== null && 'outcome' in account) return account;
    return { outcome: 'standing', accounts: account === null ? [] : [account], complete: true };
  }
  const listed = await listSigninsBefore(store, named.index, store.ambient.now());
  if ('outcome' in listed) return listed;
  const byAccount = signinsByAccount(listed.signins);
  const read = [...byAccount].slice(0, ACCOUNTS_READ_MAX);
  const accounts: StandingAccount[] = [];
  const answers = await Promise.all(read.map(([account, ids]) => readAccount(store, account, (id) => ids.has(id))));
  for (const account of answers) {
    if (account === null) continue;
    if ('outcome' in account) return account;
    accounts.push(account);
  }
  return { outcome: 'standing', accounts, complete: listed.complete && read.length === byAccount.size };
}

/** Null where no session stands in it that `names` picks; with one of them all are told, as all would end. */
async function readAccount(
  store: AccountStore,
  account: AccountKey,
  names: (id: SessionId) => boolean,
): Promise<StandingAccount | null | Unavailable> {
  const codec = createAccountCodec(store.keyring, account);
  const ids: SessionId[] = [];
  const sessions: SessionRecord[] = [];
  for (const read of await readEach(store, account)) {
    if (read.outcome === 'unavailable') return read;
    if (read.outcome === 'gone') continue;
    for (const id of sessionIds(read.entity.properties)) {
      ids.push(id);
      const session = codec.openSession(read.entity, id);
      if (session.outcome === 'opened') sessions.push(session.value);
    }
  }
  if (!ids.some(names)) return null;
  return { account, sessions, unreadable: ids.length - sessions.length };
}
