import type { TableClient, TableServiceClientOptions } from '@azure/data-tables';
import { untilItWorks } from '../ambient/until-it-works.ts';
import type { SdkCredential } from '../identity/sdk-credential.ts';
import type { TablesSettings } from '../settings/settings.ts';

/** The SDK tries once: how often in all, and for how long, is decided in one place, the caller. */
const ONCE: TableServiceClientOptions = { retryOptions: { maxRetries: 0 } };

/** Takes longer than all else that a first request needs: where there is nothing to do, it may be done ahead. */
export const loadTablesSdk = () => import('./sdk.ts');

/** Gives one table's client, which is made when it is first wanted. */
export type Client = () => Promise<TableClient>;

/**
 * Makes the SDK's clients for tables of one storage account. No network; and the SDK is not loaded before the first is wanted.
 *
 * @param credential reads an `endpoint`
 */
export function clientFactory(settings: TablesSettings, credential: SdkCredential): (tableName: string) => Client {
  return (tableName) =>
    untilItWorks(async () => {
      const { TableClient: Made } = await loadTablesSdk();
      if (settings.kind === 'endpoint') return new Made(settings.endpoint, tableName, credential, ONCE);
      const { connectionString } = settings;
      const allowInsecureConnection = isInsecure(connectionString);
      return Made.fromConnectionString(connectionString, tableName, { ...ONCE, allowInsecureConnection });
    });
}

/** Plain http; the settings let it through on loopback hosts only. */
function isInsecure(connectionString: string): boolean {
  const endpoint = /(?:^|;)\s*TableEndpoint=\s*(https?):/i.exec(connectionString);
  return endpoint?.[1]?.toLowerCase() === 'http';
}
