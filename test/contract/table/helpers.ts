import { randomUUID } from 'node:crypto';
import type { Entity, EntityKey, Properties, Table } from '../../../shared/store/table.ts';

/** A key of a partition that no other case uses. */
export const newKey = (): EntityKey => ({ partitionKey: `case-${randomUUID()}`, rowKey: 'account' });

/** Creates an entity and gives its ETag. */
export async function created(table: Table, key: EntityKey, properties: Properties = {}): Promise<string> {
  const outcome = await table.create(key, properties);
  if (outcome.outcome !== 'created') throw new Error(`not created: ${outcome.outcome}`);
  return outcome.etag;
}

/** Updates an entity and gives its new ETag. */
export async function updated(answer: ReturnType<Table['merge']>): Promise<string> {
  const outcome = await answer;
  if (outcome.outcome !== 'updated') throw new Error(`not updated: ${outcome.outcome}`);
  return outcome.etag;
}

/** Reads an entity that must be there. */
export async function found(table: Table, key: EntityKey, select?: readonly string[]): Promise<Entity> {
  const outcome = await table.read(key, select);
  if (outcome.outcome !== 'found') throw new Error(`not found: ${outcome.outcome}`);
  return outcome.entity;
}

/** `count` properties of one value each, `p0` onwards. */
export const manyProperties = (count: number, value: Properties[string], prefix = 'p'): Properties =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${index}`, value]));
