import { createHash } from 'node:crypto';
import { expiryBucket } from '../store/expiry-buckets.ts';
import type { Tables, Unavailable } from '../store/table.ts';
import { ATTEMPT_MINUTES, type Attempt } from './attempt.ts';

/**
 * Marks an attempt as used, once for all instances: its row can be created one time only. The row lies in the bucket in
 * which it falls due, so that marking it used and telling the sweep are one write. Only a hash of the state is stored.
 *
 * @see RFC 9700 section 4.7.1 (one-time state)
 */
export async function consumeAttempt(
  tables: Tables,
  attempt: Attempt,
): Promise<'consumed' | 'already-used' | Unavailable> {
  const dueAt = attempt.startedAt + ATTEMPT_MINUTES * 60_000;
  const id = createHash('sha256').update(attempt.state).digest('hex');
  const key = { partitionKey: expiryBucket(dueAt), rowKey: `attempt~${id}` };
  const created = await tables.expiries.create(key, {});
  switch (created.outcome) {
    case 'created':
      return 'consumed';
    case 'exists':
      return 'already-used';
    case 'too-large':
      throw new RangeError('an attempt row is empty');
    case 'unavailable':
      return created;
  }
}
