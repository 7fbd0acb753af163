import { readTables } from '../../../local/stage/rows.ts';
import type { Stage } from '../../../local/stage/stage.ts';

/** The partition keys in `accounts` as they are stored at this moment. */
export async function storedAccounts({ azurite }: Stage): Promise<string[]> {
  const { accounts = [] } = await readTables(azurite.tablesConnectionString);
  return accounts.map(({ partitionKey }) => partitionKey);
}
