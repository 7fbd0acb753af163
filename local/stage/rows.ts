import { TableClient, TableServiceClient } from '@azure/data-tables';

const TABLES = ['accounts', 'sids', 'expiries'];
const BYTES_SHOWN = 12;

/** A stored row as somebody who has stolen the table would see it. */
interface ShownRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

/** Every row of every table, by table. */
export async function readTables(connectionString: string): Promise<Record<string, ShownRow[]>> {
  const options = { allowInsecureConnection: true };
  const existing = new Set<string>();
  for await (const { name } of TableServiceClient.fromConnectionString(connectionString, options).listTables()) {
    if (name) existing.add(name);
  }
  const shown: Record<string, ShownRow[]> = {};
  for (const table of TABLES) {
    shown[table] = [];
    if (!existing.has(table)) continue;
    for await (const entity of TableClient.fromConnectionString(connectionString, table, options).listEntities()) {
      const { partitionKey = '', rowKey = '', ...rest } = entity;
      const properties = Object.entries(rest)
        .filter(([name]) => !['etag', 'timestamp', 'odata.metadata'].includes(name))
        .map(([name, value]) => ({ name, value: show(value) }));
      shown[table].push({ partitionKey, rowKey, properties });
    }
  }
  return shown;
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) {
    const begin = Buffer.from(value.subarray(0, BYTES_SHOWN)).toString('hex');
    return `${value.length} sealed bytes: ${begin}…`;
  }
  return value instanceof Date ? value.toISOString() : String(value);
}
