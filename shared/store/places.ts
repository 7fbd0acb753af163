import { rendezvous } from './rendezvous.ts';
import type { AccountsTable, Entity, EntityKey, ListOutcome, ReadOutcome, Table, Tables } from './table.ts';

/** One storage account's tables, by the name under which it draws its keys. */
export interface Place {
  readonly name: string;
  readonly tables: Tables;
}

export type Several<T> = readonly [T, ...T[]];

/** Several storage accounts that share out what an application stores. */
export interface Places {
  /**
   * Where rows of this key may lie: first where a new one is written. A second there is only while the application moves, and
   * only for a key that does.
   */
  of(key: string): Several<Tables>;
  /** The same in one order for all instances, whichever list each writes by: of two who create a row, one comes first. */
  inOrder(key: string): Several<Tables>;
  /** Every place: a sweep has to look everywhere. */
  readonly all: Several<Tables>;
}

/** Two lists of storage accounts. */
export interface PlacesInUse {
  /** By which new rows are written. */
  readonly written: Several<Place>;
  /** While the application moves: the other one, which it comes from or goes to. Else empty. */
  readonly moving: readonly Place[];
}

export interface SharedOut {
  readonly places: Places;
  /** Writes to whichever place an ETag is of, and finds a session wherever it stands. Nothing else can be asked of it. */
  readonly tables: Tables;
}

/**
 * Shares keys out over storage accounts.
 *
 * While an application moves from one list to another it knows both. What is new is written by the first list alone; what is
 * looked for or ended is looked for and ended by both. So an instance that writes by the one list and an instance that writes by
 * the other find all that either writes, and no row is ever copied or moved: the old ones run out.
 *
 * Each ETag says which place it is of: a write can only go where what it was decided by was read.
 */
export function shareOut({ written, moving }: PlacesInUse): SharedOut {
  const known = new Map<string, Place>();
  for (const place of [...written, ...moving]) known.set(place.name, known.get(place.name) ?? marked(place));
  const knownAs = ({ name }: Place): Place => known.get(name) as Place;
  const [first, ...others] = written;
  const home = rendezvous([knownAs(first), ...others.map(knownAs)]);
  const [from, ...more] = moving;
  const other = from === undefined ? home : rendezvous([knownAs(from), ...more.map(knownAs)]);
  const of = (key: string): Several<Place> => {
    const [one, two] = [home(key), other(key)];
    return one === two ? [one] : [one, two];
  };
  const [firstOfAll = knownAs(first), ...restOfAll] = known.values();
  const tablesOf = ([one, ...rest]: Several<Place>): Several<Tables> => [
    one.tables,
    ...rest.map(({ tables }) => tables),
  ];
  return {
    places: {
      of: (key) => tablesOf(of(key)),
      inOrder: (key) => {
        const [one, two] = of(key);
        return two === undefined ? [one.tables] : tablesOf(one.name < two.name ? [one, two] : [two, one]);
      },
      all: tablesOf([firstOfAll, ...restOfAll]),
    },
    tables: {
      accounts: wherever('accounts', known, of),
      sids: wherever('sids', known, of),
      expiries: wherever('expiries', known, of),
    },
  };
}

/** No name of a place holds one. */
const MARK_END = ' ';

/** A place's own tables, with its mark on the ETags. One of another place is refused: it would be a bug. */
function marked({ name, tables }: Place): Place {
  const mark = name + MARK_END;
  const own = (etag: string): string => {
    if (!etag.startsWith(mark)) throw new RangeError('an ETag of another place');
    return etag.slice(mark.length);
  };
  const entityOf = (entity: Entity): Entity => ({ ...entity, etag: mark + entity.etag });
  const etagOf = <O extends { readonly outcome: string }>(outcome: O): O =>
    'etag' in outcome ? { ...outcome, etag: `${mark}${outcome.etag}` } : outcome;
  const of = (table: Table): Table => ({
    async read(key, select): Promise<ReadOutcome> {
      const read = await table.read(key, select);
      return read.outcome === 'found' ? { ...read, entity: entityOf(read.entity) } : read;
    },
    create: async (key, properties) => etagOf(await table.create(key, properties)),
    merge: async (key, properties, etag) => etagOf(await table.merge(key, properties, own(etag))),
    replace: async (key, properties, etag) => etagOf(await table.replace(key, properties, own(etag))),
    remove: (key, etag) => table.remove(key, own(etag)),
    async list(partitionKey, limit): Promise<ListOutcome> {
      const listed = await table.list(partitionKey, limit);
      return listed.outcome === 'listed' ? { ...listed, entities: listed.entities.map(entityOf) } : listed;
    },
  });
  const accounts: AccountsTable = {
    ...of(tables.accounts),
    partitionKeys: (after, limit) => tables.accounts.partitionKeys(after, limit),
  };
  return { name, tables: { accounts, sids: of(tables.sids), expiries: of(tables.expiries) } };
}

/** One table over all places, for those who have an ETag, or look for a property by its name. */
function wherever(
  name: keyof Tables,
  known: ReadonlyMap<string, Place>,
  of: (key: string) => Several<Place>,
): AccountsTable {
  const placeOf = (etag: string): Table => {
    const place = known.get(etag.slice(0, etag.indexOf(MARK_END)));
    if (place === undefined) throw new RangeError('an ETag of no place');
    return place.tables[name];
  };
  const unplaced = (): never => {
    throw new RangeError(`a call to ${name} that names no place`);
  };
  return {
    read: (key, select) => {
      const [sought] = select ?? [];
      if (sought === undefined) return unplaced();
      const tables = of(key.partitionKey).map(({ tables }) => tables[name]);
      return findIn(tables, key, sought, select);
    },
    create: unplaced,
    merge: (key, properties, etag) => placeOf(etag).merge(key, properties, etag),
    replace: (key, properties, etag) => placeOf(etag).replace(key, properties, etag),
    remove: (key, etag) => placeOf(etag).remove(key, etag),
    list: unplaced,
    partitionKeys: unplaced,
  };
}

/**
 * Reads an entity where it has the first of the properties that are asked for, one place after the other: where new rows are
 * written nearly all are found. A place that cannot be asked stands in nobody's way who is found at another.
 */
async function findIn(
  tables: readonly Table[],
  key: EntityKey,
  sought: string,
  select?: readonly string[],
): Promise<ReadOutcome> {
  let otherwise: ReadOutcome = { outcome: 'gone' };
  for (const table of tables) {
    const read = await table.read(key, select);
    if (read.outcome === 'found' && sought in read.entity.properties) return read;
    if (otherwise.outcome !== 'unavailable' && read.outcome !== 'gone') otherwise = read;
  }
  return otherwise;
}
