import { createTestStore, type TestStore } from '../../test/support/store.ts';

/** Tables with that many accounts in them, and as many rows in the other two. */
export interface Crowd {
  readonly store: TestStore;
  /** A name that no account of it had before. */
  next(): string;
}

export function crowdOf(accounts: number): Crowd {
  const store = createTestStore();
  for (const table of ['accounts', 'sids', 'expiries'] as const) {
    const rows = Array.from({ length: accounts - 1 }, (_, row) => ({
      partitionKey: `other-${row}`,
      rowKey: 'account',
      etag: `W/"${row}"`,
      properties: {},
    }));
    store.tables.load(table, rows);
  }
  let named = 0;
  return {
    store,
    next() {
      named += 1;
      return `person-${named}`;
    },
  };
}
