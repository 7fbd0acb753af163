import { ACCOUNT_ROW_KEY } from '../../../shared/account/account.ts';
import type { AccountKey } from '../../../shared/account/account-key.ts';
import { ATTEMPT_MINUTES, SETTLED_MINUTES } from '../../../shared/account/attempt-life.ts';
import { expiryBucket } from '../../../shared/store/expiry-buckets.ts';
import type { Entity } from '../../../shared/store/table.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import type { TestStore } from '../../support/store.ts';

/** Sessions of these tests last so long, and their notes fall due then. */
export const SESSION_LIFE = 8 * HOUR;
/** After which a note's hour has passed and settled, wherever in the hour it fell due. */
export const SETTLES_WITHIN = HOUR + SETTLED_MINUTES * MINUTE;

/** All that the sweep could find, but for its own cursor. */
export function notes({ tables }: TestStore): readonly Entity[] {
  return tables.rows('expiries').filter(({ partitionKey }) => partitionKey !== 'cursor');
}

export const noteKinds = (store: TestStore): string[] => notes(store).map(({ rowKey }) => rowKey.split('~')[0] ?? '');

/** The bucket in which the next run starts to look. */
export const cursorOf = ({ tables }: TestStore): unknown =>
  tables.rows('expiries').find(({ partitionKey }) => partitionKey === 'cursor')?.properties.bucket;

/** How many rows are stored in all, but for the cursor. */
export const stored = (store: TestStore): number =>
  store.tables.rows('accounts').length + store.tables.rows('sids').length + notes(store).length;

export async function useAttempt({ tables, ambient }: TestStore, name: string): Promise<void> {
  const dueAt = ambient.now() + ATTEMPT_MINUTES * MINUTE;
  await tables.expiries.create({ partitionKey: expiryBucket(dueAt), rowKey: `attempt~${name}` }, {});
}

/** What a sign-in leaves that died between its shell and its session. */
export async function createShell({ tables }: TestStore, account: AccountKey): Promise<void> {
  await tables.accounts.create({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY }, {});
}

/** Every call from now on, as `table.operation`. */
export function callsOf({ tables }: TestStore): string[] {
  const calls: string[] = [];
  tables.before = ({ table, name }) => {
    calls.push(`${table}.${name}`);
    return undefined;
  };
  return calls;
}
