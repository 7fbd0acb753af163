import type { ReadOutcome } from '../store/table.ts';
import { ACCOUNT_ROW_KEY, sessionProperty } from './account.ts';
import type { AccountKey } from './account-key.ts';
import type { AccountStore } from './account-store.ts';
import type { SessionId } from './session-record.ts';
import { atEach } from './where.ts';

/** Reads an account whole, at each place where sessions of it may stand: nearly always one. */
export function readEach(store: AccountStore, account: AccountKey): Promise<readonly ReadOutcome[]> {
  const key = { partitionKey: account, rowKey: ACCOUNT_ROW_KEY };
  return Promise.all(atEach(store, account).map(({ tables }) => tables.accounts.read(key)));
}

/** That of an account's readings which says most of one of its sessions: where it stands, or where nobody could look. */
export function readingOf(reads: readonly ReadOutcome[], id: SessionId): ReadOutcome {
  const holds = (read: ReadOutcome): boolean =>
    read.outcome === 'found' && sessionProperty(id) in read.entity.properties;
  return (
    reads.find(holds) ??
    reads.find(({ outcome }) => outcome === 'unavailable') ??
    reads.find(({ outcome }) => outcome === 'found') ?? { outcome: 'gone' }
  );
}
