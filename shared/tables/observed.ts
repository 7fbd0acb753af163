import type { AccountsTable, Tables } from '../store/table.ts';

/** One call as it may be counted and logged: no key, no property. */
export interface TableCall {
  readonly table: keyof Tables;
  readonly operation: keyof AccountsTable;
  readonly outcome: string;
  /** Why it was unavailable: a status or error code. */
  readonly reason?: string;
  readonly milliseconds: number;
}

export type OnCall = (call: TableCall) => void;

/** The same table, with every call told to `onCall` once it has its outcome. `monotonic` is in milliseconds. */
export function observed(
  table: AccountsTable,
  name: keyof Tables,
  monotonic: () => number,
  onCall: OnCall,
): AccountsTable {
  const tell = async <O extends { readonly outcome: string; readonly reason?: string }>(
    operation: keyof AccountsTable,
    answer: Promise<O>,
  ): Promise<O> => {
    const began = monotonic();
    const { outcome, reason } = await answer;
    const milliseconds = monotonic() - began;
    onCall({ table: name, operation, outcome, ...(reason === undefined ? {} : { reason }), milliseconds });
    return answer;
  };
  return {
    read: (key, select) => tell('read', table.read(key, select)),
    create: (key, properties) => tell('create', table.create(key, properties)),
    merge: (key, properties, etag) => tell('merge', table.merge(key, properties, etag)),
    replace: (key, properties, etag) => tell('replace', table.replace(key, properties, etag)),
    remove: (key, etag) => tell('remove', table.remove(key, etag)),
    list: (partitionKey, limit) => tell('list', table.list(partitionKey, limit)),
    partitionKeys: (after, limit) => tell('partitionKeys', table.partitionKeys(after, limit)),
  };
}
