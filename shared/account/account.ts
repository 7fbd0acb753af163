import type { Keyring, SealPlace } from '../seal/keyring.ts';
import type { Entity, Properties, Property } from '../store/table.ts';
import type { AccountKey } from './account-key.ts';
import { decodeCache, encodeCache } from './cache-codec.ts';
import { decodeLease, encodeLease, type Lease } from './lease-record.ts';
import {
  decodeSessionRecord,
  encodeSessionRecord,
  parseSessionId,
  type SessionId,
  type SessionRecord,
} from './session-record.ts';

/** One entity holds all of an account, so that deleting the entity *is* deleting the partition. */
export const ACCOUNT_ROW_KEY = 'account';

const SESSION_PREFIX = 's_';
const CACHE_PREFIX = 'c_';
const LEASE_PREFIX = 'l_';

export const sessionProperty = (id: SessionId): string => `${SESSION_PREFIX}${id}`;
export const cacheProperty = (id: SessionId): string => `${CACHE_PREFIX}${id}`;
export const leaseProperty = (id: SessionId): string => `${LEASE_PREFIX}${id}`;

/** A sealed property, opened; `unreadable` where another instance may know its key or format. */
export type Unsealed<T> =
  | { readonly outcome: 'opened'; readonly value: T }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'unreadable'; readonly reason: 'unknown-key' | 'newer-format' }
  | { readonly outcome: 'corrupt' };

/** Seals and opens the properties of one account's entity. */
export interface AccountCodec {
  sealSession(id: SessionId, record: SessionRecord): Properties;
  /** Null where even its refresh token alone is more than a property holds. */
  sealCache(id: SessionId, cache: string): Properties | null;
  sealLease(id: SessionId, lease: Lease): Properties;
  openSession(entity: Entity, id: SessionId): Unsealed<SessionRecord>;
  openCache(entity: Entity, id: SessionId): Unsealed<string>;
  openLease(entity: Entity, id: SessionId): Unsealed<Lease>;
}

/** The sessions whose records the entity holds, readable or not. */
export function sessionIds(properties: Properties): SessionId[] {
  return Object.keys(properties)
    .filter((name) => name.startsWith(SESSION_PREFIX))
    .map((name) => parseSessionId(name.slice(SESSION_PREFIX.length)))
    .filter((id) => id !== null);
}

/** The properties that belong to one session. */
export function propertiesOf(id: SessionId): string[] {
  return [sessionProperty(id), cacheProperty(id), leaseProperty(id)];
}

/** The entity's properties without those of the given sessions: a session and its tokens go together (G2). */
export function withoutSessions(properties: Properties, ids: readonly SessionId[]): Properties {
  const dropped = new Set(ids.flatMap(propertiesOf));
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !dropped.has(name)));
}

export function createAccountCodec(keyring: Keyring, key: AccountKey): AccountCodec {
  const place = (purpose: SealPlace['purpose'], id: SessionId, property: string): SealPlace => ({
    purpose,
    subject: id,
    location: ['accounts', key, ACCOUNT_ROW_KEY, property],
  });

  const open = <T>(
    property: Property | undefined,
    where: SealPlace,
    decode: (plaintext: Uint8Array) => T | null,
  ): Unsealed<T> => {
    if (property === undefined) return { outcome: 'absent' };
    if (!(property instanceof Uint8Array)) return { outcome: 'corrupt' };
    const opened = keyring.open(where, property);
    if (opened.outcome === 'forged') return { outcome: 'corrupt' };
    if (opened.outcome !== 'opened') return { outcome: 'unreadable', reason: opened.outcome };
    const value = decode(opened.plaintext);
    return value === null ? { outcome: 'corrupt' } : { outcome: 'opened', value };
  };

  return {
    sealSession: (id, record) => {
      const property = sessionProperty(id);
      return { [property]: keyring.seal(place('session', id, property), encodeSessionRecord(record)) };
    },
    sealCache: (id, cache) => {
      const property = cacheProperty(id);
      const encoded = encodeCache(cache);
      return encoded && { [property]: keyring.seal(place('cache', id, property), encoded) };
    },
    sealLease: (id, lease) => {
      const property = leaseProperty(id);
      return { [property]: keyring.seal(place('lease', id, property), encodeLease(lease)) };
    },
    openSession: (entity, id) => {
      const property = sessionProperty(id);
      return open(entity.properties[property], place('session', id, property), decodeSessionRecord);
    },
    openCache: (entity, id) => {
      const property = cacheProperty(id);
      return open(entity.properties[property], place('cache', id, property), decodeCache);
    },
    openLease: (entity, id) => {
      const property = leaseProperty(id);
      return open(entity.properties[property], place('lease', id, property), decodeLease);
    },
  };
}
