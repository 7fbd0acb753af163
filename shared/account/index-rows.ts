import { beganBefore } from '../ambient/clock-skew.ts';
import { noteExpiry } from '../store/expiry-buckets.ts';
import type { RemoveOutcome, Table, Unavailable } from '../store/table.ts';
import { type AccountKey, parseAccountKey } from './account-key.ts';
import type { AccountStore } from './account-store.ts';
import type { IndexKey } from './index-key.ts';
import { parseSessionId, type SessionId } from './session-record.ts';
import { atEach, atHome } from './where.ts';

/** One target's index partition is read to this many rows; of an OP session with more sign-ins those are ended, and the answer is 503. */
const ROWS_MAX = 50_000;

/** A sign-in as the index knows it: which account it went into, and when its attempt set out. */
export interface IndexedSignin {
  readonly sessionId: SessionId;
  readonly account: AccountKey;
  readonly startedAt: number;
}

/**
 * Writes one index row a sign-in under each target that a sign-out may name, and the note by which the sweep, which
 * alone removes them, will find them when the session has ended.
 */
export async function writeIndexRows(
  store: AccountStore,
  indexes: readonly IndexKey[],
  signin: IndexedSignin,
  endsAt: number,
): Promise<'written' | Unavailable> {
  const { sessionId, account, startedAt } = signin;
  const rows = indexes.map((index) =>
    atHome(store, index).tables.sids.create(
      { partitionKey: index, rowKey: sessionId },
      { account, startedAt: new Date(startedAt) },
    ),
  );
  // Beside the account, so that the sweep of a place has its accounts there.
  const { expiries } = atHome(store, account).tables;
  const note = noteExpiry(expiries, endsAt, `session~${sessionId}`, { account, indexes: indexes.join(' ') });
  for (const created of await Promise.all(rows)) {
    // A row of this very session that is there already is our own, written before a lost answer.
    if (created.outcome === 'unavailable') return created;
    if (created.outcome === 'too-large') throw new RangeError('an index row is too large');
  }
  const noted = await note;
  return noted === 'noted' ? 'written' : noted;
}

/** The sign-ins of a target whose attempts began before a sign-out received at `receivedAt`. */
export async function listSigninsBefore(
  store: AccountStore,
  index: IndexKey,
  receivedAt: number,
): Promise<{ readonly signins: readonly IndexedSignin[]; readonly complete: boolean } | Unavailable> {
  const lists = await Promise.all(atEach(store, index).map(({ tables }) => tables.sids.list(index, ROWS_MAX)));
  const signins: IndexedSignin[] = [];
  let complete = true;
  for (const listed of lists) {
    if (listed.outcome === 'unavailable') return listed;
    complete &&= listed.complete;
    for (const { rowKey, properties } of listed.entities) {
      const [sessionId, account] = [parseSessionId(rowKey), parseAccountKey(properties.account)];
      if (sessionId === null || account === null) continue;
      const startedAt = timeOf(properties.startedAt);
      if (beganBefore(startedAt, receivedAt)) signins.push({ sessionId, account, startedAt });
    }
  }
  return { signins, complete };
}

/** The sign-ins of an index by the account that each went into: when each session's attempt set out. */
export function signinsByAccount(
  signins: readonly IndexedSignin[],
): ReadonlyMap<AccountKey, ReadonlyMap<SessionId, number>> {
  const accounts = new Map<AccountKey, Map<SessionId, number>>();
  for (const { account, sessionId, startedAt } of signins) {
    accounts.set(account, (accounts.get(account) ?? new Map()).set(sessionId, startedAt));
  }
  return accounts;
}

/** A row that does not say when its sign-in began may be of an old one: in doubt a sign-out ends it. */
function timeOf(property: unknown): number {
  return property instanceof Date ? property.getTime() : Number.NEGATIVE_INFINITY;
}

/**
 * For the sweep alone: removes a sign-in's index row whose attempt set out before `startedBefore`, as it was read. A
 * younger one stays, whatever the caller believes: its sign-in may still be on its way, and a sign-out must find it.
 */
export async function removeIndexRow(
  sids: Table,
  index: IndexKey,
  sessionId: SessionId,
  startedBefore: number,
): Promise<RemoveOutcome | { readonly outcome: 'young' }> {
  const read = await sids.read({ partitionKey: index, rowKey: sessionId });
  if (read.outcome !== 'found') return read;
  const { startedAt } = read.entity.properties;
  if (!(startedAt instanceof Date) || startedAt.getTime() >= startedBefore) return { outcome: 'young' };
  return sids.remove(read.entity, read.entity.etag);
}
