import { TableClient, TableServiceClient } from '@azure/data-tables';
import type { World } from './world.ts';

const TABLES = ['accounts', 'sids', 'expiries'] as const;

/** A stored row: keys, ETag, and every property as text or base64. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly etag: string;
  readonly properties: Readonly<Record<string, string>>;
}

export type StoredRows = Readonly<Record<(typeof TABLES)[number], readonly Row[]>>;

/** Every row of every table, whole. */
export function storedRows({ azurite }: Pick<World, 'azurite'>): Promise<StoredRows> {
  return rowsIn(azurite.tablesConnectionString);
}

/** The same of one storage account. */
export async function rowsIn(connectionString: string): Promise<StoredRows> {
  const options = { allowInsecureConnection: true };
  const existing = new Set<string | undefined>();
  const service = TableServiceClient.fromConnectionString(connectionString, options);
  for await (const { name } of service.listTables()) existing.add(name);
  const stored: Record<string, Row[]> = {};
  for (const table of TABLES) {
    const rows: Row[] = [];
    stored[table] = rows;
    if (!existing.has(table)) continue;
    const client = TableClient.fromConnectionString(connectionString, table, options);
    for await (const { partitionKey = '', rowKey = '', etag, timestamp: _, ...rest } of client.listEntities()) {
      const properties = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, asText(value)]));
      rows.push({ partitionKey, rowKey, etag, properties });
    }
  }
  return stored as unknown as StoredRows;
}

/** The one row that holds all of a person's sessions and tokens in an application; undefined where there is none. */
export async function accountRow(
  world: Pick<World, 'azurite'>,
  { oid }: { readonly oid: string },
  { clientId }: { readonly clientId: string },
): Promise<Row | undefined> {
  const { accounts } = await storedRows(world);
  return accounts.find(
    ({ partitionKey }) => partitionKey.startsWith(`${oid}.`) && partitionKey.endsWith(`~${clientId}`),
  );
}

/** The ids of the sessions in an account's row. */
export function sessionIdsIn(row: Row | undefined): string[] {
  return Object.keys(row?.properties ?? {})
    .filter((name) => name.startsWith('s_'))
    .map((name) => name.slice(2));
}

function asText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return value instanceof Date ? value.toISOString() : String(value);
}
