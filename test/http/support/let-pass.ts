import { TableClient } from '@azure/data-tables';
import type { User } from '../../../local/op/op.ts';
import { createAccountCodec } from '../../../shared/account/account.ts';
import type { AccountKey } from '../../../shared/account/account-key.ts';
import { parseSessionId } from '../../../shared/account/session-record.ts';
import type { Entity } from '../../../shared/store/table.ts';
import { keyringOf } from './forge.ts';
import { accountRow, sessionIdsIn, storedRows } from './stored.ts';
import type { RunningApp, World } from './world.ts';

/**
 * Has a session that was in use until now be as if it had set out, been signed in, and last been vouched for by the OP, so much
 * earlier: the rows are written, and sealed, as the application would have done it then. (Settings count in minutes, and no test waits.)
 *
 * @throws Error where the person has not one session here
 */
export async function letPass(
  world: World,
  app: RunningApp,
  person: Pick<User, 'oid'>,
  milliseconds: number,
): Promise<void> {
  const row = await accountRow(world, person, app);
  const [id = '', ...others] = sessionIdsIn(row);
  const sessionId = parseSessionId(id);
  if (!row || !sessionId || others.length > 0) throw new Error('the person has not one session');
  const bytes = Object.entries(row.properties).map(([name, text]) => [name, Buffer.from(text, 'base64')]);
  const entity: Entity = { ...row, properties: Object.fromEntries(bytes) };
  const codec = createAccountCodec(keyringOf(world.sessionKeys, app.clientId), row.partitionKey as AccountKey);
  const session = codec.openSession(entity, sessionId);
  if (session.outcome !== 'opened') throw new Error(session.outcome);
  const { signedInAt, startedAt } = session.value;
  const earlier = {
    ...session.value,
    signedInAt: signedInAt - milliseconds,
    startedAt: startedAt - milliseconds,
  };
  const lease = codec.openLease(entity, sessionId);
  const redeemedAt = lease.outcome === 'opened' ? (lease.value.redeemedAt ?? earlier.signedInAt) - milliseconds : null;
  const changed = {
    ...codec.sealSession(sessionId, earlier),
    ...(lease.outcome === 'opened' && codec.sealLease(sessionId, { ...lease.value, redeemedAt })),
  };
  const { partitionKey, rowKey, etag } = row;
  await table(world, 'accounts').updateEntity({ partitionKey, rowKey, ...changed }, 'Merge', { etag });
  const indexes = (await storedRows(world)).sids.filter((each) => each.rowKey === id);
  for (const each of indexes) {
    const keys = { partitionKey: each.partitionKey, rowKey: id };
    const moved = { ...keys, startedAt: new Date(earlier.startedAt) };
    await table(world, 'sids').updateEntity(moved, 'Merge', { etag: each.etag });
  }
}

function table({ azurite }: Pick<World, 'azurite'>, name: string): TableClient {
  return TableClient.fromConnectionString(azurite.tablesConnectionString, name, { allowInsecureConnection: true });
}
