import { beganBefore } from '../ambient/clock-skew.ts';
import type { Entity, Properties } from '../store/table.ts';
import { type AccountCodec, cacheProperty, sessionIds, sessionProperty, withoutSessions } from './account.ts';
import { makeRoom } from './make-room.ts';
import type { SessionId, SessionRecord } from './session-record.ts';

/** What a sign-out ends in one account. */
export interface Ending {
  /** When the sign-out was received, milliseconds since the epoch: what began later stays. */
  readonly receivedAt: number;
  /** The sessions that the sign-out names (`null`: a record this instance cannot read); names it none that stands, nothing ends. */
  readonly names: (id: SessionId, record: SessionRecord | null) => boolean;
  /** When a session's attempt set out, as the index has it; undefined where it does not say. */
  readonly startedAt?: (id: SessionId) => number | undefined;
  /** `account`: with one of them all end that began before. `session`: only those named. */
  readonly scope: 'account' | 'session';
  /** By which session whoever asked can ask again, where there is no other way: at whichever place it stands, that ends last. */
  readonly foundBy?: SessionId;
}

/** How many sessions ended, and how many of them had tokens: an MSAL cache each. */
export interface Removed {
  readonly sessions: number;
  readonly tokenCaches: number;
}

export interface Replacing extends Removed {
  readonly step: 'replace';
  readonly properties: Properties;
  /** Of what is left behind an instance that can read it has to decide; what can be told ends at once. */
  readonly inDoubt: boolean;
}

/** What is to be written. */
export type Plan =
  | ({ readonly step: 'remove' } & Removed)
  | Replacing
  | { readonly step: 'touch' }
  /** Of a session sealed under a key that another instance knows nobody here can say when it began: that one has to decide. */
  | { readonly step: 'unreadable' };

const NOTHING: Removed = { sessions: 0, tokenCaches: 0 };

function countOf(entity: Entity, leaving: readonly SessionId[]): Removed {
  const tokenCaches = leaving.filter((id) => cacheProperty(id) in entity.properties).length;
  return { sessions: leaving.length, tokenCaches };
}

/** Pure: what one sign-out makes of one account's entity. */
export function planEnding(codec: AccountCodec, entity: Entity, ending: Ending, now: number): Plan {
  const { receivedAt, names, scope } = ending;
  const standing = sessionIds(entity.properties);
  const before: SessionId[] = [];
  const named: SessionId[] = [];
  let [inDoubt, mayBeNamed] = [false, false];
  for (const id of standing) {
    const session = codec.openSession(entity, id);
    if (session.outcome === 'absent') continue;
    const record = session.outcome === 'opened' ? session.value : null;
    // A record that is no record nobody can use: it leaves with the first sign-out that ends anything, and a sign-out that
    // names it ends it, whenever it began, for its tokens stand beside it still.
    const startedAt =
      session.outcome === 'corrupt'
        ? Number.NEGATIVE_INFINITY
        : (record?.startedAt ?? startOfUnreadable(id, ending, now));
    if (startedAt === undefined) {
      const doubtful = names(id, null);
      mayBeNamed ||= doubtful;
      inDoubt ||= doubtful || scope === 'account';
      continue;
    }
    if (!beganBefore(startedAt, receivedAt)) continue;
    before.push(id);
    if (names(id, record)) named.push(id);
  }
  if (mayBeNamed && named.length === 0) return { step: 'unreadable' };
  if (standing.length === 0) return { step: 'remove', ...NOTHING };
  if (named.length === 0) return { step: 'touch' };
  const leaving = scope === 'account' ? before : named;
  if (leaving.length === standing.length) return { step: 'remove', ...countOf(entity, leaving) };
  const properties = withoutSessions(entity.properties, leaving);
  return { step: 'replace', properties, ...countOf(entity, leaving), inDoubt };
}

/**
 * When a session set out whose record this instance cannot read, its key being gone or not here yet. To delete it takes no
 * key: the index may know, and of what stands while the sign-out comes in nothing can have begun after it.
 */
function startOfUnreadable(id: SessionId, { receivedAt, startedAt }: Ending, now: number): number | undefined {
  return startedAt?.(id) ?? (beganBefore(now, receivedAt) ? receivedAt : undefined);
}

/**
 * Refreshes merge an account up to what an entity holds, which is more than a Replace carries, its bytes being base64:
 * then the oldest of those that would have stayed leave with the others. A session too few costs a sign-in.
 */
export function thinned(
  codec: AccountCodec,
  entity: Entity,
  { properties, sessions, tokenCaches, inDoubt }: Replacing,
): Replacing {
  const leaving = makeRoom(codec, { ...entity, properties }, {}, []);
  const kept = withoutSessions(properties, leaving);
  const more = countOf(entity, leaving);
  return {
    step: 'replace',
    properties: kept,
    sessions: sessions + more.sessions,
    tokenCaches: tokenCaches + more.tokenCaches,
    inDoubt,
  };
}

/** The sessions that a plan takes out of an entity. */
export function leavingBy(plan: Plan, entity: Entity): SessionId[] {
  const standing = sessionIds(entity.properties);
  if (plan.step === 'remove') return standing;
  return plan.step === 'replace' ? standing.filter((id) => !(sessionProperty(id) in plan.properties)) : [];
}
