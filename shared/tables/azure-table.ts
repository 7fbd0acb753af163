import type {
  AccountsTable,
  CreateOutcome,
  Entity,
  EntityKey,
  KeysOutcome,
  ListOutcome,
  Properties,
  ReadOutcome,
  RemoveOutcome,
  Unavailable,
  UpdateOutcome,
} from '../store/table.ts';
import type { Called, Caller } from './caller.ts';
import type { Client } from './clients.ts';
import { fromSdkEntity, toSdkEntity } from './entity-codec.ts';
import { assertEtag, assertKey, assertKeyPart, assertNames, assertProperties, outgrows } from './limits.ts';
import { NOTHING_SELECTED, type PointRead } from './point-read.ts';
import { isAbsent, isChanged, isPresent, isTooLarge, NOT_AN_ANSWER, unavailable } from './refusal.ts';

/** The service gives no more at once. */
const PAGE_MAX_ENTITIES = 1000;

const GONE = { outcome: 'gone' } as const;
const CHANGED = { outcome: 'changed' } as const;
const TOO_LARGE = { outcome: 'too-large' } as const;

/**
 * One table of the service behind the port. Every update and delete names its ETag: the SDK's default would be `*`.
 *
 * @param pointRead reads one entity: all else is the client's
 */
export function createAzureTable(client: Client, call: Caller, pointRead: PointRead = sdkRead(client)): AccountsTable {
  async function update(
    mode: 'Merge' | 'Replace',
    key: EntityKey,
    properties: Properties,
    etag: string,
  ): Promise<UpdateOutcome> {
    assertKey(key);
    assertProperties(properties);
    assertEtag(etag);
    if (outgrows(key, properties)) return TOO_LARGE;
    const entity = toSdkEntity(key, properties);
    const called = await call(async (abortSignal) =>
      (await client()).updateEntity(entity, mode, { etag, abortSignal }),
    );
    if (called.ok) return written('updated', called.value.etag);
    if (isAbsent(called.refusal)) return GONE;
    if (isChanged(called.refusal)) return CHANGED;
    return isTooLarge(called.refusal) ? TOO_LARGE : unavailable(called.refusal);
  }

  return {
    async read(key, select): Promise<ReadOutcome> {
      assertKey(key);
      assertNames(select ?? []);
      const called = await call((signal) => pointRead(key, select, signal), 'look');
      if (!called.ok) return isAbsent(called.refusal) ? GONE : unavailable(called.refusal);
      return called.value === undefined ? unavailable(NOT_AN_ANSWER) : { outcome: 'found', entity: called.value };
    },

    async create(key, properties): Promise<CreateOutcome> {
      assertKey(key);
      assertProperties(properties);
      if (outgrows(key, properties)) return TOO_LARGE;
      const entity = toSdkEntity(key, properties);
      const called = await call(async (abortSignal) => (await client()).createEntity(entity, { abortSignal }));
      if (called.ok) return written('created', called.value.etag);
      if (isPresent(called.refusal)) return { outcome: 'exists' };
      return isTooLarge(called.refusal) ? TOO_LARGE : unavailable(called.refusal);
    },

    merge: (key, properties, etag) => update('Merge', key, properties, etag),
    replace: (key, properties, etag) => update('Replace', key, properties, etag),

    async remove(key, etag): Promise<RemoveOutcome> {
      assertKey(key);
      assertEtag(etag);
      const { partitionKey, rowKey } = key;
      const called = await call(async (abortSignal) =>
        (await client()).deleteEntity(partitionKey, rowKey, { etag, abortSignal }),
      );
      if (called.ok) return { outcome: 'removed' };
      if (isAbsent(called.refusal)) return GONE;
      return isChanged(called.refusal) ? CHANGED : unavailable(called.refusal);
    },

    list: (partitionKey, limit) => list(client, call, partitionKey, limit),
    partitionKeys: (after, limit) => partitionKeys(client, call, after, limit),
  };
}

function written<W extends 'created' | 'updated'>(outcome: W, etag: string | undefined) {
  return etag === undefined || etag === '' ? unavailable(NOT_AN_ANSWER) : { outcome, etag };
}

/** For what our own read does not know how to reach. */
function sdkRead(client: Client): PointRead {
  return async ({ partitionKey, rowKey }, select, abortSignal) => {
    const queryOptions = select === undefined ? {} : { select: [...(select.length === 0 ? NOTHING_SELECTED : select)] };
    const raw = await (await client()).getEntity(partitionKey, rowKey, { abortSignal, queryOptions });
    return raw.etag ? fromSdkEntity({ partitionKey, rowKey }, raw.etag, raw) : undefined;
  };
}

type RawEntity = Readonly<Record<string, unknown>> & { readonly rowKey?: string; readonly etag?: string };

interface Page {
  readonly raw: readonly RawEntity[];
  readonly continuationToken: string | undefined;
}

interface Query {
  readonly filter?: string;
  readonly select?: string[];
}

/** Reads page after page, each a call with a deadline of its own; one more than the limit tells whether there are more. */
async function query(
  client: Client,
  call: Caller,
  queryOptions: Query,
  limit: number,
): Promise<readonly RawEntity[] | Unavailable> {
  if (!Number.isInteger(limit) || limit < 1) throw new RangeError('a list needs a limit of at least 1');
  const entities: RawEntity[] = [];
  let from: string | undefined;
  do {
    const wanted = Math.min(PAGE_MAX_ENTITIES, limit + 1 - entities.length);
    const called: Called<Page | undefined> = await call(
      (signal) => readPage(client, queryOptions, wanted, from, signal),
      'look',
    );
    if (!called.ok) return unavailable(called.refusal);
    if (called.value === undefined) return unavailable(NOT_AN_ANSWER);
    entities.push(...called.value.raw);
    from = called.value.continuationToken;
  } while (from !== undefined && entities.length <= limit);
  return entities;
}

const quoted = (key: string): string => `'${key.replaceAll("'", "''")}'`;

async function list(client: Client, call: Caller, partitionKey: string, limit: number): Promise<ListOutcome> {
  assertKeyPart(partitionKey);
  const found = await query(client, call, { filter: `PartitionKey eq ${quoted(partitionKey)}` }, limit);
  if ('outcome' in found) return found;
  const entities: Entity[] = [];
  for (const raw of found.slice(0, limit)) {
    if (!raw.rowKey || !raw.etag) return unavailable(NOT_AN_ANSWER);
    entities.push(fromSdkEntity({ partitionKey, rowKey: raw.rowKey }, raw.etag, raw));
  }
  return { outcome: 'listed', entities, complete: found.length <= limit };
}

async function partitionKeys(client: Client, call: Caller, after: string | null, limit: number): Promise<KeysOutcome> {
  if (after !== null) assertKeyPart(after);
  const filter = after === null ? {} : { filter: `PartitionKey gt ${quoted(after)}` };
  const found = await query(client, call, { ...filter, select: ['PartitionKey'] }, limit);
  if ('outcome' in found) return found;
  const keys: string[] = [];
  for (const { partitionKey } of found.slice(0, limit)) {
    if (typeof partitionKey !== 'string' || partitionKey === '') return unavailable(NOT_AN_ANSWER);
    if (partitionKey !== keys.at(-1)) keys.push(partitionKey);
  }
  return { outcome: 'listed', partitionKeys: keys, next: found.length > limit ? (keys.at(-1) ?? null) : null };
}

async function readPage(
  client: Client,
  queryOptions: Query,
  maxPageSize: number,
  continuationToken: string | undefined,
  abortSignal: AbortSignal,
): Promise<Page | undefined> {
  let isList = false;
  const options = {
    abortSignal,
    queryOptions,
    // The SDK reads an answer without a list as an empty one, and an empty index would make a sign-out find nobody.
    onResponse: ({ parsedBody }: { parsedBody?: { value?: unknown } | null }) => {
      isList = Array.isArray(parsedBody?.value);
    },
  };
  const pageOptions = { maxPageSize, ...(continuationToken === undefined ? {} : { continuationToken }) };
  const { value: page } = await (await client()).listEntities(options).byPage(pageOptions).next();
  return isList ? { raw: page ?? [], continuationToken: page?.continuationToken } : undefined;
}
