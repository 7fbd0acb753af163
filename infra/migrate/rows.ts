import { recogniseInRow } from './in-row.ts';
import { type Ask, type CacheStore, type Candidate, expecting } from './store.ts';

const HEADERS = { 'x-ms-version': '2019-02-02', accept: 'application/json;odata=minimalmetadata' };
const CONTINUATION = ['NextPartitionKey', 'NextRowKey'] as const;
const OWN = ['PartitionKey', 'RowKey', 'Timestamp'];

type Row = Readonly<Record<string, unknown>>;

/**
 * A table of Table Storage, each row a cache or something else.
 *
 * @param table its URL
 * @see https://learn.microsoft.com/rest/api/storageservices/query-entities
 */
export function rows(table: URL, ask: Ask): CacheStore {
  return {
    async *candidates() {
      let next = new URLSearchParams();
      do {
        const url = new URL(`${table.href}()`);
        url.search = next.toString();
        const response = expecting(await ask(url, { method: 'GET', headers: HEADERS }), 200);
        const { value } = (await response.json()) as { value: readonly Row[] };
        for (const found of value) yield row(table, found, ask);
        next = nextPage(response.headers);
      } while (next.size > 0);
    },
  };
}

function nextPage(headers: Headers): URLSearchParams {
  const told = CONTINUATION.map((name) => [name, headers.get(`x-ms-continuation-${name}`)] as const);
  return new URLSearchParams(
    told.filter((entry): entry is [(typeof CONTINUATION)[number], string] => entry[1] !== null),
  );
}

function row(table: URL, found: Row, ask: Ask): Candidate {
  const [partitionKey, rowKey] = [found.PartitionKey, found.RowKey].map((key) =>
    encodeURIComponent(String(key).replaceAll("'", "''")),
  );
  const url = new URL(`${table.href}(PartitionKey='${partitionKey}',RowKey='${rowKey}')`);
  return {
    look: async () => recogniseInRow(textsOf(found)),
    async delete() {
      const headers = { ...HEADERS, 'if-match': String(found['odata.etag']) };
      const response = expecting(await ask(url, { method: 'DELETE', headers }), 204, 404, 412);
      return response.status === 412 ? 'changed' : 'gone';
    },
  };
}

/** A row's texts: strings, and what is binary, read as UTF-8. Times, numbers and keys are none. */
function textsOf(found: Row): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of Object.entries(found)) {
    if (typeof value !== 'string' || OWN.includes(name) || name.includes('odata.')) continue;
    const type = found[`${name}@odata.type`];
    if (type === undefined) texts.set(name, value);
    else if (type === 'Edm.Binary') texts.set(name, Buffer.from(value, 'base64').toString());
  }
  return texts;
}
