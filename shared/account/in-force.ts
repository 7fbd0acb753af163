import type { AccountStore } from './account-store.ts';
import { beganTooEarly } from './not-before.ts';
import { isAlive, type SessionRecord } from './session-record.ts';

/**
 * Whether a session that stands is worth anything to whoever brings its cookie: within its ends, and not of before
 * SESSIONS_NOT_BEFORE. What is not stays stored until the sweep takes it.
 *
 * @param idleMinutes how long a session may go unused
 */
export function isInForce(store: AccountStore, record: SessionRecord, idleMinutes: number): boolean {
  return isAlive(record, store.ambient.now(), idleMinutes) && !beganTooEarly(store, record.startedAt);
}
