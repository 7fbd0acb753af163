import { SETTLED_MINUTES } from '../account/attempt-life.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import type { Properties, Table, Unavailable } from '../store/table.ts';
import type { Moment } from './moment.ts';

/** Beside the cursor, of which it is independent. */
const KEY = { partitionKey: 'cursor', rowKey: 'not-before' };

/** So long a walk for a later instant is trusted to be gone on with by those who have it: it may have been taken back. */
const ABANDONED_MILLISECONDS = 24 * 60 * 60_000;

/** A walk through all accounts for the sake of one instant, as far as it has come. */
export interface Walk {
  readonly notBefore: number;
  /** When it set out: whatever was written before then it meets. */
  readonly began: number;
  /** Behind which account it goes on; null: from the first on. */
  readonly after: string | null;
  /** Whether an account stayed behind that could not be looked through: then it has to be walked once more. */
  readonly left: boolean;
  readonly etag: string;
}

export type OpenedWalk =
  /** It is done. */
  | { readonly outcome: 'none' }
  | { readonly outcome: 'open'; readonly walk: Walk }
  /** Somebody else wrote meanwhile, or it was our own write, whose answer was lost: only a look can tell. */
  | { readonly outcome: 'changed' }
  | Unavailable;

/**
 * The walk that an instant needs, which is one for good, and one more where the first set out so early that a sign-in of before it could
 * still be on its way, by an instance that had not heard of it. A later instant that somebody walks for is good for an earlier one, unless
 * nobody does any longer: it was taken back before its walk came to the end.
 *
 * @param expiries of one place: each has its own walk
 */
export async function openWalk(expiries: Table, notBefore: number, moment: Moment): Promise<OpenedWalk> {
  const began = { notBefore, began: moment.now, after: null, left: false };
  const read = await expiries.read(KEY);
  if (read.outcome === 'unavailable') return read;
  if (read.outcome === 'gone') {
    const created = await expiries.create(KEY, propertiesOf(began));
    if (created.outcome === 'unavailable') return created;
    return created.outcome === 'created'
      ? { outcome: 'open', walk: { ...began, etag: created.etag } }
      : { outcome: 'changed' };
  }
  const { etag, properties } = read.entity;
  const stored = parseWalk(properties, moment.now);
  if (stored !== null && isGoodFor(stored, notBefore, moment)) return { outcome: 'none' };
  if (stored?.notBefore === notBefore && !stored.done) return { outcome: 'open', walk: { ...stored, etag } };
  const raised = await expiries.merge(KEY, propertiesOf(began), etag);
  if (raised.outcome === 'unavailable') return raised;
  return raised.outcome === 'updated'
    ? { outcome: 'open', walk: { ...began, etag: raised.etag } }
    : { outcome: 'changed' };
}

/** Whether there is nothing to walk for, at least not yet. */
function isGoodFor({ notBefore: walkedFor, began, done }: StoredWalk, notBefore: number, moment: Moment): boolean {
  if (walkedFor < notBefore) return false;
  if (!done) return walkedFor > notBefore && moment.now - began < ABANDONED_MILLISECONDS;
  const wasEarly = began < notBefore + SETTLED_MINUTES * 60_000;
  return !wasEarly || moment.settledBefore < notBefore;
}

/**
 * Keeps how far a walk has come, so that it goes on from there whatever breaks off. One that has left somebody behind is not done at
 * its end: it begins again with the next run.
 *
 * @param after null: to the end
 */
export async function keepWalk(expiries: Table, walk: Walk, after: string | null): Promise<OpenedWalk> {
  const again = after === null && walk.left;
  const next = { ...walk, after, left: walk.left && !again };
  const kept = await expiries.merge(KEY, propertiesOf(next, after === null && !again), walk.etag);
  if (kept.outcome === 'unavailable') return kept;
  if (kept.outcome !== 'updated') return { outcome: 'changed' };
  if (again) return { outcome: 'unavailable', reason: 'accounts-left' };
  return after === null ? { outcome: 'none' } : { outcome: 'open', walk: { ...next, etag: kept.etag } };
}

type StoredWalk = Omit<Walk, 'etag'> & { readonly done: boolean };

function propertiesOf({ notBefore, began, after, left }: Omit<Walk, 'etag'>, done = false): Properties {
  return { notBefore: new Date(notBefore), began: new Date(began), after: after ?? '', left, done };
}

/** Null for what says nothing: it is walked anew. So is an instant in time to come, which nobody can have been told. */
function parseWalk({ notBefore, began, after, left, done }: Properties, now: number): StoredWalk | null {
  if (!(notBefore instanceof Date) || !(began instanceof Date)) return null;
  if (typeof after !== 'string' || typeof done !== 'boolean') return null;
  if (Math.max(notBefore.getTime(), began.getTime()) > now + 2 * CLOCK_SKEW_MILLISECONDS) return null;
  return {
    notBefore: notBefore.getTime(),
    began: began.getTime(),
    after: after === '' ? null : after,
    left: left === true,
    done,
  };
}
