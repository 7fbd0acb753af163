import { TableClient } from '@azure/data-tables';
import type { User } from '../../../local/op/op.ts';
import { createAccountCodec } from '../../../shared/account/account.ts';
import type { AccountKey } from '../../../shared/account/account-key.ts';
import { parseSessionId } from '../../../shared/account/session-record.ts';
import type { Entity } from '../../../shared/store/table.ts';
import { keyringOf } from './forge.ts';
import { accountRow, sessionIdsIn } from './stored.ts';
import type { RunningApp, World } from './world.ts';

/**
 * Has a session that was in use until now be as if it had been signed in, and last vouched for by the OP, so much earlier:
 * the row is sealed again as the application would have sealed it then. (Settings count in minutes, and no test waits.)
 *
 * @throws Error where the person has not one session here
 */
export async function letPass(world: World, app: RunningApp, person: User, milliseconds: number): Promise<void> {
  const row = await accountRow(world, person, app);
  const [id = '', ...others] = sessionIdsIn(row);
  const sessionId = parseSessionId(id);
  if (!row || !sessionId || others.length > 0) throw new Error('the person has not one session');
  const bytes = Object.entries(row.properties).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  const entity: Entity = { ...row, properties: Object.fromEntries(bytes) };
  const codec = createAccountCodec(keyringOf(world.sessionKeys, app.clientId), row.partitionKey as AccountKey);
  const session = codec.openSession(entity, sessionId);
  if (session.outcome !== 'opened') throw new Error(session.outcome);
  const earlier = { ...session.value, signedInAt: session.value.signedInAt - milliseconds };
  const lease = codec.openLease(entity, sessionId);
  const redeemedAt = lease.outcome === 'opened' ? (lease.value.redeemedAt ?? earlier.signedInAt) - milliseconds : null;
  const changed = {
    ...codec.sealSession(sessionId, earlier),
    ...(lease.outcome === 'opened' && codec.sealLease(sessionId, { ...lease.value, redeemedAt })),
  };
  const accounts = TableClient.fromConnectionString(world.azurite.tablesConnectionString, 'accounts', {
    allowInsecureConnection: true,
  });
  const { partitionKey, rowKey, etag } = row;
  await accounts.updateEntity({ partitionKey, rowKey, ...changed }, 'Merge', { etag });
}
