import type { AccountStore } from '../account/account-store.ts';
import { removeIndexRow } from '../account/index-rows.ts';
import { removeTombstone } from '../account/tombstone.ts';
import { atEach } from '../account/where.ts';
import { noteExpiry } from '../store/expiry-buckets.ts';
import type { Entity, Properties, Unavailable } from '../store/table.ts';
import type { Moment } from './moment.ts';
import { parseNote, type SessionNote } from './note.ts';
import { type Settled, settleAccount } from './settle-account.ts';

/** What a run took away. */
export interface SweepCounts {
  accounts: number;
  sessions: number;
  indexRows: number;
  tombstones: number;
  notes: number;
  /** What stays for the next run, because this one could not do it. */
  left: number;
}

/** `left`: somebody else wrote meanwhile, or knows better. The next run looks again. */
export type NoteSwept = 'cleared' | 'left' | Unavailable;

/**
 * Does what one note says, and removes the note last: whatever breaks off before that, the next run finds the note and
 * does it again.
 *
 * @param entity the note, in a bucket whose hour is settled
 */
export async function sweepNote(
  store: AccountStore,
  entity: Entity,
  moment: Moment,
  counts: SweepCounts,
): Promise<NoteSwept> {
  const note = parseNote(entity);
  let done: NoteSwept;
  switch (note.kind) {
    case 'attempt':
    case 'void':
      done = 'cleared';
      break;
    case 'tombstone': {
      const removed = await removeTombstone(store.tables.sids, note.index, moment.settledBefore);
      if (removed.outcome === 'removed') counts.tombstones += 1;
      if (removed.outcome === 'young') done = await noteAgain(store, entity, removed.dueAt, moment);
      else done = clearedUnless(removed);
      break;
    }
    case 'session':
      done = await sweepSession(store, entity, note, moment, counts);
      break;
    case 'unknown':
      return 'left';
  }
  if (done !== 'cleared') return done;
  const removed = await store.tables.expiries.remove(entity, entity.etag);
  if (removed.outcome === 'removed') counts.notes += 1;
  return clearedUnless(removed);
}

/** The account first: an index row goes only when no sign-out can need it any more. */
async function sweepSession(
  store: AccountStore,
  entity: Entity,
  note: SessionNote,
  moment: Moment,
  counts: SweepCounts,
): Promise<NoteSwept> {
  const settled: Settled = await settleAccount(store, note, moment);
  switch (settled.outcome) {
    case 'unavailable':
      return settled;
    case 'changed':
      return 'left';
    case 'stands':
      return noteAgain(store, entity, settled.until, moment);
    case 'shell':
      return noteAgain(store, entity, moment.now, moment, { shell: settled.etag });
    case 'over':
      break;
  }
  counts.sessions += settled.ended;
  counts.accounts += settled.accounts;
  for (const index of note.indexes) {
    for (const { tables } of atEach(store, index)) {
      const removed = await removeIndexRow(tables.sids, index, note.sessionId, moment.settledBefore);
      if (removed.outcome === 'removed') counts.indexRows += 1;
      const done = removed.outcome === 'young' ? await noteAgain(store, entity, null, moment) : clearedUnless(removed);
      if (done !== 'cleared') return done;
    }
  }
  return 'cleared';
}

/**
 * The same note where it falls due next, never in an hour that has begun to settle: the runs may have passed it by.
 *
 * @param dueAt milliseconds since the epoch; null where that is not known
 */
async function noteAgain(
  { tables: { expiries } }: AccountStore,
  { rowKey, properties }: Entity,
  dueAt: number | null,
  { now }: Moment,
  more: Properties = {},
): Promise<NoteSwept> {
  const noted = await noteExpiry(expiries, Math.max(dueAt ?? now, now), rowKey, { ...properties, ...more });
  return noted === 'noted' ? 'cleared' : noted;
}

function clearedUnless(removed: { readonly outcome: 'removed' | 'gone' | 'changed' } | Unavailable): NoteSwept {
  switch (removed.outcome) {
    case 'removed':
    case 'gone':
      return 'cleared';
    case 'changed':
      return 'left';
    case 'unavailable':
      return removed;
  }
}
