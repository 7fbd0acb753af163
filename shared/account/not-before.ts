import { beganBefore } from '../ambient/clock-skew.ts';
import type { AccountStore } from './account-store.ts';

/**
 * Whether a sign-in attempt set out too early for it, or for its session, to count: before SESSIONS_NOT_BEFORE. That instant is to
 * everybody what a sign-out's is to those whom it names: in doubt a session too few costs a sign-in.
 *
 * @param startedAt when the attempt set out, milliseconds since the epoch
 */
export function beganTooEarly({ sessionsNotBefore }: AccountStore, startedAt: number): boolean {
  return sessionsNotBefore !== undefined && beganBefore(startedAt, sessionsNotBefore);
}
