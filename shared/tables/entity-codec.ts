import type { TableEntity } from '@azure/data-tables';
import type { Entity, EntityKey, Properties, Property } from '../store/table.ts';
import { isProperty } from './limits.ts';

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
 * An entity as the SDK gave it, keys and all. A property that was selected and is not there may come as null: it is left
 * out, and so is whatever the port could not write back, a name or a type that nothing here writes: a sign-out that
 * replaces the entity must not fail for it.
 */
export function fromSdkEntity(key: EntityKey, etag: string, raw: Readonly<Record<string, unknown>>): Entity {
  const properties: Record<string, Property> = {};
  for (const [name, value] of Object.entries(raw)) {
    if (isProperty(name, value)) properties[name] = value instanceof Uint8Array ? asBytes(value) : value;
  }
  return { partitionKey: key.partitionKey, rowKey: key.rowKey, etag, properties };
}

function asBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
