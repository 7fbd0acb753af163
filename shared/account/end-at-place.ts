import type { Entity, Unavailable } from '../store/table.ts';
import { ACCOUNT_ROW_KEY, createAccountCodec } from './account.ts';
import type { AccountKey } from './account-key.ts';
import { type AccountStore, CONTENTION_TRIES_MAX } from './account-store.ts';
import { departureOf } from './departures.ts';
import { type Ending, leavingBy, type Plan, planEnding, type Removed, thinned } from './plan-ending.ts';

export type Ended =
  /** `deleted`: the partition is gone. */
  | ({ readonly outcome: 'ended'; readonly deleted: boolean } & Removed)
  /** Nothing that the sign-out names stands; a sign-in in flight has been made to look again. `deleted`: nothing else does either. */
  | { readonly outcome: 'nothing'; readonly deleted: boolean }
  | Unavailable;

/** Sessions that a write of ours takes out of an entity. */
interface Removal {
  readonly entity: Entity;
  readonly plan: Exclude<Plan, { step: 'touch' | 'unreadable' }>;
}

/** That a session stands which is named; nothing has been written for it. */
export interface Named {
  readonly outcome: 'named';
  readonly entity: Entity;
}

/** The same, up to the write that would end something: whoever looks has to end something else first. */
export function lookAtPlace(store: AccountStore, account: AccountKey, ending: Ending): Promise<Ended | Named> {
  return goThrough(store, account, ending, undefined, true);
}

/**
 * Ends sessions of one account at one place, in one write under its ETag (DESIGN, rule 3). An entity without a session that the
 * sign-out names is deleted if it is empty, else touched: either way the ETag that a sign-in in flight has read is no
 * more, and it must look for the tombstone again.
 *
 * @param first the entity as already read; else it is read here
 */
export async function endAtPlace(
  store: AccountStore,
  account: AccountKey,
  ending: Ending,
  first?: Entity,
): Promise<Ended> {
  const ended = await goThrough(store, account, ending, first, false);
  if (ended.outcome === 'named') throw new RangeError('who ends does not stop at what is named');
  return ended;
}

async function goThrough(
  store: AccountStore,
  account: AccountKey,
  ending: Ending,
  first: Entity | undefined,
  looks: boolean,
): Promise<Ended | Named> {
  const { accounts } = store.tables;
  const codec = createAccountCodec(store.keyring, account);
  const key = { partitionKey: account, rowKey: ACCOUNT_ROW_KEY };
  let entity = first;
  let full = false;
  // What a write of ours would have ended that met a change: perhaps its own, with the answer lost and the write repeated.
  let met: Removal | null = null;
  const endedOf = (removal: Removal | null, deleted: boolean): Ended => {
    if (removal === null) return { outcome: 'nothing', deleted };
    const { entity, plan } = removal;
    store.departed?.(departureOf(codec, entity, leavingBy(plan, entity)));
    return { outcome: 'ended', sessions: plan.sessions, tokenCaches: plan.tokenCaches, deleted };
  };
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
    if (looks && plan.step !== 'touch' && plan.sessions > 0) return { outcome: 'named', entity };
    const removal = plan.step === 'touch' || plan.sessions === 0 ? null : { entity, plan };
    const written = await carryOut(store, entity, plan);
    switch (written.outcome) {
      case 'removed':
      case 'updated':
        if (plan.step === 'replace' && plan.inDoubt) {
          endedOf(removal, false);
          return { outcome: 'unavailable', reason: 'unreadable-session' };
        }
        return endedOf(removal ?? met, plan.step === 'remove');
      case 'gone':
        // Another sign-out was first, or this one's answer was lost and a repetition of it found its work done.
        return endedOf(removal ?? met, true);
      case 'changed':
        met = removal ?? met;
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
