import type { AccountCodec } from '../account/account.ts';
import type { AccountStore } from '../account/account-store.ts';
import type { RedemptionFailure } from '../account/lease-record.ts';
import type { SessionTicket } from '../session/ticket.ts';
import { failedLease } from './lease.ts';
import { type Reading, readSession } from './session-reading.ts';

/** Each loss means that another wrote; after so many the lease may as well run out by itself. */
const GIVE_BACK_TRIES_MAX = 3;

/**
 * Gives a lease back with the answer that its holder got, so that those who wait for it need not ask the OP the same. It
 * would run out by itself: whatever fails here costs them a longer wait, and nothing else.
 *
 * @param failure null where the next one has to try for itself
 */
export async function giveBack(
  store: AccountStore,
  codec: AccountCodec,
  ticket: SessionTicket,
  reading: Reading,
  failure: Omit<RedemptionFailure, 'holder'> | null,
): Promise<void> {
  const lease = codec.sealLease(ticket.sessionId, failedLease(reading.lease, failure));
  let { entity } = reading;
  for (let tries = 0; tries < GIVE_BACK_TRIES_MAX; tries += 1) {
    const written = await store.tables.accounts.merge(entity, lease, entity.etag);
    if (written.outcome !== 'changed') return;
    const again = await readSession(store, codec, ticket, 'own');
    // Signed out meanwhile, given back already with the answer lost, or somebody else's by now.
    if ('outcome' in again || again.lease?.holder !== reading.lease?.holder) return;
    entity = again.entity;
  }
}
