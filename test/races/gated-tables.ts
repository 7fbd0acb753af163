import type { AccountsTable, EntityKey, Table, Tables, Unavailable } from '../../shared/store/table.ts';
import type { Turnstile, Verdict } from './turnstile.ts';

/** Gives rows the names that a reader of a story knows them by. */
export type Naming = (partitionKey: string) => string;
/** Told of every call before it waits: which partition it names (G6). */
export type Watch = (table: keyof Tables, partitionKey: string) => void;

const TABLES = ['accounts', 'sids', 'expiries'] as const;

/**
 * The storage account as one operation reaches it: every call waits at the turnstile, where its fate is decided.
 *
 * @param place its name, where there are several
 */
export function gatedTables(
  turnstile: Turnstile,
  actor: string,
  tables: Tables,
  naming: Naming,
  watch: Watch,
  place = '',
): Tables {
  const gated = TABLES.map((table) => [
    table,
    gatedTable(turnstile, actor, table, tables[table], naming, watch, place),
  ]);
  return Object.fromEntries(gated) as unknown as Tables;
}

function gatedTable(
  turnstile: Turnstile,
  actor: string,
  table: keyof Tables,
  inner: Table | AccountsTable,
  naming: Naming,
  watch: Watch,
  place: string,
): AccountsTable {
  const call = async <O>(name: keyof Table, key: Partial<EntityKey>, effect: () => Promise<O>, more = '') => {
    const { partitionKey = '', rowKey } = key;
    watch(table, partitionKey);
    const writes = name !== 'read' && name !== 'list';
    const access = { table, partitionKey: place + partitionKey, writes, ...(rowKey !== undefined && { rowKey }) };
    const where =
      table === 'accounts' ? naming(partitionKey) : `${naming(partitionKey)}/${rowKey?.slice(0, 18) ?? '*'}`;
    const verdict = await turnstile.pass(
      actor,
      `${name} ${place && `${place} `}${table} ${where}${more}`,
      { access },
      true,
    );
    return answer(verdict, effect);
  };
  return {
    read: (key, select) => call('read', key, () => inner.read(key, select)),
    create: (key, properties) => call('create', key, () => inner.create(key, properties)),
    merge: (key, properties, etag) =>
      call('merge', key, () => inner.merge(key, properties, etag), ` ${Object.keys(properties).map(shortName)}`),
    replace: (key, properties, etag) => call('replace', key, () => inner.replace(key, properties, etag)),
    remove: (key, etag) => call('remove', key, () => inner.remove(key, etag)),
    list: (partitionKey, limit) => call('list', { partitionKey }, () => inner.list(partitionKey, limit)),
    // No step of its own: it would commute with nothing, and gives keys alone. Whoever asks reads each account again.
    partitionKeys: (after, limit) => (inner as AccountsTable).partitionKeys(after, limit),
  };
}

const shortName = (property: string): string => property.slice(0, 6);

async function answer<O>(verdict: Verdict, effect: () => Promise<O>): Promise<O | Unavailable> {
  switch (verdict) {
    case 'done':
      return effect();
    case 'not done':
      return { outcome: 'unavailable', reason: 'test-outage' };
    case 'answer lost':
      await effect();
      return { outcome: 'unavailable', reason: 'test-answer-lost' };
    case 'retried':
      await effect();
      return effect();
  }
}
