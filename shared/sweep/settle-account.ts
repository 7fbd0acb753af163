import {
  ACCOUNT_ROW_KEY,
  type AccountCodec,
  createAccountCodec,
  sessionIds,
  withoutSessions,
} from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { departureOf } from '../account/departures.ts';
import type { SessionId } from '../account/session-record.ts';
import { departedFrom } from '../account/where.ts';
import type { Entity, Unavailable } from '../store/table.ts';
import type { Moment } from './moment.ts';
import type { SessionNote } from './note.ts';

/** What an account holds of a session whose note fell due. */
export type Settled =
  /** Nothing, now or before: its index rows may go. `ended` counts the sessions that this run took away. */
  | { readonly outcome: 'over'; readonly ended: number; readonly accounts: number }
  /** Nothing, but the account is empty: a sign-in's shell, which goes if it is the same still at the next look. */
  | { readonly outcome: 'shell'; readonly etag: string }
  /** The session stays for now, and its index rows with it. */
  | { readonly outcome: 'stands'; readonly until: number }
  /** Somebody wrote between the look and the write. */
  | { readonly outcome: 'changed' }
  | Unavailable;

type Plan =
  | { readonly step: 'remove'; readonly ended: number }
  | { readonly step: 'end-one' }
  | Extract<Settled, { readonly outcome: 'over' | 'shell' | 'stands' }>;

/**
 * Ends a session whose absolute end has passed, where its note lies: with its account. In one write under the ETag of the one read that found it so. Nothing is
 * tried twice: who wrote in between may have changed what is true, and the next run reads again.
 */
export async function settleAccount(store: AccountStore, note: SessionNote, moment: Moment): Promise<Settled> {
  const { accounts } = store.tables;
  const departed = departedFrom(store, note.account);
  const read = await accounts.read({ partitionKey: note.account, rowKey: ACCOUNT_ROW_KEY });
  if (read.outcome === 'gone') return { outcome: 'over', ended: 0, accounts: 0 };
  if (read.outcome === 'unavailable') return read;
  const { entity } = read;
  const codec = createAccountCodec(store.keyring, note.account);
  const plan = planSettling(codec, entity, note, moment);
  if ('outcome' in plan) return plan;
  if (plan.step === 'remove') {
    const removed = await accounts.remove(entity, entity.etag);
    if (removed.outcome === 'removed') {
      departed?.(departureOf(codec, entity, sessionIds(entity.properties)));
      return { outcome: 'over', ended: plan.ended, accounts: 1 };
    }
    return removed.outcome === 'gone' ? { outcome: 'over', ended: 0, accounts: 0 } : removed;
  }
  const kept = withoutSessions(entity.properties, [note.sessionId]);
  const replaced = await accounts.replace(entity, kept, entity.etag);
  switch (replaced.outcome) {
    case 'updated':
      departed?.(departureOf(codec, entity, [note.sessionId]));
      return { outcome: 'over', ended: 1, accounts: 0 };
    case 'gone':
      return { outcome: 'over', ended: 0, accounts: 0 };
    case 'too-large':
      // Merges filled it beyond what a Replace carries. No living session makes way for a sweep: it goes with the account.
      return { outcome: 'stands', until: expiryOf(entity, moment) };
    case 'changed':
    case 'unavailable':
      return replaced;
  }
}

/** Pure: what becomes of an account when the note of one of its sessions fell due. */
function planSettling(codec: AccountCodec, entity: Entity, { sessionId, shell }: SessionNote, moment: Moment): Plan {
  const { settledBefore } = moment;
  const standing = sessionIds(entity.properties);
  // Nothing in it outlives `expiresOn`, so that this needs no key: an account sealed under lost keys goes too.
  if (expiryOf(entity, moment) < settledBefore) return { step: 'remove', ended: standing.length };
  if (standing.length === 0) {
    // A shell carries no time. That its ETag is the one which an earlier note recorded shows its age.
    return shell === entity.etag ? { step: 'remove', ended: 0 } : { outcome: 'shell', etag: entity.etag };
  }
  if (!standing.includes(sessionId)) return { outcome: 'over', ended: 0, accounts: 0 };
  const until = endOf(codec, entity, sessionId, moment);
  if (until >= settledBefore) return { outcome: 'stands', until };
  return standing.length === 1 ? { step: 'remove', ended: 1 } : { step: 'end-one' };
}

/** The session's own absolute end; of one that another instance may be able to read, the account's. */
function endOf(codec: AccountCodec, entity: Entity, id: SessionId, moment: Moment): number {
  const session = codec.openSession(entity, id);
  switch (session.outcome) {
    case 'opened':
      return session.value.endsAt;
    case 'unreadable':
      return expiryOf(entity, moment);
    case 'corrupt':
    case 'absent':
      // Nobody can use it or read it any more, and its note says that it is due.
      return Number.NEGATIVE_INFINITY;
  }
}

/** An account that does not say when it expires has not. */
function expiryOf({ properties: { expiresOn } }: Entity, { now }: Moment): number {
  return expiresOn instanceof Date ? expiresOn.getTime() : now;
}
