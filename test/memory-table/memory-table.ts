import type { Ambient } from '../../shared/ambient/ambient.ts';
import type {
  AccountsTable,
  Entity,
  EntityKey,
  Properties,
  Table,
  Tables,
  Unavailable,
} from '../../shared/store/table.ts';
import { copyProperties } from './copy.ts';
import { Partitions } from './partitions.ts';

/** One call, as the hooks see it. */
export interface Operation {
  readonly table: keyof Tables;
  readonly name: keyof AccountsTable;
  /** Of a look through partitions that behind which it begins. */
  readonly partitionKey: string;
  /** Missing for a list. */
  readonly rowKey?: string;
  /** What a write would store. */
  readonly properties?: Properties;
  readonly etag?: string;
}

/** A yield point. An answer of `unavailable` is what the caller gets in place of the outcome. */
export type Hook = (operation: Operation) => Promise<Unavailable | undefined> | Unavailable | undefined;

export interface MemoryTables extends Tables {
  /** Awaited before the effect; `unavailable` means that it does not take place. */
  before: Hook | undefined;
  /** Awaited after the effect; `unavailable` means that the answer to it is lost. */
  after: Hook | undefined;
  /** All that is stored, in order of PartitionKey and RowKey. */
  rows(table: keyof Tables): readonly Entity[];
  /** Lays out rows, as {@link rows} gave them: they must not be changed any more. */
  load(table: keyof Tables, entities: readonly Entity[]): void;
  ready(): Promise<'ready'>;
}

/**
 * Table Storage in memory, for tests. It refuses what the service refuses, and where the service and Azurite differ, what
 * either refuses. An operation's effect is atomic; the hooks lie between a call and its effect, and its effect and its answer.
 *
 * @param ambient the clock that shows in ETags; they differ from each other whatever it says
 */
export function createMemoryTables(ambient: Pick<Ambient, 'now'> = Date): MemoryTables {
  let writes = 0;
  let shown = Number.NaN;
  let time = '';
  const nextEtag = (): string => {
    writes += 1;
    const now = ambient.now();
    if (now !== shown) time = encodeURIComponent(new Date(now).toISOString());
    shown = now;
    return `W/"datetime'${time}-${writes}'"`;
  };
  const stored = {
    accounts: new Partitions(nextEtag),
    sids: new Partitions(nextEtag),
    expiries: new Partitions(nextEtag),
  } satisfies Record<keyof Tables, Partitions>;
  const tables: MemoryTables = {
    accounts: hooked('accounts', stored.accounts, () => tables),
    sids: hooked('sids', stored.sids, () => tables),
    expiries: hooked('expiries', stored.expiries, () => tables),
    before: undefined,
    after: undefined,
    rows: (table) => stored[table].all(),
    load: (table, entities) => stored[table].load(entities),
    ready: () => Promise.resolve('ready'),
  };
  return tables;
}

type Hooks = Pick<MemoryTables, 'before' | 'after'>;

/** The port over `partitions`, with the hooks that stand at the time of each call. */
function hooked(table: keyof Tables, partitions: Partitions, hooks: () => Hooks): AccountsTable {
  async function call<O>(operation: Omit<Operation, 'table'>, effect: () => O): Promise<O | Unavailable> {
    const seen = { table, ...operation };
    const refused = await hooks().before?.(seen);
    if (refused !== undefined) return refused;
    const outcome = effect();
    return (await hooks().after?.(seen)) ?? outcome;
  }
  const update = (name: 'merge' | 'replace'): Table['merge'] => {
    return async (key, given, etag) => {
      const properties = copyProperties(given);
      return call({ name, ...keyOf(key), properties, etag }, () => partitions.update(name, key, properties, etag));
    };
  };
  return {
    read: (key, select) => call({ name: 'read', ...keyOf(key) }, () => partitions.read(key, select)),
    create: async (key, given) => {
      const properties = copyProperties(given);
      return call({ name: 'create', ...keyOf(key), properties }, () => partitions.create(key, properties));
    },
    merge: update('merge'),
    replace: update('replace'),
    remove: (key, etag) => call({ name: 'remove', ...keyOf(key), etag }, () => partitions.remove(key, etag)),
    list: (partitionKey, limit) => call({ name: 'list', partitionKey }, () => partitions.list(partitionKey, limit)),
    partitionKeys: (after, limit) =>
      call({ name: 'partitionKeys', partitionKey: after ?? '' }, () => partitions.partitionKeys(after, limit)),
  };
}

/** The key alone, of what may be a whole entity. */
const keyOf = ({ partitionKey, rowKey }: EntityKey): EntityKey => ({ partitionKey, rowKey });
