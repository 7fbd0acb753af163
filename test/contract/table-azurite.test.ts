import { startAzurite } from '../../local/azurite.ts';
import { openTables } from '../../shared/tables/tables.ts';
import { tableContract } from './table.contract.ts';

tableContract('tables over Azurite', async () => {
  const azurite = await startAzurite();
  return {
    tables: openTables({ kind: 'connection-string', connectionString: azurite.tablesConnectionString }),
    strict: false,
    close: () => azurite.stop(),
  };
});
