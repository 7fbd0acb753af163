import { createHash } from 'node:crypto';
import type { AccountStore } from '../account/account-store.ts';
import { ATTEMPT_MINUTES } from '../account/attempt-life.ts';
import { type AttemptHash, atEachInOrder } from '../account/where.ts';
import { expiryBucket } from '../store/expiry-buckets.ts';
import type { EntityKey, Table, Unavailable } from '../store/table.ts';
import type { Attempt } from './attempt.ts';

const MARK_BYTES = 16;

/**
 * Marks an attempt as used, once for all instances: its row can be created one time only. The row lies in the bucket in
 * which it falls due, so that marking it used and telling the sweep are one write. Only a hash of the state is stored.
 *
 * While the application moves it is marked at both places where another instance may: at the one where all begin, one comes first.
 *
 * @see RFC 9700 section 4.7.1 (one-time state)
 */
export async function consumeAttempt(
  store: AccountStore,
  attempt: Attempt,
): Promise<'consumed' | 'already-used' | Unavailable> {
  const dueAt = attempt.startedAt + ATTEMPT_MINUTES * 60_000;
  const id = createHash('sha256').update(attempt.state).digest('hex') as AttemptHash;
  const key = { partitionKey: expiryBucket(dueAt), rowKey: `attempt~${id}` };
  const consumer = Buffer.from(store.ambient.randomBytes(MARK_BYTES)).toString('hex');
  for (const { tables } of atEachInOrder(store, id)) {
    const consumed = await consumeAt(tables.expiries, key, consumer);
    if (consumed !== 'consumed') return consumed;
  }
  return 'consumed';
}

async function consumeAt(
  expiries: Table,
  key: EntityKey,
  consumer: string,
): Promise<'consumed' | 'already-used' | Unavailable> {
  const created = await expiries.create(key, { consumer });
  switch (created.outcome) {
    case 'created':
      return 'consumed';
    case 'exists':
      return whoConsumed(expiries, key, consumer);
    case 'too-large':
      throw new RangeError('an attempt row holds a mark');
    case 'unavailable':
      return created;
  }
}

/**
 * A create that is repeated after its answer was lost finds its own row (DESIGN, rule 8). Only the mark of this very
 * callback tells it from a replayed one's, which must not redeem the code a second time.
 */
async function whoConsumed(
  expiries: Table,
  key: EntityKey,
  consumer: string,
): Promise<'consumed' | 'already-used' | Unavailable> {
  const read = await expiries.read(key);
  switch (read.outcome) {
    case 'found':
      return read.entity.properties.consumer === consumer ? 'consumed' : 'already-used';
    case 'gone':
      // Only the sweep takes it, long after the attempt's life.
      return 'already-used';
    case 'unavailable':
      return read;
  }
}
