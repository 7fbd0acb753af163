import { LRUCache } from 'lru-cache';
import type { SessionId } from '../account/session-record.ts';
import { memoryKey } from './token-memory.ts';

const REFRESHES_MAX = 20_000;
/** Whatever came of a refresh, the next of its kind waits so long: an OP that is down is not asked with every call. */
export const REFRESH_PAUSE_MILLISECONDS = 30_000;

/** This instance's refreshes of tokens that are still good: nobody waits for one. */
export interface RefreshAhead {
  /**
   * Starts a refresh, unless one of this session and these scopes runs or ended a moment ago.
   *
   * @param failed told of what `refresh` throws, which has no caller to reach
   * @returns whether it was started
   */
  begin(
    sessionId: SessionId,
    scopes: readonly string[],
    refresh: () => Promise<void>,
    failed: (error: unknown) => void,
  ): boolean;
}

/** @param monotonic milliseconds */
export function createRefreshAhead(monotonic: () => number): RefreshAhead {
  // One that is pushed out may begin twice: the lease still lets one at a time redeem.
  const notBefore = new LRUCache<string, number>({ max: REFRESHES_MAX });
  return {
    begin(sessionId, scopes, refresh, failed) {
      const key = memoryKey(sessionId, scopes);
      if (monotonic() < (notBefore.get(key) ?? Number.NEGATIVE_INFINITY)) return false;
      notBefore.set(key, Number.POSITIVE_INFINITY);
      void refresh()
        .catch(failed)
        .finally(() => notBefore.set(key, monotonic() + REFRESH_PAUSE_MILLISECONDS));
      return true;
    },
  };
}
