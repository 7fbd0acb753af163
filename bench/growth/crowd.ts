import { createCrowdedStore, type TestStore } from '../../test/support/store.ts';

/** Tables with that many accounts in them, and as many rows in the other two. */
export interface Crowd {
  readonly store: TestStore;
  /** A name that no account of it had before. */
  next(): string;
}

export function crowdOf(accounts: number): Crowd {
  const store = createCrowdedStore(accounts - 1);
  let named = 0;
  return {
    store,
    next() {
      named += 1;
      return `person-${named}`;
    },
  };
}
