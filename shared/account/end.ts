import { beganBefore } from '../ambient/clock-skew.ts';
import type { Entity, Properties, Unavailable } from '../store/table.ts';
import {
  ACCOUNT_ROW_KEY,
  type AccountCodec,
  cacheProperty,
  createAccountCodec,
  sessionIds,
  withoutSessions,
} from './account.ts';
import type { AccountKey } from './account-key.ts';
import { type AccountStore, CONTENTION_TRIES_MAX } from './account-store.ts';
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
}

/** How many sessions ended, and how many of them had tokens: an MSAL cache each. */
export interface Removed {
  readonly sessions: number;
  readonly tokenCaches: number;
}

export type Ended =
  /** `deleted`: the partition is gone. */
  | ({ readonly outcome: 'ended'; readonly deleted: boolean } & Removed)
  /** Nothing that the sign-out names stands; a sign-in in flight has been made to look again. */
  | { readonly outcome: 'nothing' }
  | Unavailable;

interface Replacing extends Removed {
  readonly step: 'replace';
  readonly properties: Properties;
  /** Of what is left behind an instance that can read it has to decide; what can be told ends at once. */
  readonly inDoubt: boolean;
}

type Plan =
  | ({ readonly step: 'remove' } & Removed)
  | Replacing
  | { readonly step: 'touch' }
  /** Of a session sealed under a key that another instance knows nobody here can say when it began: that one has to decide. */
  | { readonly step: 'unreadable' };

/**
 * Ends sessions of one account in one write under its ETag (DESIGN, rule 3). An entity without a session that the
 * sign-out names is deleted if it is empty, else touched: either way the ETag that a sign-in in flight has read is no
 * more, and it must look for the tombstone again.
 *
 * @param first the entity as already read; else it is read here
 */
export async function endInAccount(
  store: AccountStore,
  account: AccountKey,
  ending: Ending,
  first?: Entity,
): Promise<Ended> {
  const { accounts } = store.tables;
  const codec = createAccountCodec(store.keyring, account);
  const key = { partitionKey: account, rowKey: ACCOUNT_ROW_KEY };
  let entity = first;
  let full = false;
  // What a write of ours would have ended that met a change: perhaps its own, with the answer lost and the write repeated.
  let met: Removed = NOTHING;
  for (let tries = 0; tries < CONTENTION_TRIES_MAX; tries += 1) {
    if (entity === undefined) {
      const read = await accounts.read(key);
      if (read.outcome === 'gone') return endedOf(met, true);
      if (read.outcome === 'unavailable') return read;
      entity = read.entity;
    }
    const planned = planEnding(codec, entity, ending, store.ambient.now());
    if (planned.step === 'unreadable') return { outcome: 'unavailable', reason: 'unreadable-session' };
    const plan = full && planned.step === 'replace' ? thinned(codec, entity, planned) : planned;
    const removed = plan.step === 'touch' ? NOTHING : plan;
    const written = await carryOut(store, entity, plan);
    switch (written.outcome) {
      case 'removed':
      case 'updated':
        if (plan.step === 'replace' && plan.inDoubt) return { outcome: 'unavailable', reason: 'unreadable-session' };
        return endedOf(removed.sessions > 0 ? removed : met, plan.step === 'remove');
      case 'gone':
        // Another sign-out was first, or this one's answer was lost and a repetition of it found its work done.
        return endedOf(removed.sessions > 0 ? removed : met, true);
      case 'changed':
        if (removed.sessions > 0) met = removed;
        entity = undefined;
        break;
      case 'too-large':
        if (full) return { outcome: 'unavailable', reason: 'account-too-large' };
        full = true;
        break;
      case 'unavailable':
        return written;
    }
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

const NOTHING: Removed = { sessions: 0, tokenCaches: 0 };

function endedOf({ sessions, tokenCaches }: Removed, deleted: boolean): Ended {
  return sessions === 0 ? { outcome: 'nothing' } : { outcome: 'ended', sessions, tokenCaches, deleted };
}

function countOf(entity: Entity, leaving: readonly SessionId[]): Removed {
  const tokenCaches = leaving.filter((id) => cacheProperty(id) in entity.properties).length;
  return { sessions: leaving.length, tokenCaches };
}

/** Pure: what one sign-out makes of one account's entity. */
function planEnding(codec: AccountCodec, entity: Entity, ending: Ending, now: number): Plan {
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
function thinned(
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

function carryOut({ tables: { accounts } }: AccountStore, entity: Entity, plan: Exclude<Plan, { step: 'unreadable' }>) {
  switch (plan.step) {
    case 'remove':
      return accounts.remove(entity, entity.etag);
    case 'replace':
      return accounts.replace(entity, plan.properties, entity.etag);
    case 'touch':
      return accounts.merge(entity, {}, entity.etag);
  }
}
