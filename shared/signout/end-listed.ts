import { ACCOUNT_ROW_KEY, createAccountCodec, leaseProperty, sessionProperty } from '../account/account.ts';
import type { AccountKey } from '../account/account-key.ts';
import type { AccountStore } from '../account/account-store.ts';
import { isInForce } from '../account/in-force.ts';
import { parseSessionId, type SessionId } from '../account/session-record.ts';
import { atEach } from '../account/where.ts';
import type { Application } from '../application/application.ts';
import { type Checked, checkReading } from '../session/check.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Entity, ReadOutcome } from '../store/table.ts';
import type { Receipt } from './receipt.ts';
import { type Attempted, attemptSignOut } from './retry.ts';
import type { SignOut } from './sign-out.ts';

export type EndedListed =
  /** `own`: it was the very session that asked. */
  | { readonly outcome: 'ended'; readonly receipt: Receipt; readonly own: boolean }
  /** No live session of this account has that id. */
  | { readonly outcome: 'unknown' }
  /** Whoever asks is not signed in, or nobody can say. */
  | Exclude<Checked, { outcome: 'live' }>
  | (Exclude<Attempted, { outcome: 'signed-out' }> & { readonly own: boolean });

/**
 * Ends one session of an account because another of it asks. Whether that one lives, and whether the named one does, is
 * told by one small point read; an id of another account, one that is no id, and one of a session that has ended are told
 * apart neither by the answer nor by the work that it takes.
 *
 * Its own id ends the OP session in this browser, here and not at the OP.
 *
 * @param named as the path has it
 * @param receivedAt milliseconds since the epoch
 */
export async function endListedSession(
  application: Application,
  ticket: SessionTicket,
  named: string,
  receivedAt: number,
): Promise<EndedListed> {
  const { store, settings } = application;
  const { account } = ticket;
  const sessionId = parseSessionId(named);
  const own = sessionId === ticket.sessionId;
  const read = await store.tables.accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY }, [
    sessionProperty(ticket.sessionId),
    leaseProperty(ticket.sessionId),
    ...(sessionId === null || own ? [] : [sessionProperty(sessionId)]),
  ]);
  const checked = checkReading(store, read, ticket, settings.sessionIdleMinutes);
  if (checked.outcome === 'signed-out') return checked;
  if (sessionId === null) return checked.outcome === 'live' ? { outcome: 'unknown' } : checked;
  const looked = await readNamed(store, account, sessionId, read);
  if (looked.outcome === 'gone') return { outcome: 'unknown' };
  if (looked.outcome === 'found' && !stands(application, ticket, looked.entity, sessionId))
    return { outcome: 'unknown' };

  const common = { door: 'sessions', receivedAt, scope: 'session' } as const;
  // What storage could not say goes with the sign-out, so that it is not lost (G3): whoever carries it out asks again.
  const asker = checked.outcome === 'live' ? {} : { asker: ticket };
  const signOut: SignOut = own
    ? { ...common, kind: 'own', ticket, proved: null }
    : { ...common, kind: 'session', account, sessionId, ...asker };
  const attempted = await attemptSignOut(application, signOut);
  if (attempted.outcome !== 'signed-out') return { ...attempted, own };
  const { receipt } = attempted;
  // Storage came back meanwhile, and there was nothing to end, or nobody to ask for it: the next call can say which.
  if (checked.outcome === 'unavailable' && receipt.sessions === 0) return checked;
  return { outcome: 'ended', receipt, own };
}

/** While the application moves, the session that is named may stand elsewhere than the one that asks. */
async function readNamed(
  store: AccountStore,
  account: AccountKey,
  id: SessionId,
  read: ReadOutcome,
): Promise<ReadOutcome> {
  if (read.outcome !== 'found' || atEach(store, account).length === 1) return read;
  return store.tables.accounts.read({ partitionKey: account, rowKey: ACCOUNT_ROW_KEY }, [sessionProperty(id)]);
}

/** In doubt it does: to delete a session takes no key. */
function stands({ store, settings }: Application, { account }: SessionTicket, entity: Entity, id: SessionId): boolean {
  const session = createAccountCodec(store.keyring, account).openSession(entity, id);
  if (session.outcome !== 'opened') return session.outcome !== 'absent';
  return isInForce(store, session.value, settings.sessionIdleMinutes);
}
