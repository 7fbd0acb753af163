import type { Entity, Properties, Property } from '../../shared/store/table.ts';

/** The wire copies: what a caller changes later is not stored, and what it was given does not change. */
export function copyProperties(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, copyProperty(value)]));
}

export function copyEntity(entity: Entity): Entity {
  return { ...entity, properties: copyProperties(entity.properties) };
}

function copyProperty(value: Property): Property {
  if (value instanceof Date) return new Date(value);
  return value instanceof Uint8Array ? Uint8Array.from(value) : value;
}
