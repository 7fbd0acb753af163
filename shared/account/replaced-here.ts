import { LRUCache } from 'lru-cache';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';
import type { SessionId } from './session-record.ts';

/** One forgotten costs no more than the doubt that other instances have of it anyway. */
const SESSIONS_MAX = 1_000;

/**
 * The sessions that this instance has itself seen leave for another of the same browser, and when. Of those it knows without
 * any doubt about clocks, and about how long a write was on its way, whether a sign-out by their cookie came in after that.
 */
export interface ReplacedHere {
  /** @param at when the write was answered, milliseconds since the epoch */
  note(ids: readonly SessionId[], at: number): void;
  /** Whether it was gone before that time by this instance's clock; false where it is not known here. */
  wasBefore(id: SessionId, time: number): boolean;
}

export function createReplacedHere(): ReplacedHere {
  const times = new LRUCache<SessionId, number>({ max: SESSIONS_MAX });
  return {
    note(ids, at) {
      for (const id of ids) times.set(id, at);
    },
    wasBefore: (id, time) => (times.get(id) ?? Number.POSITIVE_INFINITY) < time,
  };
}

/** The same for times of which another instance's clock may be the source: what lies between two clocks is not known then. */
export function byOtherClocks(replacedHere: ReplacedHere): ReplacedHere {
  return { ...replacedHere, wasBefore: (id, time) => replacedHere.wasBefore(id, time - CLOCK_SKEW_MILLISECONDS) };
}
