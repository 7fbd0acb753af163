import type { Entity, EntityKey, Properties, Table, Tables } from '../../shared/store/table.ts';

/** What a planted bug puts between an operation and a table. */
export type SpoilTable = (table: Table) => Partial<Table>;

/** The tables, with some calls of one of them put wrong. */
export function spoilt(tables: Tables, name: keyof Tables, spoil: SpoilTable): Tables {
  return { ...tables, [name]: { ...tables[name], ...spoil(tables[name]) } };
}

export const isTombstone = ({ rowKey }: EntityKey): boolean => rowKey === 'tombstone';
export const holdsSession = (properties: Properties): boolean =>
  Object.keys(properties).some((name) => name.startsWith('s_'));
export const holdsTokens = (properties: Properties): boolean =>
  Object.keys(properties).some((name) => name.startsWith('c_'));
export const holdsLeaseAlone = (properties: Properties): boolean =>
  Object.keys(properties).length > 0 && Object.keys(properties).every((name) => name.startsWith('l_'));

export const UPDATED = { outcome: 'updated', etag: 'W/"never stored"' } as const;
export const CREATED = { outcome: 'created', etag: 'W/"never stored"' } as const;

/** An entity as it stands now, whatever was read before. */
export async function standing(table: Table, key: EntityKey): Promise<Entity | null> {
  const read = await table.read(key);
  return read.outcome === 'found' ? read.entity : null;
}
