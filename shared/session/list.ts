import { createAccountCodec, sessionIds } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import { isInForce } from '../account/in-force.ts';
import { readEach, readingOf } from '../account/read-account.ts';
import type { SessionId, SessionRecord } from '../account/session-record.ts';
import { type Checked, checkReading } from './check.ts';
import { describeOwned, type OwnedSession } from './describe.ts';
import type { SessionTicket } from './ticket.ts';

/** One of somebody's sessions, for their eyes: when and where, no `sid`, no claim. */
export interface ListedSession extends OwnedSession {
  /** Whether it is the one that asks. */
  readonly current: boolean;
}

export type Listed =
  | { readonly outcome: 'listed'; readonly sessions: readonly ListedSession[] }
  | Exclude<Checked, { outcome: 'live' }>;

/**
 * The live sessions of the account that the ticket's session is of, those used last first. One point read of the whole
 * account, up to 1 MiB with its caches: `$select` takes names and not prefixes, and the ids are what is asked for. A read of
 * the asker's session first would only add a round trip to what a person asks for now and then.
 *
 * A session that this instance cannot read (its key is being rotated) is left out.
 *
 * @param idleMinutes how long a session may go unused
 */
export async function listSessions(store: AccountStore, ticket: SessionTicket, idleMinutes: number): Promise<Listed> {
  const { account, sessionId } = ticket;
  const reads = await readEach(store, account);
  const checked = checkReading(store, readingOf(reads, sessionId), ticket, idleMinutes);
  if (checked.outcome !== 'live') return checked;

  const codec = createAccountCodec(store.keyring, account);
  const live: { readonly id: SessionId; readonly record: SessionRecord }[] = [];
  for (const read of reads) {
    if (read.outcome === 'unavailable') return read;
    if (read.outcome === 'gone') continue;
    for (const id of sessionIds(read.entity.properties)) {
      const session = codec.openSession(read.entity, id);
      if (session.outcome !== 'opened' || !isInForce(store, session.value, idleMinutes)) continue;
      live.push({ id, record: session.value });
    }
  }
  const byUse = live.toSorted((a, b) => b.record.lastUsedAt - a.record.lastUsedAt || (a.id < b.id ? -1 : 1));
  return {
    outcome: 'listed',
    sessions: byUse.map(({ id, record }) => ({
      ...describeOwned(id, record, idleMinutes),
      current: id === sessionId,
    })),
  };
}
