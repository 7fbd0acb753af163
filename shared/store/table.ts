/**
 * The port to Azure Table Storage: one entity at a time, every update and delete under an ETag.
 *
 * What the service refuses is an outcome, never an exception; an adapter throws for bugs only (a key that Table Storage
 * cannot hold). There is deliberately no upsert and no unconditional update or delete: an upsert resurrects a deleted
 * account, and the SDK's default `etag: "*"` overwrites another instance's write.
 *
 * @see https://learn.microsoft.com/rest/api/storageservices/table-service-error-codes
 */
export interface Table {
  /** Reads one entity; with `select`, only those properties (a property the entity lacks is left out). */
  read(key: EntityKey, select?: readonly string[]): Promise<ReadOutcome>;
  /** Creates an entity that must not exist. */
  create(key: EntityKey, properties: Properties): Promise<CreateOutcome>;
  /** Sets the given properties of an entity that must still carry `etag`; an empty set of properties still changes its ETag. */
  merge(key: EntityKey, properties: Properties, etag: string): Promise<UpdateOutcome>;
  /** Replaces all properties of an entity that must still carry `etag`. */
  replace(key: EntityKey, properties: Properties, etag: string): Promise<UpdateOutcome>;
  /** Deletes an entity that must still carry `etag`. */
  remove(key: EntityKey, etag: string): Promise<RemoveOutcome>;
  /** Lists the entities of one partition in order of RowKey, all pages of it, at most `limit` entities. */
  list(partitionKey: string, limit: number): Promise<ListOutcome>;
}

/** The table of accounts, of which all partitions can be looked through: for a sweep, and for nobody who answers a request. */
export interface AccountsTable extends Table {
  /** The keys of partitions in their order, of at most `limit` rows behind the partition `after` (null: from the first on). */
  partitionKeys(after: string | null, limit: number): Promise<KeysOutcome>;
}

export interface EntityKey {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** The property types in use: Edm.String, Edm.Binary, Edm.DateTime, Edm.Int32 (integers only), Edm.Boolean. */
export type Property = string | Uint8Array | Date | number | boolean;
export type Properties = Readonly<Record<string, Property>>;

export interface Entity extends EntityKey {
  readonly etag: string;
  readonly properties: Properties;
}

/**
 * The service did not do it, or did it and the answer was lost: time-out, reset, 429, 5xx, the table missing (it is then
 * created, and the next try decides), or no authorization. Whoever wrote must read again to know.
 */
export interface Unavailable {
  readonly outcome: 'unavailable';
  /** What the service said to wait, in milliseconds, where it did. */
  readonly retryAfterMilliseconds?: number;
  /** For the log: a status or error code, never a message, key or URL. */
  readonly reason: string;
}
/** No such entity (404). */
export interface Gone {
  readonly outcome: 'gone';
}
/** The entity carries another ETag (412). */
export interface Changed {
  readonly outcome: 'changed';
}
/** The entity is there already (409). */
export interface Exists {
  readonly outcome: 'exists';
}
/** The entity or a property would outgrow what the service holds (400, 413). */
export interface TooLarge {
  readonly outcome: 'too-large';
}

export type ReadOutcome = { readonly outcome: 'found'; readonly entity: Entity } | Gone | Unavailable;
export type CreateOutcome = { readonly outcome: 'created'; readonly etag: string } | Exists | TooLarge | Unavailable;
export type UpdateOutcome =
  | { readonly outcome: 'updated'; readonly etag: string }
  | Gone
  | Changed
  | TooLarge
  | Unavailable;
export type RemoveOutcome = { readonly outcome: 'removed' } | Gone | Changed | Unavailable;
export type ListOutcome =
  | { readonly outcome: 'listed'; readonly entities: readonly Entity[]; readonly complete: boolean }
  | Unavailable;
export type KeysOutcome =
  /** `next`: behind which partition it goes on; null: these were the last. */
  { readonly outcome: 'listed'; readonly partitionKeys: readonly string[]; readonly next: string | null } | Unavailable;

/** The tables of one storage account. */
export interface Tables {
  readonly accounts: AccountsTable;
  readonly sids: Table;
  readonly expiries: Table;
}
