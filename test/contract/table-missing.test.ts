import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { openTables } from '../../shared/tables/tables.ts';
import { OPERATIONS } from '../shared/tables/operations.ts';

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
}, 30_000);
afterAll(() => azurite.stop());

/** Deletes a table behind the adapter's back, as somebody with the account's key could. */
async function dropTable(connectionString: string, table: string): Promise<void> {
  const part = (name: string): string => new RegExp(`${name}=([^;]+)`).exec(connectionString)?.[1] ?? '';
  const [account, endpoint] = [part('AccountName'), part('TableEndpoint')];
  const date = new Date().toUTCString();
  const signature = createHmac('sha256', Buffer.from(part('AccountKey'), 'base64'))
    .update(`${date}\n/${account}${new URL(endpoint).pathname}/Tables('${table}')`)
    .digest('base64');
  const response = await fetch(`${endpoint}/Tables('${table}')`, {
    method: 'DELETE',
    headers: {
      'x-ms-date': date,
      'x-ms-version': '2019-02-02',
      accept: 'application/json',
      authorization: `SharedKeyLite ${account}:${signature}`,
    },
  });
  if (response.status !== 204) throw new Error(`the table was not deleted: ${response.status}`);
}

it.each(OPERATIONS)(
  'a table that was deleted is not gone to a %s but unavailable, and comes back empty',
  async (_, call) => {
    const { accounts } = openTables({ kind: 'connection-string', connectionString: azurite.tablesConnectionString });
    const key = { partitionKey: 'p', rowKey: 'r' };
    expect((await accounts.create(key, {})).outcome).toBe('created');
    await dropTable(azurite.tablesConnectionString, 'accounts');
    expect(await call(accounts)).toEqual({ outcome: 'unavailable', reason: 'TableNotFound' });
    expect(await accounts.read(key)).toEqual({ outcome: 'gone' });
  },
);

it('a deleted partition stays deleted for another instance that has the table open', async () => {
  const settings = { kind: 'connection-string', connectionString: azurite.tablesConnectionString } as const;
  const [one, other] = [openTables(settings), openTables(settings)];
  const key = { partitionKey: 'two-instances', rowKey: 'account' };
  const creation = await one.accounts.create(key, { a: 'x' });
  if (creation.outcome !== 'created') throw new Error(creation.outcome);
  expect(await other.accounts.remove(key, creation.etag)).toEqual({ outcome: 'removed' });
  expect(await one.accounts.merge(key, { a: 'y' }, creation.etag)).toEqual({ outcome: 'gone' });
  expect(await other.accounts.read(key)).toEqual({ outcome: 'gone' });
});
