import type { TableEntity } from '@azure/data-tables';
import type { Entity, EntityKey, Properties, Property } from '../store/table.ts';
import { isHeld, isName, isProperty } from './limits.ts';

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

/**
 * An entity as the service sends it, in JSON with minimal metadata. What is left out is what `fromSdkEntity` leaves out of the
 * same entity.
 *
 * @returns undefined for what is no entity, or another one than was asked for
 * @see https://learn.microsoft.com/rest/api/storageservices/payload-format-for-table-service-operations
 */
export function fromJsonEntity(key: EntityKey, json: unknown): Entity | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { 'odata.etag': etag, PartitionKey = key.partitionKey, RowKey = key.rowKey } = json as Record<string, unknown>;
  if (typeof etag !== 'string' || etag === '') return undefined;
  if (PartitionKey !== key.partitionKey || RowKey !== key.rowKey) return undefined;
  const properties: Record<string, Property> = {};
  for (const [name, value] of Object.entries(json)) {
    if (!isName(name)) continue;
    const typed = typedValue(value, (json as Record<string, unknown>)[`${name}@odata.type`]);
    if (typed === undefined) return undefined;
    if (isHeld(typed)) properties[name] = typed;
  }
  return { partitionKey: key.partitionKey, rowKey: key.rowKey, etag, properties };
}

/** Null for what the port does not know; undefined for what is not what its type says. */
function typedValue(value: unknown, type: unknown): unknown {
  switch (type) {
    case undefined:
    case 'Edm.String':
    case 'Edm.Boolean':
    case 'Edm.Int32':
    case 'Edm.Double':
      return value;
    case 'Edm.Binary':
      return typeof value === 'string' ? asBytes(Buffer.from(value, 'base64')) : undefined;
    case 'Edm.DateTime':
      return typeof value === 'string' ? new Date(value) : undefined;
    case 'Edm.Int64':
    case 'Edm.Guid':
      return null;
    default:
      return undefined;
  }
}

function asBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
