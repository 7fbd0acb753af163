import { indexKey } from '../account/index-key.ts';
import type { Application } from '../application/application.ts';
import { type Attempted, attemptSignOut } from '../signout/retry.ts';
import type { UserChange } from './notifications.ts';
import { keepSubscription, type SubscriptionKept } from './subscription.ts';
import { type Verdict, verdictOn } from './verdict.ts';
import type { Directory, DirectoryWork } from './work.ts';

/** Graph is asked for so many users at once: it counts an application's requests. */
const USERS_AT_ONCE_MAX = 8;
/** Graph's replicas may tell of a change later than its notification does: whoever looks sooner than that looks once more. */
export const REPLICAS_LAG_MILLISECONDS = 2 * 60_000;

export interface CarriedOut {
  readonly attempts: readonly Attempted[];
  readonly subscription: SubscriptionKept | null;
  /** To be done once more when the replicas must know; null where nothing can come of it. */
  readonly secondLook: DirectoryWork | null;
  /** What is left to be done again, and why; null where all is done, or is in the queue of sign-outs. */
  readonly rest: Rest | null;
}

export interface Rest {
  readonly work: DirectoryWork;
  readonly reason: string;
  readonly retryAfterSeconds: number;
}

/** Does what waited in the queue. Whoever cannot be asked about, or ended, now is left over; the others are done. */
export async function carryOutDirectoryWork(
  application: Application,
  directory: Directory,
  work: DirectoryWork,
): Promise<CarriedOut> {
  if (work.kind === 'subscription') return lookAfterSubscription(application, directory, work);
  const attempts: Attempted[] = [];
  const early: UserChange[] = [];
  const untried: UserChange[] = [];
  const failed: UserChange[] = [];
  const whys: Pick<Rest, 'reason' | 'retryAfterSeconds'>[] = [];
  for (let from = 0; from < work.changes.length; from += USERS_AT_ONCE_MAX) {
    const batch = work.changes.slice(from, from + USERS_AT_ONCE_MAX);
    // Somebody who asked to be left alone, or cannot be reached, is not asked for the others either.
    if (whys.length > 0) {
      untried.push(...batch);
      continue;
    }
    const settled = await Promise.all(batch.map((change) => settle(application, directory, change, work.receivedAt)));
    for (const [at, change] of batch.entries()) {
      const each = settled[at];
      if (each === undefined) continue;
      if (each.outcome === 'left') {
        failed.push(change);
        whys.push(each);
        continue;
      }
      if (each.attempt !== null && !(work.isSecondLook && endedNothing(each.attempt))) attempts.push(each.attempt);
      if (each.tooEarly && !work.isSecondLook) early.push(change);
    }
  }
  const secondLook = early.length === 0 ? null : { ...work, changes: early, isSecondLook: true as const };
  const [why] = whys;
  if (why === undefined) return { attempts, subscription: null, secondLook, rest: null };
  const retryAfterSeconds = Math.max(...whys.map((each) => each.retryAfterSeconds));
  // Behind the others, or one of whom Graph says what nobody can read would hold up the rest, try after try.
  const changes = [...untried, ...failed];
  const rest = { work: { ...work, changes }, reason: why.reason, retryAfterSeconds };
  return { attempts, subscription: null, secondLook, rest };
}

/** What the first look ended has its receipt already. */
const endedNothing = (attempt: Attempted): boolean =>
  attempt.outcome === 'signed-out' && attempt.receipt.sessions === 0;

type Settled =
  | {
      readonly outcome: 'settled';
      /** Null where nothing ended. */
      readonly attempt: Exclude<Attempted, { outcome: 'unfinished' }> | null;
      /** Whether Graph may have been asked before it knew. */
      readonly tooEarly: boolean;
    }
  | { readonly outcome: 'left'; readonly reason: string; readonly retryAfterSeconds: number };

/** Ends what the directory no longer lets in, of one user. */
async function settle(
  application: Application,
  { graph }: Directory,
  { oid, change }: UserChange,
  receivedAt: number,
): Promise<Settled> {
  const op = await application.op.get();
  // The index goes by the OP's issuer.
  if ('outcome' in op) return { outcome: 'left', reason: op.reason, retryAfterSeconds: 0 };
  let asOf = receivedAt;
  let tooEarly = false;
  // Deleted for good: Graph has nothing more to say, and is not waited for.
  if (change === 'updated') {
    const askedAt = application.store.ambient.now();
    const user = await graph.user(oid);
    if ('outcome' in user && user.outcome === 'graph-unavailable') {
      return { outcome: 'left', reason: user.reason, retryAfterSeconds: user.retryAfterSeconds };
    }
    const verdict = verdictOn(user, askedAt);
    tooEarly = isTooEarly(verdict, askedAt, receivedAt);
    if (verdict.ends === 'nothing') return { outcome: 'settled', attempt: null, tooEarly };
    asOf = verdict.asOf;
  }
  const { clientId } = application.settings.op;
  const index = indexKey(clientId, op.metadata.issuer, { kind: 'oid', value: oid });
  const signOut = { kind: 'target', index, door: 'directory', receivedAt, asOf, scope: 'account' } as const;
  const attempt = await attemptSignOut(application, signOut);
  return attempt.outcome === 'unfinished'
    ? { outcome: 'left', reason: attempt.reason, retryAfterSeconds: 0 }
    : { outcome: 'settled', attempt, tooEarly };
}

/**
 * Whether Graph may have been asked before it knew: soon after the notification, by instances whose clocks may differ, and with
 * nothing in its answer that the notification can have been about.
 */
function isTooEarly(verdict: Verdict, askedAt: number, receivedAt: number): boolean {
  const isSoon = (at: number) => Math.abs(at - receivedAt) < REPLICAS_LAG_MILLISECONDS;
  return verdict.ends !== 'all' && isSoon(askedAt) && !(verdict.ends === 'earlier' && isSoon(verdict.asOf));
}

async function lookAfterSubscription(
  application: Application,
  { graph, endpoint }: Directory,
  work: Extract<DirectoryWork, { kind: 'subscription' }>,
): Promise<CarriedOut> {
  const reauthorized = work.reauthorize === null ? 'done' : await graph.reauthorize(work.reauthorize);
  const kept =
    reauthorized !== 'done' && reauthorized.outcome === 'graph-unavailable'
      ? reauthorized
      : // One that is not found any more is made anew here.
        await keepSubscription(graph, endpoint, application.store.ambient.now());
  const rest = kept.outcome === 'kept' ? null : { work, ...kept };
  return { attempts: [], subscription: kept, secondLook: null, rest };
}
