import type { TableClient } from '@azure/data-tables';
import type { ICachePlugin, TokenCacheContext } from '@azure/msal-node';

const ROW_KEY = 'cache';
/** A text property holds 32 Ki characters; a larger cache takes several. */
const PART_CHARACTERS = 30_000;

/** A user's cache as one entity. */
export function cacheRow(homeAccountId: string, cache: string): { partitionKey: string; rowKey: string } {
  const parts = Math.max(1, Math.ceil(cache.length / PART_CHARACTERS));
  const cut = Array.from({ length: parts }, (_, at) => [
    `part${at}`,
    cache.slice(at * PART_CHARACTERS, (at + 1) * PART_CHARACTERS),
  ]);
  return { partitionKey: homeAccountId, rowKey: ROW_KEY, ...Object.fromEntries(cut) };
}

/** MSAL's cache of one user, loaded each time that MSAL looks into it, and written where it has changed. */
export function tableCachePlugin(table: TableClient, homeAccountId: string): ICachePlugin {
  return {
    async beforeCacheAccess({ tokenCache }: TokenCacheContext) {
      const row: Record<string, unknown> = await table.getEntity(homeAccountId, ROW_KEY);
      let cache = '';
      for (let at = 0; row[`part${at}`] !== undefined; at += 1) cache += row[`part${at}`];
      tokenCache.deserialize(cache);
    },
    async afterCacheAccess({ cacheHasChanged, tokenCache }: TokenCacheContext) {
      if (cacheHasChanged) await table.upsertEntity(cacheRow(homeAccountId, tokenCache.serialize()), 'Replace');
    },
  };
}
