import type { Entity } from '../store/table.ts';
import { type AccountCodec, sessionIds } from './account.ts';
import type { SessionId } from './session-record.ts';

/** The OP session that a session is of: null where the OP gives none, undefined where nobody here can say. */
export type OfOpSession = string | null | undefined;

/** The tokens of one session, on their way out. */
export interface DepartedTokens {
  readonly homeAccountId: string;
  /** Its cache. */
  readonly serialized: string;
  readonly sid: OfOpSession;
}

/** Tokens that have left storage with a write that was done, and what stands in their account after it. */
export interface Departure {
  readonly tokens: readonly DepartedTokens[];
  readonly standing: readonly OfOpSession[];
}

/** Told of a departure when its write is done: what was revoked before that would be a dead token in a living session (G2). */
export type Departures = (departure: Departure) => void;

/**
 * What leaves an account with sessions of it. A cache that cannot be opened here (its key is gone, it is damaged) leaves
 * unseen: nobody can revoke what nobody can read.
 *
 * @param entity as it was read whole, before the write
 * @param joining a session that came in with the same write
 */
export function departureOf(
  codec: AccountCodec,
  entity: Entity,
  leaving: readonly SessionId[],
  joining: readonly OfOpSession[] = [],
): Departure {
  const tokens = leaving.flatMap((id): DepartedTokens[] => {
    const [session, cache] = [codec.openSession(entity, id), codec.openCache(entity, id)];
    if (cache.outcome !== 'opened') return [];
    const { homeAccountId = '', sid } = session.outcome === 'opened' ? session.value : {};
    return [{ homeAccountId, serialized: cache.value, sid }];
  });
  return { tokens, standing: [...standingIn(codec, entity, leaving), ...joining] };
}

/** The OP sessions of the sessions that an account holds, but for some. */
export function standingIn(codec: AccountCodec, entity: Entity, without: readonly SessionId[] = []): OfOpSession[] {
  const staying = sessionIds(entity.properties).filter((id) => !without.includes(id));
  return staying.map((id) => {
    const session = codec.openSession(entity, id);
    return session.outcome === 'opened' ? session.value.sid : undefined;
  });
}
