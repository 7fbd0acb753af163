import { ACCOUNT_ROW_KEY, type AccountCodec, propertiesOf, sessionIds, sessionProperty } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { departureOf } from '../account/departures.ts';
import type { Lease } from '../account/lease-record.ts';
import { withRoomFor } from '../account/make-room.ts';
import { beganTooEarly } from '../account/not-before.ts';
import { readEach, readingOf } from '../account/read-account.ts';
import { type SessionRecord, secretMatches } from '../account/session-record.ts';
import { departedFrom } from '../account/where.ts';
import type { Unreadable } from '../session/check.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Entity, Properties, Unavailable, UpdateOutcome } from '../store/table.ts';
import type { SessionCache } from './token-client.ts';

/** A session with its tokens and lease, as they stood under one ETag. */
export interface Reading {
  readonly entity: Entity;
  /** Whether `entity` holds this session's properties alone, or all of the account. */
  readonly extent: Extent;
  readonly record: SessionRecord;
  readonly cache: SessionCache;
  readonly lease: Lease | null;
  /** A lease is there that only another instance can read: who holds it, if anybody, nobody here can say. */
  readonly leaseInDoubt: boolean;
}

export type Extent = 'own' | 'whole';

export interface SessionGone {
  readonly outcome: 'signed-out';
  readonly reason: 'session-gone';
}
export const SESSION_GONE: SessionGone = { outcome: 'signed-out', reason: 'session-gone' };

export interface TokensUnreadable {
  readonly outcome: 'signed-out';
  readonly reason: 'tokens-unreadable';
  readonly unreadable: Unreadable;
}

/** The refresh token alone, compressed, is more than a property holds. */
export const CACHE_TOO_LARGE: Unavailable = { outcome: 'unavailable', reason: 'cache-too-large' };

/** Nothing that may leave is left in the account, and still it is too large. */
export const ACCOUNT_TOO_LARGE: Unavailable = { outcome: 'unavailable', reason: 'account-too-large' };

export async function readSession(
  store: AccountStore,
  codec: AccountCodec,
  { account, sessionId, secret }: SessionTicket,
  extent: Extent,
): Promise<Reading | SessionGone | TokensUnreadable | Unavailable> {
  const key = { partitionKey: account, rowKey: ACCOUNT_ROW_KEY };
  const read =
    extent === 'own'
      ? await store.tables.accounts.read(key, propertiesOf(sessionId))
      : readingOf(await readEach(store, account), sessionId);
  if (read.outcome === 'gone') return SESSION_GONE;
  if (read.outcome === 'unavailable') return read;
  const { entity } = read;
  if (!(sessionProperty(sessionId) in entity.properties)) return SESSION_GONE;
  const session = codec.openSession(entity, sessionId);
  const cache = codec.openCache(entity, sessionId);
  const lease = codec.openLease(entity, sessionId);
  if (session.outcome !== 'opened' || !secretMatches(session.value, secret)) return SESSION_GONE;
  if (beganTooEarly(store, session.value.startedAt)) return SESSION_GONE;
  if (cache.outcome !== 'opened') {
    const unreadable = cache.outcome === 'unreadable' ? cache.reason : 'corrupt';
    return { outcome: 'signed-out', reason: 'tokens-unreadable', unreadable };
  }
  return {
    entity,
    extent,
    record: session.value,
    cache: { homeAccountId: session.value.homeAccountId, serialized: cache.value },
    lease: lease.outcome === 'opened' ? lease.value : null,
    leaseInDoubt: lease.outcome === 'unreadable',
  };
}

/**
 * Writes properties of the session under the ETag of the reading. Where the account was read whole, because it is full,
 * the oldest other sessions leave in the same write; by a reading of one session the others would be lost unseen, so
 * that is merged.
 */
export async function writeSession(
  store: AccountStore,
  codec: AccountCodec,
  { account, sessionId }: SessionTicket,
  { entity, extent }: Reading,
  properties: Properties,
): Promise<UpdateOutcome> {
  const { accounts } = store.tables;
  if (extent === 'own') return accounts.merge(entity, properties, entity.etag);
  const whole = withRoomFor(codec, entity, sessionId, properties);
  const replaced = await accounts.replace(entity, whole, entity.etag);
  const leaving = sessionIds(entity.properties).filter((id) => !(sessionProperty(id) in whole));
  if (replaced.outcome === 'updated' && leaving.length > 0) {
    departedFrom(store, account)?.(departureOf(codec, entity, leaving));
  }
  return replaced;
}
