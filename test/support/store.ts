import { type AccountKey, accountKey } from '../../shared/account/account-key.ts';
import type { AccountStore } from '../../shared/account/account-store.ts';
import { type IndexKey, indexKey, type SignoutTarget } from '../../shared/account/index-key.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { createMemoryTables, type MemoryTables, type Operation } from '../memory-table/memory-table.ts';
import { createTestAmbient, type TestAmbient } from './ambient.ts';
import { testKeyring } from './keyring.ts';

export const CLIENT_ID = 'client-1';
export const ISSUER = 'https://op.example/v2.0';

export const ALICE: AccountKey = accountKey('alice.contoso', CLIENT_ID);
export const BOB: AccountKey = accountKey('bob.contoso', CLIENT_ID);

/** One instance's view of an in-memory storage account. */
export interface TestStore extends AccountStore {
  readonly tables: MemoryTables;
  readonly ambient: TestAmbient;
}

export function createTestStore(): TestStore {
  const ambient = createTestAmbient();
  const tables = createMemoryTables(ambient);
  return { tables, keyring: testKeyring(['k1'], ambient), ambient, replacedHere: createReplacedHere() };
}

/** The same, with so many accounts in it, and as many rows in the other two tables, that are nobody's whom a test names. */
export function createCrowdedStore(others: number): TestStore {
  const store = createTestStore();
  for (const table of ['accounts', 'sids', 'expiries'] as const) {
    const rows = Array.from({ length: others }, (_, row) => ({
      partitionKey: `other-${row}`,
      rowKey: 'account',
      etag: `W/"${row}"`,
      properties: {},
    }));
    store.tables.load(table, rows);
  }
  return store;
}

/** Another instance over the same tables and clock, with keys of its own choice. */
export function withKeys(store: TestStore, kids: readonly [string, ...string[]]): TestStore {
  return { ...store, keyring: testKeyring(kids, store.ambient) };
}

export const target = (kind: SignoutTarget['kind'], value: string): IndexKey =>
  indexKey(CLIENT_ID, ISSUER, { kind, value });

/** The property names of an account's entity, sorted; null where there is no entity. */
export function accountProperties({ tables }: TestStore, account: AccountKey): string[] | null {
  const row = tables.rows('accounts').find(({ partitionKey }) => partitionKey === account);
  return row ? Object.keys(row.properties).sort() : null;
}

type Matches = Partial<Pick<Operation, 'table' | 'name' | 'partitionKey' | 'rowKey'>>;

const matches = (operation: Operation, wanted: Matches): boolean =>
  Object.entries(wanted).every(([name, value]) => operation[name as keyof Operation] === value);

/** Lets something else happen right before the first operation of this kind: the race that a rule is there for. */
export function beforeOnce({ tables }: TestStore, wanted: Matches, happen: () => Promise<unknown>): void {
  const hook: MemoryTables['before'] = async (operation) => {
    if (!matches(operation, wanted)) return undefined;
    tables.before = undefined;
    await happen();
    return undefined;
  };
  tables.before = hook;
}

/** The operations that storage is asked for from now on, as they come, until another hook takes the place of this one. */
export function recordOperations({ tables }: TestStore): Operation[] {
  const seen: Operation[] = [];
  tables.before = (operation) => {
    seen.push(operation);
    return undefined;
  };
  return seen;
}

/** Storage does not do operations of this kind, from now on or as often as said. */
export function failing({ tables }: TestStore, wanted: Matches, times = Number.POSITIVE_INFINITY): void {
  let left = times;
  tables.before = (operation) => {
    if (left <= 0 || !matches(operation, wanted)) return undefined;
    left -= 1;
    return { outcome: 'unavailable', reason: 'test-outage' };
  };
}

/** Storage does the next operation of this kind, and its answer is lost. */
export function losingAnswer({ tables }: TestStore, wanted: Matches): void {
  let lost = false;
  tables.after = (operation) => {
    if (lost || !matches(operation, wanted)) return undefined;
    lost = true;
    return { outcome: 'unavailable', reason: 'test-answer-lost' };
  };
}
