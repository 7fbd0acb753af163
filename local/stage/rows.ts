import type { RequestListener, ServerResponse } from 'node:http';
import { TableClient, TableServiceClient } from '@azure/data-tables';
import { ROWS_PAGE, ROWS_SCRIPT, ROWS_STYLE } from './rows-page.ts';

const TABLES = ['accounts', 'sids', 'expiries'];
const BYTES_SHOWN = 12;
const SECURITY = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'",
};

/** A stored row as somebody who has stolen the table would see it. */
interface ShownRow {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly properties: readonly { readonly name: string; readonly value: string }[];
}

/** Serves, on the OP's host and on this machine alone, a page that shows the tables' rows as they are stored. */
export function rowsPage(connectionString: () => string): RequestListener {
  return (request, response) => {
    switch (new URL(request.url ?? '/', 'http://rows').pathname) {
      case '/rows':
        return send(response, 'text/html; charset=utf-8', ROWS_PAGE);
      case '/rows.css':
        return send(response, 'text/css; charset=utf-8', ROWS_STYLE);
      case '/rows.js':
        return send(response, 'text/javascript; charset=utf-8', ROWS_SCRIPT);
      case '/rows.json':
        void readTables(connectionString()).then(
          (tables) => send(response, 'application/json', JSON.stringify(tables)),
          () => response.writeHead(503).end(),
        );
        return undefined;
      default:
        response.writeHead(404, SECURITY).end();
        return undefined;
    }
  };
}

/** Every row of every table, by table. */
async function readTables(connectionString: string): Promise<Record<string, ShownRow[]>> {
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

function send(response: ServerResponse, contentType: string, body: string): void {
  response.writeHead(200, { ...SECURITY, 'content-type': contentType }).end(body);
}
