import type { AccountsTable } from '../../../shared/store/table.ts';

const KEY = { partitionKey: 'secret-partition', rowKey: 'secret-row' };
const ETAG = 'W/"1"';

export type Outcome = { readonly outcome: string; readonly reason?: string; readonly retryAfterMilliseconds?: number };
export type OperationCase = readonly [name: keyof AccountsTable, call: (table: AccountsTable) => Promise<Outcome>];

export const READS: readonly OperationCase[] = [
  ['read', (table) => table.read(KEY, ['a'])],
  ['list', (table) => table.list(KEY.partitionKey, 10)],
  ['partitionKeys', (table) => table.partitionKeys(KEY.partitionKey, 10)],
];

export const WRITES: readonly OperationCase[] = [
  ['create', (table) => table.create(KEY, { a: 'secret-value' })],
  ['merge', (table) => table.merge(KEY, { a: 'secret-value' }, ETAG)],
  ['replace', (table) => table.replace(KEY, { a: 'secret-value' }, ETAG)],
  ['remove', (table) => table.remove(KEY, ETAG)],
];

export const OPERATIONS: readonly OperationCase[] = [...READS, ...WRITES];
