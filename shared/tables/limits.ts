import type { EntityKey, Properties, Property } from '../store/table.ts';

/**
 * What Table Storage holds. Known here, so that an entity that is too large is refused alike by every service and emulator,
 * and so that a key or name that no service takes shows as the bug that it is.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/understanding-the-table-service-data-model
 */
const PROPERTIES_MAX = 252;
const PROPERTY_MAX_BYTES = 64 * 1024;
export const ENTITY_MAX_BYTES = 1024 * 1024;
/** Documented as 1 KiB of UTF-16. */
const KEY_MAX_CHARACTERS = 512;

const KEY_FORBIDDEN = /[/\\#?\u0000-\u001f\u007f-\u009f]/;
/** The ASCII part of what the service takes, C# identifiers: there is no need for more. */
const PROPERTY_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,254}$/;
const RESERVED_NAMES = new Set([
  // The service's own, and what the SDK writes in their place.
  ...['PartitionKey', 'RowKey', 'Timestamp', 'partitionKey', 'rowKey', 'timestamp', 'etag'],
  // To the service a name like any other; to an object here its prototype.
  '__proto__',
]);
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const DATE_MIN_MILLISECONDS = Date.UTC(1601, 0, 1);
const DATE_MAX_MILLISECONDS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Throws a RangeError for a part of a key that the service cannot hold, or an empty one, which nothing here uses. */
export function assertKeyPart(part: string): void {
  if (part === '' || part.length > KEY_MAX_CHARACTERS || KEY_FORBIDDEN.test(part) || !part.isWellFormed()) {
    throw new RangeError('a key that Table Storage cannot hold');
  }
}

/** Throws a RangeError for a key that the service cannot hold. The message never carries the key. */
export function assertKey(key: EntityKey): void {
  assertKeyPart(key.partitionKey);
  assertKeyPart(key.rowKey);
}

/** Throws a RangeError for property names that the service cannot hold. */
export function assertNames(names: readonly string[]): void {
  for (const name of names) {
    if (!isName(name)) {
      throw new RangeError('a property name that Table Storage cannot hold');
    }
  }
}

/** Throws a RangeError for names or values that the service cannot hold at any size. */
export function assertProperties(properties: Properties): void {
  assertNames(Object.keys(properties));
  for (const value of Object.values(properties)) {
    if (!isHeld(value)) throw new RangeError('a property value that Table Storage cannot hold');
  }
}

/** Whether a property that was read can be written back as it is. */
export function isProperty(name: string, value: unknown): value is Property {
  return isName(name) && isHeld(value);
}

/** Throws a RangeError for an ETag that would make a write unconditional. */
export function assertEtag(etag: string): void {
  if (etag === '' || etag === '*') throw new RangeError('a write must name the ETag that it saw');
}

export const isName = (name: string): boolean => PROPERTY_NAME.test(name) && !RESERVED_NAMES.has(name);

export function isHeld(value: unknown): value is Property {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isInteger(value) && value >= INT32_MIN && value <= INT32_MAX;
  if (value instanceof Date)
    return value.getTime() >= DATE_MIN_MILLISECONDS && value.getTime() <= DATE_MAX_MILLISECONDS;
  return typeof value === 'boolean' || value instanceof Uint8Array;
}

/** Whether an entity of these properties and no others is more than the service holds. */
export function outgrows(key: EntityKey, properties: Properties): boolean {
  const entries = Object.entries(properties);
  return (
    entries.length > PROPERTIES_MAX ||
    entries.some(([, value]) => payloadBytes(value) > PROPERTY_MAX_BYTES) ||
    entityBytes(key, properties) > ENTITY_MAX_BYTES
  );
}

/** What an entity weighs to the service: names and strings as UTF-16, and a few bytes for each part. */
function entityBytes(key: EntityKey, properties: Properties): number {
  const keys = 4 + 2 * (key.partitionKey.length + key.rowKey.length);
  return Object.entries(properties).reduce((sum, [name, value]) => {
    const lengthPrefix = typeof value === 'string' || value instanceof Uint8Array ? 4 : 0;
    return sum + 8 + 2 * name.length + lengthPrefix + payloadBytes(value);
  }, keys);
}

function payloadBytes(value: Property): number {
  if (typeof value === 'string') return 2 * value.length;
  if (typeof value === 'number') return 4;
  if (typeof value === 'boolean') return 1;
  return value instanceof Date ? 8 : value.byteLength;
}
