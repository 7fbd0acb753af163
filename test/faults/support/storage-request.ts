import type { IncomingHttpHeaders } from 'node:http';
import type { Table, Tables } from '../../../shared/store/table.ts';

/** One request to Table Storage, as the wire shows it. */
export interface StorageRequest {
  readonly operation: keyof Table | 'create-table';
  readonly table: keyof Tables;
  /** Null where the request names no partition: it would go through the whole table. */
  readonly partitionKey: string | null;
  readonly rowKey: string | null;
  readonly select: string | null;
  readonly ifMatch: string | null;
  readonly bodyBytes: number;
  /** All that it says, address and body, decoded. */
  readonly text: string;
}

const OPERATIONS = { POST: 'create', PATCH: 'merge', MERGE: 'merge', PUT: 'replace', DELETE: 'remove' } as const;
const ENTITY = /\(PartitionKey='(?<partitionKey>.*)',RowKey='(?<rowKey>.*)'\)$/;
/** All of the filter: one that names a partition and then says `or` names none. */
const ONE_PARTITION = /^PartitionKey eq '(?<partitionKey>(?:[^']|'')*)'$/;

/** Reads a request's address, headers and body. */
export function readStorageRequest(
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): StorageRequest {
  const { pathname, searchParams } = new URL(url, 'http://storage');
  const [, , resource = ''] = decodeURIComponent(pathname).split('/');
  const payload = body.length > 0 ? JSON.parse(body.toString()) : {};
  const select = searchParams.get('$select');
  const rest = {
    select,
    ifMatch: headers['if-match'] ?? null,
    bodyBytes: body.length,
    text: `${method} ${decodeURIComponent(url)} ${body}`,
  };
  if (resource === 'Tables') {
    return { operation: 'create-table', table: payload.TableName, partitionKey: null, rowKey: null, ...rest };
  }
  const table = /^\w+/.exec(resource)?.[0] as keyof Tables;
  const entity = ENTITY.exec(resource)?.groups;
  if (method === 'GET') {
    if (entity) return { operation: 'read', table, ...keysOf(entity), ...rest };
    const filter = ONE_PARTITION.exec(searchParams.get('$filter') ?? '')?.groups;
    return { operation: 'list', table, ...keysOf(filter), ...rest };
  }
  const operation = OPERATIONS[method as keyof typeof OPERATIONS];
  if (operation === undefined) throw new Error(`no such request: ${method}`);
  const created = { partitionKey: payload.PartitionKey ?? null, rowKey: payload.RowKey ?? null };
  return { operation, table, ...(entity ? keysOf(entity) : created), ...rest };
}

/** What a request is about, for people and for finding it again: `create expiries tombstone`, `read accounts`. */
export function titleOf({ operation, table, rowKey }: StorageRequest): string {
  const kind = table === 'accounts' || rowKey === null ? '' : ` ${rowKey.split('~')[0]}`;
  return `${operation} ${table}${/ [0-9a-f]{32}$/.test(kind) ? ' index-row' : kind}`;
}

/** In an address a quote is written twice. */
function keysOf(groups: Record<string, string | undefined> | undefined) {
  const unquoted = (name: string): string | null => groups?.[name]?.replaceAll("''", "'") ?? null;
  return { partitionKey: unquoted('partitionKey'), rowKey: unquoted('rowKey') };
}
