import type { Entity, EntityKey, Table } from './table.ts';

/**
 * A table of which one application sees only its own part: every partition key begins with its scope. Applications that
 * share a storage account then share no bucket of `expiries`, and none sweeps what another has sealed.
 *
 * @param scope ends in a character that no other scope's beginning can hold, so that no two scopes overlap
 */
export function scopedTable(table: Table, scope: string): Table {
  const inside = ({ partitionKey, rowKey }: EntityKey): EntityKey => ({ partitionKey: scope + partitionKey, rowKey });
  const outside = (entity: Entity): Entity => ({ ...entity, partitionKey: entity.partitionKey.slice(scope.length) });
  return {
    async read(key, select) {
      const read = await table.read(inside(key), select);
      return read.outcome === 'found' ? { ...read, entity: outside(read.entity) } : read;
    },
    create: (key, properties) => table.create(inside(key), properties),
    merge: (key, properties, etag) => table.merge(inside(key), properties, etag),
    replace: (key, properties, etag) => table.replace(inside(key), properties, etag),
    remove: (key, etag) => table.remove(inside(key), etag),
    async list(partitionKey, limit) {
      const listed = await table.list(scope + partitionKey, limit);
      return listed.outcome === 'listed' ? { ...listed, entities: listed.entities.map(outside) } : listed;
    },
  };
}
