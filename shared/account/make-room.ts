import type { Entity, Properties } from '../store/table.ts';
import { type AccountCodec, propertiesOf, sessionIds, withoutSessions } from './account.ts';
import type { SessionId } from './session-record.ts';

/** More sessions on one account than this and the oldest makes way: an entity holds 252 properties. */
export const SESSIONS_MAX = 64;
/** An entity holds 1 MiB, and its binary properties travel as base64, a third longer: what is left is for refreshes to grow into. */
const ACCOUNT_BYTES_MAX = 700 * 1024;

/**
 * The sessions that make way for one more, those that were not used for longest first.
 *
 * @param added the own properties of the session that is written
 * @param replaces sessions that do not count: they leave anyway, or are the one that is written
 */
export function makeRoom(
  codec: AccountCodec,
  entity: Entity,
  added: Properties,
  replaces: readonly SessionId[],
): SessionId[] {
  const staying = sessionIds(entity.properties).filter((id) => !replaces.includes(id));
  const sizes = new Map(staying.map((id) => [id, sizeOf(entity.properties, propertiesOf(id))]));
  let count = staying.length + 1;
  let bytes = [...sizes.values()].reduce((sum, size) => sum + size, sizeOf(added, Object.keys(added)));
  const leaving: SessionId[] = [];
  for (const id of staying.toSorted((a, b) => lastUsed(codec, entity, a) - lastUsed(codec, entity, b))) {
    if (count <= SESSIONS_MAX && bytes <= ACCOUNT_BYTES_MAX) break;
    leaving.push(id);
    count -= 1;
    bytes -= sizes.get(id) ?? 0;
  }
  return leaving;
}

/**
 * All of an account with new properties of one of its sessions, without the sessions that make way for them: what
 * replaces an entity into which they cannot be merged, because it is full.
 *
 * @param entity as read whole
 */
export function withRoomFor(codec: AccountCodec, entity: Entity, id: SessionId, changed: Properties): Properties {
  const whole = { ...entity.properties, ...changed };
  const names = new Set(propertiesOf(id));
  const own = Object.fromEntries(Object.entries(whole).filter(([name]) => names.has(name)));
  return withoutSessions(whole, makeRoom(codec, entity, own, [id]));
}

/** A session that another instance may be able to read (a key that is being rotated) leaves last, one that nobody can, first. */
function lastUsed(codec: AccountCodec, entity: Entity, id: SessionId): number {
  const session = codec.openSession(entity, id);
  if (session.outcome === 'opened') return session.value.lastUsedAt;
  return session.outcome === 'unreadable' ? Number.MAX_SAFE_INTEGER : 0;
}

function sizeOf(properties: Properties, names: readonly string[]): number {
  const values = names.map((name) => properties[name]);
  return values.reduce<number>((sum, value) => sum + (value instanceof Uint8Array ? value.length : 0), 0);
}
