import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { AzureNamedKeyCredential, generateAccountSas, TableClient } from '@azure/data-tables';
import {
  type AccountInfo,
  ConfidentialClientApplication,
  DistributedCachePlugin,
  type ICacheClient,
  type INetworkModule,
  type NetworkResponse,
} from '@azure/msal-node';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cacheRow } from '../../bench/subjects/usual/table-cache-plugin.ts';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { freePort } from '../../local/free-port.ts';
import { type Snapshot, tokensOf } from '../fixtures/stored-rows.ts';
import { OP_METADATA } from '../support/application.ts';

const PEOPLE = ['alice', 'bob'] as const;
const NONCE = 'nonce-1';
const SCRIPT = 'infra/migrate/purge-msal-caches.ts';
const run = promisify(execFile);

let azurite: Azurite;
let container: string;
let table: TableClient;
let sas: string;
beforeAll(async () => {
  const blobPort = await freePort();
  azurite = await startAzurite({ blobPort });
  const told = new Map(
    azurite.tablesConnectionString.split(';').map((part) => part.split(/=(.*)/s) as [string, string]),
  );
  const account = new AzureNamedKeyCredential(told.get('AccountName') ?? '', told.get('AccountKey') ?? '');
  const permissions = { query: true, write: true, delete: true, list: true, add: true, update: true };
  sas = generateAccountSas(account, { permissions, services: { blob: true, table: true } });
  container = `http://127.0.0.1:${blobPort}/${account.name}/caches`;
});
afterAll(() => azurite.stop());

beforeEach(async () => {
  const name = `caches${Math.random().toString(36).slice(2)}`;
  table = TableClient.fromConnectionString(azurite.tablesConnectionString, name, { allowInsecureConnection: true });
  await table.createTable();
});

const blobUrl = (name: string) => `${container}/${encodeURIComponent(name)}?${sas}`;
const putBlob = (name: string, body: string) =>
  fetch(blobUrl(name), {
    method: 'PUT',
    body,
    headers: { 'x-ms-blob-type': 'BlockBlob', 'x-ms-version': '2023-11-03' },
  });

/** An application as MSAL's documentation has it: signs each person in, and keeps their caches in a store of its own. */
async function fill(client: ICacheClient): Promise<void> {
  for (const person of PEOPLE) await signIn(msal(client, person), person);
  // And one who has signed out: an empty cache stays.
  const cca = msal(client, 'carol');
  await cca.getTokenCache().removeAccount(await signIn(cca, 'carol'));
}

async function signIn(cca: ConfidentialClientApplication, person: string): Promise<AccountInfo> {
  // MSAL asks for the nonce here, and its type leaves it out.
  const request = { code: 'c', scopes: ['api.read'], redirectUri: 'https://app.example/', nonce: NONCE };
  const account = (await cca.acquireTokenByCode(request))?.account;
  if (account?.homeAccountId !== `${person}.contoso`) throw new Error('not signed in');
  return account;
}

function msal(client: ICacheClient, person: string): ConfidentialClientApplication {
  const answer = async <T>(): Promise<NetworkResponse<T>> => ({
    status: 200,
    headers: {},
    body: tokensOf(person, 1, NONCE) as T,
  });
  const networkClient: INetworkModule = { sendGetRequestAsync: answer, sendPostRequestAsync: answer };
  const partitions = {
    getKey: async () => `${person}.contoso`,
    extractKey: async (account: { homeAccountId: string }) => account.homeAccountId,
  };
  return new ConfidentialClientApplication({
    auth: {
      clientId: 'client-1',
      clientSecret: 'secret',
      authority: 'https://login.example/contoso',
      authorityMetadata: JSON.stringify(OP_METADATA),
      knownAuthorities: ['login.example'],
    },
    cache: { cachePlugin: new DistributedCachePlugin(client, partitions) },
    system: { networkClient },
  });
}

async function purge(...options: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await run(process.execPath, [SCRIPT, ...options], {
    env: { ...process.env, PURGE_SAS: sas },
  });
  expect(stderr).toBe('');
  for (const told of ['contoso', 'access-', 'refresh-', ...PEOPLE]) expect(stdout).not.toContain(told);
  return stdout.trim().split('\n');
}

async function rowsLeft(): Promise<string[]> {
  const left: string[] = [];
  for await (const row of table.listEntities()) left.push(`${row.partitionKey}/${row.rowKey}`);
  return left.sort();
}

describe('caches of the DistributedCachePlugin in a table', () => {
  const inTable: ICacheClient = {
    async get(key) {
      const row = await table.getEntity(key, 'cache').catch(() => null);
      return row === null
        ? ''
        : Object.keys(row)
            .filter((name) => /^part\d+$/.test(name))
            .map((name) => row[name])
            .join('');
    },
    async set(key, text) {
      await table.upsertEntity(cacheRow(key, text), 'Replace');
      return text;
    },
  };
  const url = () => `${azurite.tablesConnectionString.split('TableEndpoint=')[1]}/${table.tableName}`;

  it('are found, and left, unless it is told to delete; then nothing of them is left, and all else', async () => {
    await fill(inTable);
    const { rows } = JSON.parse(readFileSync('test/fixtures/stored-rows-2.json', 'utf8')) as Snapshot;
    for (const { partitionKey, rowKey, properties } of rows.accounts) {
      const binary = Object.entries(properties).map(([name, { value }]) => [
        name,
        Buffer.from(String(value), 'base64'),
      ]);
      await table.createEntity({ partitionKey, rowKey, ...Object.fromEntries(binary) });
    }
    await table.createEntity({ partitionKey: "o'brien", rowKey: 'session', json: '{"Account":{"theme":"dark"}}' });
    await table.createEntity({
      partitionKey: 'erin',
      rowKey: 'profile',
      name: 'Erin',
      cache: await inTable.get('bob.contoso'),
    });
    const before = await rowsLeft();

    expect(await purge('--table', url())).toEqual([
      'found: 2 MSAL caches, 1 without a token, 1 beside other text, 3 other things',
      'nothing was deleted; to delete them, run it again with --delete',
    ]);
    expect(await rowsLeft()).toEqual(before);

    expect(await purge('--table', url(), '--delete')).toContain('deleted: 3');
    const caches = ['alice.contoso/cache', 'bob.contoso/cache', 'carol.contoso/cache'];
    expect(before).toEqual(expect.arrayContaining(caches));
    expect(await rowsLeft()).toEqual(before.filter((row) => !caches.includes(row)));

    expect(await purge('--table', url(), '--delete', '--mixed')).toContain('deleted: 1');
    expect(await rowsLeft()).not.toContain('erin/profile');
  });

  it('are found past a page of a thousand rows', async () => {
    const many = Array.from({ length: 1_100 }, (_, at) => ({
      partitionKey: 'p',
      rowKey: String(at).padStart(4, '0'),
      n: at,
    }));
    for (let at = 0; at < many.length; at += 100) {
      await table.submitTransaction(many.slice(at, at + 100).map((row) => ['create', row]));
    }
    await table.upsertEntity(cacheRow('zoe.contoso', '{"Account":{},"IdToken":{},"AccessToken":{},"RefreshToken":{}}'));
    expect(await purge('--table', url(), '--delete')).toContain('deleted: 1');
    expect(await rowsLeft()).toHaveLength(1_100);
  });
});

describe('caches of the DistributedCachePlugin in a container', () => {
  const inContainer: ICacheClient = {
    async get(key) {
      const response = await fetch(blobUrl(key));
      return response.ok ? response.text() : '';
    },
    async set(key, text) {
      expect((await putBlob(key, text)).status).toBe(201);
      return text;
    },
  };
  const blobsLeft = async () => {
    const page = await (await fetch(`${container}?restype=container&comp=list&${sas}`)).text();
    return [...page.matchAll(/<Name>([^<]*)</g)].map(([, name]) => name);
  };

  it('are found, and left, unless it is told to delete; then nothing of them is left, and all else', async () => {
    await fetch(`${container}?restype=container&${sas}`, { method: 'PUT' });
    await fill(inContainer);
    await putBlob('report & sums/1.json', '{"AccessToken":"none"}');
    await putBlob('picture.png', '\u0000PNG');
    expect(await purge('--container', container)).toEqual([
      'found: 2 MSAL caches, 1 without a token, 0 beside other text, 2 other things',
      'nothing was deleted; to delete them, run it again with --delete',
    ]);
    expect(await blobsLeft()).toHaveLength(5);
    expect(await purge('--container', `${container}/`, '--delete')).toContain('deleted: 3');
    expect(await blobsLeft()).toEqual(['picture.png', 'report &amp; sums/1.json']);
  });
});

describe('what it refuses', () => {
  it.each([
    ['neither a table nor a container', [], 2, /^purge-msal-caches --table URL/],
    ['both', ['--table', 'https://a.example/t', '--container', 'https://a.example/c'], 2, /^purge-msal-caches/],
    ['a signature in the address', ['--table', 'https://a.example/t?sig=s'], 1, /PURGE_SAS/],
    ['http elsewhere', ['--table', 'http://a.example/t'], 1, /https/],
    ['an address that is none', ['--table', 'accounts'], 1, /none/],
  ] as const)('%s', async (_what, options, code, words) => {
    const refused = await run(process.execPath, [SCRIPT, ...options], {
      env: { ...process.env, PURGE_SAS: sas },
    }).catch((error) => error);
    expect({ code: refused.code, stderr: refused.stderr }).toEqual({ code, stderr: expect.stringMatching(words) });
    expect(refused.stderr).not.toContain('sig=');
  });
});
