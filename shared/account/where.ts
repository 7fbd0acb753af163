import type { AccountKey } from './account-key.ts';
import type { AccountStore } from './account-store.ts';
import type { Departures } from './departures.ts';
import type { IndexKey } from './index-key.ts';

/** SHA-256 of a sign-in attempt's state, in hex. */
export type AttemptHash = string & { readonly brand: 'AttemptHash' };
/** What is stored lies by the account that it is of, or by the target that a sign-out names; a used attempt by its own hash. */
export type PlacedBy = AccountKey | IndexKey | AttemptHash;

/** The same store where new rows of that key are written. */
export function atHome(store: AccountStore, key: PlacedBy): AccountStore {
  if (store.places === undefined) return store;
  const [home] = store.places.of(key);
  return { ...store, tables: home };
}

/** The same store at each place where rows of that key may lie, that where new ones are written first. */
export function atEach(store: AccountStore, key: PlacedBy): readonly AccountStore[] {
  if (store.places === undefined) return [store];
  return store.places.of(key).map((tables) => ({ ...store, tables }));
}

/** The same, in one order for all instances. */
export function atEachInOrder(store: AccountStore, key: PlacedBy): readonly AccountStore[] {
  if (store.places === undefined) return [store];
  return store.places.inOrder(key).map((tables) => ({ ...store, tables }));
}

/** The same store at every place there is. */
export function atAll(store: AccountStore): readonly AccountStore[] {
  if (store.places === undefined) return [store];
  return store.places.all.map((tables) => ({ ...store, tables }));
}

/**
 * Whoever is told of what leaves, for one who has looked at an account at one place. Where it may stand at another too, nobody
 * here can say what else does: a revocation that reaches further than its token could end that.
 */
export function departedFrom(store: AccountStore, account: AccountKey): Departures | undefined {
  const { departed } = store;
  if (departed === undefined || atEach(store, account).length === 1) return departed;
  return ({ tokens, standing }) => departed({ tokens, standing: [...standing, undefined] });
}
