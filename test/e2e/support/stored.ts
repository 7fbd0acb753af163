import { TableClient, type TableEntityResult } from '@azure/data-tables';
import type { Stage } from '../../../local/stage/stage.ts';
import type { Seen } from './search.ts';

const TABLES = ['accounts', 'sids', 'expiries'];

/** The partition keys in `accounts` as they are stored at this moment. */
export async function storedAccounts(stage: Stage): Promise<string[]> {
  return (await entities(stage, 'accounts')).map(({ partitionKey = '' }) => partitionKey);
}

/** Every byte of every row of every table: keys, property names, values. */
export async function storedBytes(stage: Stage): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const table of TABLES) {
    for (const entity of await entities(stage, table)) {
      for (const [name, value] of Object.entries(entity)) {
        const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
        seen.push(
          { where: `table ${table}, property ${name.slice(0, 2)}`, bytes },
          { where: `a property name`, bytes: Buffer.from(name) },
        );
      }
    }
  }
  return seen;
}

async function entities({ azurite }: Stage, table: string): Promise<TableEntityResult<Record<string, unknown>>[]> {
  const client = TableClient.fromConnectionString(azurite.tablesConnectionString, table, {
    allowInsecureConnection: true,
  });
  const found: TableEntityResult<Record<string, unknown>>[] = [];
  for await (const entity of client.listEntities()) found.push(entity);
  return found;
}
