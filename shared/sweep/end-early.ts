import { ACCOUNT_ROW_KEY, createAccountCodec, sessionIds } from '../account/account.ts';
import { type AccountKey, parseAccountKey } from '../account/account-key.ts';
import { type AccountStore, CONTENTION_TRIES_MAX } from '../account/account-store.ts';
import { type Ended, endAtPlace } from '../account/end-at-place.ts';
import { beganTooEarly } from '../account/not-before.ts';
import type { SessionRecord } from '../account/session-record.ts';
import { departedFrom } from '../account/where.ts';
import type { Unavailable } from '../store/table.ts';
import { setBackCursor } from './cursor.ts';
import { AT_ONCE_MAX, isAtLimit, type Run } from './run.ts';
import { keepWalk, type OpenedWalk, openWalk, type Walk } from './walk.ts';

export type EndedEarly = 'done' | 'limit' | Unavailable;

/**
 * Takes what began before SESSIONS_NOT_BEFORE out of storage: a walk through all accounts, once for each such instant, as much of it
 * in a run as its limits allow. Not by the notes of what falls due, as all else is swept: it must not wait for that, and what a
 * failover has brought back may have lost its note.
 *
 * @param share of the run, from its beginning on, within which it has to stop
 */
export async function endEarlySessions(run: Run, share = 1): Promise<EndedEarly> {
  const { store, moment } = run;
  const { sessionsNotBefore, tables } = store;
  if (sessionsNotBefore === undefined) return 'done';
  for (let tries = 0; tries < CONTENTION_TRIES_MAX; ) {
    const opened = await openWalk(tables.expiries, sessionsNotBefore, moment);
    const ended = opened.outcome === 'open' ? await walkFrom(run, opened.walk, share) : opened;
    switch (ended.outcome) {
      case 'none':
        return 'done';
      case 'changed':
        tries += 1;
        break;
      case 'limit':
        return 'limit';
      case 'unavailable':
        return ended;
    }
  }
  return { outcome: 'unavailable', reason: 'contention' };
}

type WalkEnded = Exclude<OpenedWalk, { outcome: 'open' }> | { readonly outcome: 'limit' };

async function walkFrom(run: Run, begun: Walk, share: number): Promise<WalkEnded> {
  const { store, moment } = run;
  if (begun.after === null) {
    // Notes may have come back as well, in hours that the sweep has been through.
    const setBack = await setBackCursor(store.tables.expiries, moment.now);
    if (setBack !== 'set-back') return setBack;
  }
  let walk = begun;
  for (;;) {
    const walked = await walkOn(run, walk, share);
    if (walked.outcome !== 'open') return walked;
    walk = walked.walk;
  }
}

/** What an account can bring upon itself; anything else is of storage, and of all of them. */
const ONES_OWN: readonly string[] = ['contention', 'account-too-large'];

/** One page of accounts. Where a run ends within it, or breaks off, what was done of it is kept. */
async function walkOn(run: Run, walk: Walk, share: number): Promise<OpenedWalk | { readonly outcome: 'limit' }> {
  const { limits } = run;
  const { accounts, expiries } = run.store.tables;
  if (isAtLimit(run, share)) return { outcome: 'limit' };
  const listed = await accounts.partitionKeys(walk.after, limits.page);
  if (listed.outcome === 'unavailable') return listed;
  const { partitionKeys, next } = listed;
  let { left } = walk;
  for (let from = 0; from < partitionKeys.length; from += AT_ONCE_MAX) {
    const done = partitionKeys[from - 1];
    if (isAtLimit(run, share))
      return done === undefined ? { outcome: 'limit' } : keepWalk(expiries, { ...walk, left }, done);
    const batch = partitionKeys.slice(from, from + AT_ONCE_MAX);
    const ended = await endBatch(run, batch);
    left ||= ended.passed;
    if (ended.broken !== null) {
      if (done !== undefined) await keepWalk(expiries, { ...walk, left }, done);
      return ended.broken;
    }
  }
  return keepWalk(expiries, { ...walk, left }, next);
}

interface BatchEnded {
  /** Whether somebody is to be left behind. */
  readonly passed: boolean;
  /** What the walk breaks off for, to go on at this batch with the next run. */
  readonly broken: Unavailable | null;
}

async function endBatch(run: Run, batch: readonly string[]): Promise<BatchEnded> {
  const { store, counts } = run;
  // What a run begins with may be what the last one broke off at.
  const isFirst = run.looked === 0;
  run.looked += batch.length;
  const endings = await Promise.all(batch.map((key) => endEarlyIn(store, key)));
  await run.afterBatch();
  let passed = 0;
  const failed: Unavailable[] = [];
  for (const ended of endings) {
    if (ended.outcome === 'ended') {
      counts.sessions += ended.sessions;
      counts.accounts += Number(ended.deleted);
    }
    if (ended.outcome !== 'unavailable') continue;
    if (ONES_OWN.includes(ended.reason)) passed += 1;
    else failed.push(ended);
  }
  // Storage that answers for the others is not away: whom it does not answer for must not keep the walk here for ever.
  const passes = isFirst && failed.length < batch.length;
  if (passes) passed += failed.length;
  counts.left += passed;
  return { passed: passed > 0, broken: passes ? null : (failed[0] ?? null) };
}

/** What began too early leaves an account, with its tokens, under the ETag of the read that found it; younger sessions stay. */
async function endEarlyIn(store: AccountStore, key: string): Promise<Ended> {
  const account = parseAccountKey(key);
  if (account === null) return { outcome: 'nothing', deleted: false };
  const read = await store.tables.accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY });
  if (read.outcome === 'unavailable') return read;
  if (read.outcome === 'gone') return { outcome: 'nothing', deleted: true };
  const { entity } = read;
  const codec = createAccountCodec(store.keyring, account);
  // A record that this instance cannot read may be of a key, a format or an application that is not its own: it stays, and serves nobody here.
  const isEarly = (record: SessionRecord | null): boolean => record !== null && beganTooEarly(store, record.startedAt);
  const ids = sessionIds(entity.properties);
  const early = ids.filter((id) => {
    const session = codec.openSession(entity, id);
    return session.outcome === 'opened' && isEarly(session.value);
  });
  // Whoever ends touches an account in which nothing is named, and nobody has to look again because of this.
  if (early.length === 0) return { outcome: 'nothing', deleted: false };
  return endAtPlace(
    telling(store, account),
    account,
    {
      receivedAt: store.sessionsNotBefore ?? Number.NEGATIVE_INFINITY,
      scope: 'session',
      names: (_, record) => isEarly(record),
    },
    entity,
  );
}

function telling(store: AccountStore, account: AccountKey): AccountStore {
  const departed = departedFrom(store, account);
  return departed === undefined ? store : { ...store, departed };
}
