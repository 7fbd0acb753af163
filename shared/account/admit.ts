import { beganBefore } from '../ambient/clock-skew.ts';
import type { Entity, EntityKey, Properties, Unavailable, UpdateOutcome } from '../store/table.ts';
import {
  ACCOUNT_ROW_KEY,
  type AccountCodec,
  createAccountCodec,
  sessionIds,
  sessionProperty,
  withoutSessions,
} from './account.ts';
import type { AccountKey } from './account-key.ts';
import { type AccountStore, CONTENTION_TRIES_MAX } from './account-store.ts';
import { SETTLED_MINUTES } from './attempt-life.ts';
import { departureOf } from './departures.ts';
import type { IndexKey } from './index-key.ts';
import { writeIndexRows } from './index-rows.ts';
import { makeRoom } from './make-room.ts';
import { fitsSessionProperty, type SessionId, type SessionRecord } from './session-record.ts';
import { newestTombstone } from './tombstone.ts';
import { atEach, atHome, departedFrom } from './where.ts';

/** How often a write of which storage says nothing is tried: each may take all of a call's deadline, and a person waits. */
const SILENT_WRITES_MAX = 2;

/** A sign-in that the OP has vouched for and that now asks to be let in. */
export interface Admission {
  readonly account: AccountKey;
  readonly sessionId: SessionId;
  readonly record: SessionRecord;
  /** The session's own MSAL cache. */
  readonly cache: string;
  /** The targets by which a sign-out can find this session: an index row each. */
  readonly indexes: readonly IndexKey[];
  /** The targets whose tombstones refuse it: those above, and the account. */
  readonly tombstones: readonly IndexKey[];
  /** Sessions on this same account whose cookie this one's overwrites: they end in the same write. */
  readonly replaces: readonly SessionId[];
  /** The end of the browser's earlier session on another account, under way meanwhile: nothing is written before it is done. */
  readonly earlier?: Promise<'ended' | Unavailable>;
}

export type Admitted =
  | { readonly outcome: 'admitted' }
  /** A sign-out of the same OP session, subject or account was received since the attempt set out. */
  | { readonly outcome: 'signed-out-meanwhile'; readonly signedOutAt: number }
  /** The OP's refresh token is more than a property holds, or the account would be more than an entity holds. */
  | { readonly outcome: 'too-large' }
  | Unavailable;

/**
 * Writes a session and its tokens, after the rule that lets nothing come back (DESIGN, rule 2): index rows first, then
 * the account's ETag, then the tombstones, then one write under that ETag. A sign-out that comes in anywhere between
 * either finds the index row and changes the ETag, or is found by its tombstone.
 */
export async function admit(anywhere: AccountStore, admission: Admission): Promise<Admitted> {
  const { account, sessionId, record } = admission;
  const store = atHome(anywhere, account);
  const departed = departedFrom(store, account);
  const codec = createAccountCodec(store.keyring, account);
  const tokens = codec.sealCache(sessionId, admission.cache);
  if (tokens === null || !fitsSessionProperty(recordNow(store, admission))) return { outcome: 'too-large' };
  const indexed = writeIndexRows(
    store,
    admission.indexes,
    { sessionId, account, startedAt: record.startedAt },
    record.endsAt,
  );
  const firstRead = readOrCreateShell(store, account);
  const written = await indexed;
  let read = await firstRead;
  if (written !== 'written') return written;

  let silent = 0;
  /** What the last write takes out, to be told of when it is known to be done. */
  let leaving: { readonly from: Entity; readonly ids: readonly SessionId[] } | null = null;
  const admitted = (): Admitted => {
    if (leaving !== null && leaving.ids.length > 0)
      departed?.(departureOf(codec, leaving.from, leaving.ids, [record.sid]));
    return { outcome: 'admitted' };
  };
  for (let tries = 0; tries < CONTENTION_TRIES_MAX; tries += 1) {
    if ('outcome' in read) return read;
    // Our own write, whose answer was lost, or which was repeated and came back as 412.
    if (holds(codec, read, admission)) return admitted();

    const signedOutAt = await newestSignOut(store, admission);
    if (typeof signedOutAt === 'object') return signedOutAt;
    if (beganBefore(record.startedAt, signedOutAt)) {
      await removeOwnShell(store, read);
      return { outcome: 'signed-out-meanwhile', signedOutAt };
    }

    const earlier = await admission.earlier;
    if (typeof earlier === 'object') return earlier;
    const write = planWrite(store, codec, read, admission, tokens);
    leaving = { from: read, ids: write.leaving };
    const updated = await writeSession(store, read, write);
    if (updated.outcome === 'updated') {
      // One that may stand at another place has not left yet.
      if (atEach(anywhere, account).length === 1) store.replacedHere.note(admission.replaces, store.ambient.now());
      return admitted();
    }
    if (updated.outcome === 'too-large') return updated;
    // 404: signed out since. 412: somebody wrote. Unavailable: perhaps written. In each case only a read can tell.
    read = await readOrCreateShell(store, account);
    if (updated.outcome !== 'unavailable') continue;
    silent += 1;
    if (silent === SILENT_WRITES_MAX && ('outcome' in read || !holds(codec, read, admission))) return updated;
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

const entityKey = (account: AccountKey): EntityKey => ({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY });

/** The only write that creates carries neither session nor token: an empty shell, whose deletion says "signed out since". */
async function readOrCreateShell({ tables }: AccountStore, account: AccountKey): Promise<Entity | Unavailable> {
  const key = entityKey(account);
  for (let tries = 0; tries < CONTENTION_TRIES_MAX; tries += 1) {
    const read = await tables.accounts.read(key);
    if (read.outcome === 'found') return read.entity;
    if (read.outcome === 'unavailable') return read;
    const created = await tables.accounts.create(key, {});
    if (created.outcome === 'created') return { ...key, etag: created.etag, properties: {} };
    if (created.outcome === 'unavailable') return created;
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

function holds(codec: AccountCodec, entity: Entity, { sessionId, record }: Admission): boolean {
  const session = codec.openSession(entity, sessionId);
  return session.outcome === 'opened' && session.value.secretHash === record.secretHash;
}

/** The time of the newest sign-out that concerns this admission, that of everybody among them; `-Infinity` where there was none. */
async function newestSignOut(store: AccountStore, { tombstones, record }: Admission): Promise<number | Unavailable> {
  let newest = store.sessionsNotBefore ?? Number.NEGATIVE_INFINITY;
  for (const tombstone of await Promise.all(tombstones.map((index) => newestTombstone(store, index)))) {
    if (tombstone === null) continue;
    if (typeof tombstone === 'object') return tombstone;
    newest = Math.max(newest, tombstone);
  }
  // No deadline wakes a process that has stood still. Of so long ago the sweep may have taken tombstones away, and this sign-in's own
  // index rows: in doubt there was one.
  const { startedAt } = record;
  return store.ambient.now() < startedAt + SETTLED_MINUTES * 60_000 ? newest : Math.max(newest, startedAt);
}

/** A refused sign-in leaves no empty row behind; whatever came between (412) is somebody else's and stays. */
async function removeOwnShell({ tables }: AccountStore, entity: Entity): Promise<void> {
  if (sessionIds(entity.properties).length > 0) return;
  await tables.accounts.remove(entity, entity.etag);
}

/** It remembers whose place it takes, and when, for a sign-out by one of their cookies that is under way. */
function recordNow({ ambient }: AccountStore, { record, replaces }: Admission): SessionRecord {
  return replaces.length === 0 ? record : { ...record, replaced: { ids: replaces, at: ambient.now() } };
}

/** What a session and its tokens are written with, and the sessions that leave in the same write. */
interface Write {
  readonly added: Properties;
  readonly leaving: readonly SessionId[];
}

function planWrite(
  store: AccountStore,
  codec: AccountCodec,
  entity: Entity,
  admission: Admission,
  tokens: Properties,
): Write {
  const { sessionId, record, replaces } = admission;
  const added: Properties = {
    ...codec.sealSession(sessionId, recordNow(store, admission)),
    ...tokens,
    expiresOn: latest(entity.properties.expiresOn, record.endsAt),
  };
  const replaced = replaces.filter((id) => sessionProperty(id) in entity.properties);
  return { added, leaving: [...replaced, ...makeRoom(codec, entity, added, replaces)] };
}

async function writeSession(
  { tables: { accounts } }: AccountStore,
  entity: Entity,
  { added, leaving }: Write,
): Promise<UpdateOutcome> {
  if (leaving.length === 0) return accounts.merge(entity, added, entity.etag);
  const kept = withoutSessions(entity.properties, leaving);
  return accounts.replace(entity, { ...kept, ...added }, entity.etag);
}

/** Never shortened: the sweep trusts that nothing in the entity outlives it. */
function latest(stored: unknown, endsAt: number): Date {
  return stored instanceof Date && stored.getTime() > endsAt ? stored : new Date(endsAt);
}
