import { hashSecret, type SessionRecord } from '../../shared/account/session-record.ts';
import { TEST_EPOCH } from './ambient.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/** A session that began at {@link TEST_EPOCH} and may last eight hours, but for what the test says. */
export function sessionRecord(more: Partial<SessionRecord> = {}): SessionRecord {
  return {
    secretHash: hashSecret('secret'),
    sid: 'sid-1',
    startedAt: TEST_EPOCH,
    signedInAt: TEST_EPOCH,
    lastUsedAt: TEST_EPOCH,
    endsAt: TEST_EPOCH + 8 * HOUR,
    device: 'Firefox on Linux',
    homeAccountId: 'alice.contoso',
    user: { name: 'Alice Example', username: 'alice@contoso.example', loginHint: 'hint-1' },
    ...more,
  };
}
