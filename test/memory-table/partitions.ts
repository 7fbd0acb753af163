import type {
  CreateOutcome,
  Entity,
  EntityKey,
  KeysOutcome,
  ListOutcome,
  Properties,
  ReadOutcome,
  RemoveOutcome,
  UpdateOutcome,
} from '../../shared/store/table.ts';
import {
  assertEtag,
  assertKey,
  assertKeyPart,
  assertNames,
  assertProperties,
  ENTITY_MAX_BYTES,
  outgrows,
} from '../../shared/tables/limits.ts';
import { copyEntity, copyProperties } from './copy.ts';

/** One table's entities, and what each operation does to them at one instant. */
export class Partitions {
  /** By PartitionKey and RowKey: a list of one partition is none of the others' business, however many there are. */
  readonly #partitions = new Map<string, Map<string, Entity>>();
  readonly #nextEtag: () => string;

  /** @param nextEtag gives an ETag that it never gave before */
  constructor(nextEtag: () => string) {
    this.#nextEtag = nextEtag;
  }

  read(key: EntityKey, select?: readonly string[]): ReadOutcome {
    assertKey(key);
    assertNames(select ?? []);
    const entity = this.#get(key);
    if (entity === undefined) return { outcome: 'gone' };
    if (select === undefined) return { outcome: 'found', entity: copyEntity(entity) };
    const asked = Object.entries(entity.properties).filter(([name]) => select.includes(name));
    return { outcome: 'found', entity: copyEntity({ ...entity, properties: Object.fromEntries(asked) }) };
  }

  create(key: EntityKey, properties: Properties): CreateOutcome {
    assertKey(key);
    assertProperties(properties);
    if (outgrows(key, properties) || bodyOutgrows(key, properties)) return { outcome: 'too-large' };
    if (this.#get(key) !== undefined) return { outcome: 'exists' };
    return { outcome: 'created', etag: this.#store(key, properties) };
  }

  update(mode: 'merge' | 'replace', key: EntityKey, properties: Properties, etag: string): UpdateOutcome {
    assertKey(key);
    assertProperties(properties);
    assertEtag(etag);
    if (outgrows(key, properties) || bodyOutgrows(key, properties)) return { outcome: 'too-large' };
    const entity = this.#get(key);
    if (entity === undefined) return { outcome: 'gone' };
    if (entity.etag !== etag) return { outcome: 'changed' };
    const whole = mode === 'merge' ? { ...entity.properties, ...properties } : properties;
    if (outgrows(key, whole)) return { outcome: 'too-large' };
    return { outcome: 'updated', etag: this.#store(key, whole) };
  }

  remove(key: EntityKey, etag: string): RemoveOutcome {
    assertKey(key);
    assertEtag(etag);
    const entity = this.#get(key);
    if (entity === undefined) return { outcome: 'gone' };
    if (entity.etag !== etag) return { outcome: 'changed' };
    const partition = this.#partitions.get(key.partitionKey);
    partition?.delete(key.rowKey);
    if (partition?.size === 0) this.#partitions.delete(key.partitionKey);
    return { outcome: 'removed' };
  }

  list(partitionKey: string, limit: number): ListOutcome {
    assertKeyPart(partitionKey);
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError('a list needs a limit of at least 1');
    const found = [...(this.#partitions.get(partitionKey)?.values() ?? [])].sort(compare);
    return { outcome: 'listed', entities: found.slice(0, limit).map(copyEntity), complete: found.length <= limit };
  }

  partitionKeys(after: string | null, limit: number): KeysOutcome {
    if (after !== null) assertKeyPart(after);
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError('a list needs a limit of at least 1');
    const rows = this.all().map(({ partitionKey }) => partitionKey);
    const behind = rows.filter((key) => after === null || key > after);
    const keys = [...new Set(behind.slice(0, limit))];
    return { outcome: 'listed', partitionKeys: keys, next: behind.length > limit ? (keys.at(-1) ?? null) : null };
  }

  /** Takes in entities as they are, ETags and all: what another table's {@link all} gave, which must not change any more. */
  load(entities: readonly Entity[]): void {
    for (const entity of entities) this.#set(entity);
  }

  /** Everything, in order of PartitionKey and RowKey. */
  all(): readonly Entity[] {
    return [...this.#partitions.values()]
      .flatMap((partition) => [...partition.values()])
      .sort(compare)
      .map(copyEntity);
  }

  #get({ partitionKey, rowKey }: EntityKey): Entity | undefined {
    return this.#partitions.get(partitionKey)?.get(rowKey);
  }

  #set(entity: Entity): void {
    const partition = this.#partitions.get(entity.partitionKey) ?? new Map<string, Entity>();
    this.#partitions.set(entity.partitionKey, partition.set(entity.rowKey, entity));
  }

  #store({ partitionKey, rowKey }: EntityKey, properties: Properties): string {
    const etag = this.#nextEtag();
    this.#set({
      partitionKey,
      rowKey,
      etag,
      properties: copyProperties(properties),
    });
    return etag;
  }
}

/** Ordinal, by UTF-16 code unit, as the service does: never by locale. */
function compare(a: EntityKey, b: EntityKey): number {
  if (a.partitionKey !== b.partitionKey) return a.partitionKey < b.partitionKey ? -1 : 1;
  return a.rowKey < b.rowKey ? -1 : 1;
}

/** Azurite weighs the JSON of a request, with binary as base64, against the limit of an entity. */
function bodyOutgrows({ partitionKey, rowKey }: EntityKey, properties: Properties): boolean {
  if (isSmall(properties)) return false;
  const body: Record<string, unknown> = { PartitionKey: partitionKey, RowKey: rowKey };
  for (const [name, value] of Object.entries(properties)) {
    if (value instanceof Uint8Array) body[`${name}@odata.type`] = 'Edm.Binary';
    if (value instanceof Date) body[`${name}@odata.type`] = 'Edm.DateTime';
    body[name] = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  }
  return Buffer.byteLength(JSON.stringify(body)) > ENTITY_MAX_BYTES;
}

/** So small that its JSON is no question: no string of JSON takes more than six bytes a character. */
function isSmall(properties: Properties): boolean {
  let bytes = 0;
  for (const name in properties) {
    const value = properties[name];
    const length = typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
    bytes += 100 + 2 * name.length + 6 * length;
  }
  return bytes < ENTITY_MAX_BYTES / 2;
}
