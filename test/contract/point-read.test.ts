import { AzureNamedKeyCredential, generateAccountSas, type TableClient } from '@azure/data-tables';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import { sdkCredential } from '../../shared/identity/sdk-credential.ts';
import { clientFactory } from '../../shared/tables/clients.ts';
import type { PointRead } from '../../shared/tables/point-read.ts';
import { pointReads } from '../../shared/tables/point-reads.ts';
import { readRefusal } from '../../shared/tables/refusal.ts';
import { noIdentity } from '../support/no-identity.ts';

const KEY = { partitionKey: "it's ü%2F", rowKey: 'account' };
const BYTES = Uint8Array.from([0, 1, 254, 255]);

let azurite: Azurite;
let client: TableClient;

const part = (name: string): string => new RegExp(`${name}=([^;]+)`).exec(azurite.tablesConnectionString)?.[1] ?? '';
const readBy = (connectionString: string): PointRead => {
  const pointRead = pointReads({ kind: 'connection-string', connectionString }, noIdentity, systemAmbient)('accounts');
  if (pointRead === undefined) throw new Error('the SDK alone reads this');
  return pointRead;
};
const read = (pointRead: PointRead, select?: readonly string[]) =>
  pointRead(KEY, select, AbortSignal.timeout(5_000)).catch((error: unknown) => readRefusal(error, 0));

beforeAll(async () => {
  azurite = await startAzurite();
  const { tablesConnectionString: connectionString } = azurite;
  client = await clientFactory(
    { kind: 'connection-string', connectionString },
    sdkCredential(noIdentity),
  )('accounts')();
  await client.createTable();
  await client.createEntity({
    ...KEY,
    s_1: Buffer.from(BYTES),
    expiresOn: new Date(1_000),
    count: 7,
    flag: true,
    text: 'ü\u2028"',
    foreignNumber: 1n,
    foreignFraction: 0.5,
    foreignId: { type: 'Guid', value: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' },
  });
}, 30_000);
afterAll(() => azurite.stop());

/** Azurite checks signatures as the service does. */
describe('a read around the SDK', () => {
  it('is answered when signed by the key, with what the port holds of an entity that others wrote to', async () => {
    const { etag } = await client.getEntity(KEY.partitionKey, KEY.rowKey);
    expect(await read(readBy(azurite.tablesConnectionString))).toEqual({
      ...KEY,
      etag,
      properties: { s_1: BYTES, expiresOn: new Date(1_000), count: 7, flag: true, text: 'ü\u2028"' },
    });
    expect(await read(readBy(azurite.tablesConnectionString), ['s_1', 'l_1'])).toEqual({
      ...KEY,
      etag,
      properties: { s_1: BYTES },
    });
    expect(await read(readBy(azurite.tablesConnectionString), [])).toEqual({ ...KEY, etag, properties: {} });
  });

  it('is refused when signed by another key', async () => {
    const other = azurite.tablesConnectionString.replace(/AccountKey=[^;]+/, 'AccountKey=b3RoZXI=');
    expect(await read(readBy(other))).toMatchObject({ status: 403 });
  });

  it('is answered with a shared access signature, and refused with one that was altered', async () => {
    const credential = new AzureNamedKeyCredential(part('AccountName'), part('AccountKey'));
    const sas = generateAccountSas(credential, { expiresOn: new Date(Date.now() + 3_600_000) });
    const withSas = (signature: string) =>
      readBy(`TableEndpoint=${part('TableEndpoint')};SharedAccessSignature=${signature}`);
    expect(await read(withSas(sas), ['s_1'])).toMatchObject({ properties: { s_1: BYTES } });
    expect(await read(withSas(sas.replace(/sig=../, 'sig=AA')))).toMatchObject({ status: 403 });
  });
});
