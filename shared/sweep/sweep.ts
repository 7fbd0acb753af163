import type { AccountStore } from '../account/account-store.ts';
import { atAll } from '../account/where.ts';
import { BUCKET_MILLISECONDS, expiryBucket } from '../store/expiry-buckets.ts';
import type { Unavailable } from '../store/table.ts';
import { type Cursor, moveCursor, openCursor } from './cursor.ts';
import { endEarlySessions } from './end-early.ts';
import { beginRun, isAtLimit, type Run, type SweepLimits } from './run.ts';
import { sweepBucket } from './sweep-bucket.ts';
import type { SweepCounts } from './sweep-note.ts';

export type { SweepLimits } from './run.ts';

/** Within the 5 minutes that the Consumption plan gives a function, and half of the time to the next run. */
export const SWEEP_LIMITS: SweepLimits = { milliseconds: 4 * 60_000, notes: 100_000, page: 1_000 };

/** Of a run, to the walk of SESSIONS_NOT_BEFORE; and what the rest leaves of its own. */
const WALK_SHARE = 1 / 2;

const MORE = { outcome: 'more' } as const;

type SweptDue =
  | { readonly outcome: 'swept' }
  /** At a limit: there is more that is due. */
  | { readonly outcome: 'more' }
  | Unavailable;

export type Swept = SweptDue & { readonly counts: Readonly<SweepCounts> };

/**
 * Deletes what has expired (DESIGN, rule 9). Reads the buckets whose hour is settled and no others, from the oldest not
 * known to be empty on, so that the cost follows what is due, after days without a run too. Every deletion is under the
 * ETag of the read that found the row old enough; instances at it together take each other's work for done. Only a new
 * SESSIONS_NOT_BEFORE has it look through all accounts, once. Several storage
 * accounts are swept beside each other, each by its own notes and within its own limits.
 *
 * @param afterBatch done after each few notes, before the next
 */
export async function sweep(
  store: AccountStore,
  limits: SweepLimits = SWEEP_LIMITS,
  afterBatch: () => Promise<void> = async () => {},
): Promise<Swept> {
  const [first, ...others] = await Promise.all(atAll(store).map((place) => sweepPlace(place, limits, afterBatch)));
  if (first === undefined) throw new RangeError('there is no place to sweep');
  return others.reduce(bothOf, first);
}

/** Of two runs beside each other the worse outcome, and what both took away. */
function bothOf(one: Swept, other: Swept): Swept {
  const [a, b] = [one.counts, other.counts];
  const counts: SweepCounts = {
    accounts: a.accounts + b.accounts,
    sessions: a.sessions + b.sessions,
    indexRows: a.indexRows + b.indexRows,
    tombstones: a.tombstones + b.tombstones,
    notes: a.notes + b.notes,
    left: a.left + b.left,
  };
  const worse = [one, other].find(({ outcome }) => outcome === 'unavailable') ?? (one.outcome === 'more' ? one : other);
  return { ...worse, counts };
}

async function sweepPlace(store: AccountStore, limits: SweepLimits, afterBatch: () => Promise<void>): Promise<Swept> {
  const run = beginRun(store, limits, afterBatch);
  const { counts } = run;
  // First: it holds tokens, and all else that is due holds nothing that anybody could use.
  const begun = await endEarlySessions(run, WALK_SHARE);
  // Neither a walk of many runs nor one that cannot go on must keep from everybody what is due.
  const due = await sweepDue(run);
  const goesOn = begun === 'limit' && due.outcome === 'swept';
  const early = goesOn ? await endEarlySessions(run) : begun;
  if (typeof early === 'object') return { ...early, counts };
  return { ...(early === 'limit' && due.outcome === 'swept' ? MORE : due), counts };
}

async function sweepDue(run: Run): Promise<SweptDue> {
  const { expiries } = run.store.tables;
  const cursor = await openCursor(expiries, run.moment.now);
  if ('outcome' in cursor) return cursor;
  const { emptyUntil, stopped } = await sweepBuckets(run, cursor);
  const moved = await moveCursor(expiries, cursor, emptyUntil);
  if (typeof stopped === 'object') return stopped;
  // Behind one for whom storage did not answer all others have been swept; the run is not done all the same.
  const failed = run.failures.first();
  if (failed !== null) return failed;
  if (moved !== 'moved') return moved;
  return { outcome: stopped === 'limit' ? 'more' : 'swept' };
}

/** `emptyUntil`: the beginning of the first bucket that may still hold a note. */
async function sweepBuckets(
  run: Run,
  { begin }: Cursor,
): Promise<{ emptyUntil: number; stopped: 'limit' | 'end' | Unavailable }> {
  let left: number | null = null;
  let bucket = begin;
  for (; bucket + BUCKET_MILLISECONDS <= run.moment.settledBefore; bucket += BUCKET_MILLISECONDS) {
    const swept = isAtLimit(run) ? 'limit' : await sweepBucket(run, expiryBucket(bucket));
    if (swept === 'cleared') continue;
    left ??= bucket;
    if (swept !== 'left') return { emptyUntil: left, stopped: swept };
  }
  return { emptyUntil: left ?? bucket, stopped: 'end' };
}
