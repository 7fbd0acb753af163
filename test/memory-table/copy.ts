import type { Entity, Properties, Property } from '../../shared/store/table.ts';

/** The wire copies: what a caller changes later is not stored, and what it was given does not change. */
export function copyProperties(properties: Properties): Properties {
  // By definition and not by assignment, which takes `__proto__` for the prototype.
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, copyProperty(value)]));
}

export function copyEntity(entity: Entity): Entity {
  return { ...entity, properties: copyProperties(entity.properties) };
}

function copyProperty(value: Property): Property {
  if (typeof value !== 'object') return value;
  return value instanceof Date ? new Date(value) : new Uint8Array(value);
}
