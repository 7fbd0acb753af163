import type { TableEntity } from '@azure/data-tables';
import type { Entity, EntityKey, Properties, Property } from '../store/table.ts';

/** What the service adds to an entity's own properties, as the SDK names it; names with `odata.` besides. */
const NOT_PROPERTIES = new Set(['partitionKey', 'rowKey', 'timestamp', 'etag']);

/**
 * An entity as the SDK takes it: a Date becomes Edm.DateTime, bytes Edm.Binary, an integer Edm.Int32.
 *
 * Bytes go as a `Buffer`: of any other view the SDK encodes the whole memory that lies under it, neighbours and all.
 */
export function toSdkEntity(key: EntityKey, properties: Properties): TableEntity {
  const values = Object.entries(properties).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? asBuffer(value) : value,
  ]);
  return { ...Object.fromEntries(values), partitionKey: key.partitionKey, rowKey: key.rowKey };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * An entity as the SDK gave it. A property that was selected and is not there may come as null: it is left out, and so
 * is a type that the port does not know, which nothing here writes.
 */
export function fromSdkEntity(key: EntityKey, etag: string, raw: Readonly<Record<string, unknown>>): Entity {
  const properties: Record<string, Property> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (NOT_PROPERTIES.has(name) || name.startsWith('odata.')) continue;
    const property = toProperty(value);
    if (property !== undefined) properties[name] = property;
  }
  return { partitionKey: key.partitionKey, rowKey: key.rowKey, etag, properties };
}

function toProperty(value: unknown): Property | undefined {
  if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Date) return value;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : undefined;
}
