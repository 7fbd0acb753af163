import type { RefreshAhead } from '../../shared/tokens/refresh-ahead.ts';
import type { AccessToken } from '../../shared/tokens/token-client.ts';
import type { TokenMemory } from '../../shared/tokens/token-memory.ts';

// The real ones set room aside for 20,000 tokens, which takes longer than a race.

export function smallMemory(): TokenMemory {
  const tokens = new Map<string, AccessToken>();
  const key = (sessionId: string, scopes: readonly string[]) => [sessionId, ...scopes].join(' ');
  return {
    get: (sessionId, scopes) => tokens.get(key(sessionId, scopes)),
    set: (sessionId, scopes, token) => void tokens.set(key(sessionId, scopes), token),
    drop: (sessionId, scopes) => void tokens.delete(key(sessionId, scopes)),
  };
}

/** For an instance that sees one call: whatever that asks for begins. */
export const smallRefreshes = (): RefreshAhead => ({
  begin: (_, __, refresh, failed) => {
    void refresh().catch(failed);
    return true;
  },
});
