import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';

/** Carries one session's cache into and out of one `ConfidentialClientApplication`. */
export interface SessionCachePlugin extends ICachePlugin {
  /** The cache as MSAL left it. */
  serialized(): string;
}

/**
 * A cache plugin for one operation on one session. MSAL's own `DistributedCachePlugin` appends to memory that it never
 * clears and writes to the key of whichever account comes first, so that one user's tokens end up under another's key;
 * here there is one application object an operation, one cache in it, and no key at all.
 *
 * @param initial the session's cache; empty for a sign-in
 */
export function sessionCachePlugin(initial: string): SessionCachePlugin {
  let current = initial;
  return {
    async beforeCacheAccess(context: TokenCacheContext) {
      // `deserialize` merges into memory; of the same cache that changes nothing. An empty text would be no JSON.
      if (current !== '') context.tokenCache.deserialize(current);
    },
    async afterCacheAccess(context: TokenCacheContext) {
      if (context.cacheHasChanged) current = context.tokenCache.serialize();
    },
    serialized: () => current,
  };
}
