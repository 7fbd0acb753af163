/**
 * Deletes the token caches that MSAL has left in a table or a container: docs/migrate-from-distributed-cache-plugin.md.
 *
 *     node infra/migrate/purge-msal-caches.ts --table https://contoso.table.core.windows.net/cache
 *     node infra/migrate/purge-msal-caches.ts --container https://contoso.blob.core.windows.net/cache --delete
 */
import { parseArgs } from 'node:util';
import { AzureCliCredential } from '@azure/identity';
import { addressOf, asking, NotAskable } from './authorize.ts';
import { blobs } from './blobs.ts';
import { describePurged, purge } from './purge.ts';
import { rows } from './rows.ts';
import { StorageRefused } from './store.ts';

const USAGE =
  "purge-msal-caches --table URL | --container URL [--delete] [--mixed]; PURGE_SAS: a shared access signature, else the Azure CLI's sign-in";

async function main(): Promise<number> {
  const { table, container, mixed = false, ...rest } = readOptions();
  const target = table ?? container;
  if ((table === undefined) === (container === undefined) || target === undefined) {
    console.error(USAGE);
    return 2;
  }
  const address = addressOf(target);
  const credential = new AzureCliCredential();
  const token = async () => (await credential.getToken('https://storage.azure.com/.default')).token;
  const ask = asking(address, process.env.PURGE_SAS, token);
  const wishes = { delete: rest.delete ?? false, mixed };
  const purged = await purge((table === undefined ? blobs : rows)(address, ask), wishes);
  for (const line of describePurged(purged, wishes)) console.log(line);
  return purged.changed > 0 ? 1 : 0;
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        table: { type: 'string' },
        container: { type: 'string' },
        delete: { type: 'boolean' },
        mixed: { type: 'boolean' },
      },
    }).values;
  } catch {
    return {};
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  // What storage was asked has keys in it, which name people; its status and code have not.
  const isOurs = error instanceof StorageRefused || error instanceof NotAskable;
  console.error(isOurs ? error.message : `failed: ${error instanceof Error ? error.name : 'unknown'}`);
  process.exitCode = 1;
}
