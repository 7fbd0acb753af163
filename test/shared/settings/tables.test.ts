import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from '@jest/globals';
import { placeName } from '../../../shared/settings/tables.ts';
import { problemsWith, settingsWith } from './environment.ts';

const ACCOUNT = 'AccountName=contoso;AccountKey=c2VjcmV0';
const endpoint = (value: string) => ({ TABLES_CONNECTION_STRING: undefined, TABLES_ENDPOINT: value });

describe('TABLES_CONNECTION_STRING', () => {
  it.each([
    'UseDevelopmentStorage=true',
    'usedevelopmentstorage=True;',
    `DefaultEndpointsProtocol=https;${ACCOUNT};EndpointSuffix=core.windows.net`,
    `DefaultEndpointsProtocol=http;${ACCOUNT};TableEndpoint=http://127.0.0.1:10002/contoso;`,
    `DefaultEndpointsProtocol=http;${ACCOUNT};TableEndpoint=http://tables.localhost:10002/contoso`,
    `DefaultEndpointsProtocol=https;${ACCOUNT};TableEndpoint=https://contoso.table.cosmos.azure.com:443/`,
    'TableEndpoint=https://contoso.table.core.windows.net/;SharedAccessSignature=sv=2024&sig=c2VjcmV0%3D',
  ])('takes %s, and so does the SDK', (connectionString) => {
    expect(settingsWith({ TABLES_CONNECTION_STRING: connectionString }).tables).toEqual({
      written: [{ kind: 'connection-string', connectionString }],
      moving: [],
    });
    expect(TableClient.fromConnectionString(connectionString, 'accounts').tableName).toBe('accounts');
  });

  it.each([
    ['contoso', /Name=value/],
    ['UseDevelopmentStorage=false', /AccountName/],
    [`${ACCOUNT};EndpointSuffix=core.windows.net`, /^has no DefaultEndpointsProtocol/],
    [`${ACCOUNT};TableEndpoint=https://contoso.table.core.windows.net`, /^has no DefaultEndpointsProtocol/],
    [`DefaultEndpointsProtocol=ftp;${ACCOUNT};EndpointSuffix=core.windows.net`, /^has no DefaultEndpointsProtocol/],
    [`DefaultEndpointsProtocol=https;${ACCOUNT}`, /^has neither a TableEndpoint nor an EndpointSuffix/],
    ['DefaultEndpointsProtocol=https;AccountName=contoso;EndpointSuffix=core.windows.net', /^has no AccountKey/],
    ['DefaultEndpointsProtocol=https;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net', /^has no AccountName/],
    ['TableEndpoint=https://contoso.table.core.windows.net', /AccountKey/],
    ['TableEndpoint=https://contoso.table.core.windows.net;SharedAccessSignature=', /empty SharedAccessSignature/],
    ['SharedAccessSignature=sv=2024&sig=c2VjcmV0', /no TableEndpoint/],
  ])('refuses %s, and so does the SDK or its first call', (connectionString, problem) => {
    expect(problemsWith({ TABLES_CONNECTION_STRING: connectionString })).toEqual({
      TABLES_CONNECTION_STRING: expect.stringMatching(problem),
    });
  });

  it.each([
    `DefaultEndpointsProtocol=http;${ACCOUNT};EndpointSuffix=core.windows.net`,
    `DefaultEndpointsProtocol=http;${ACCOUNT};TableEndpoint=http://contoso.table.core.windows.net`,
    `DefaultEndpointsProtocol=http;${ACCOUNT};TableEndpoint=http://127.0.0.1.contoso.com/contoso`,
    'TableEndpoint=http://contoso.table.core.windows.net;SharedAccessSignature=sv=2024&sig=c2VjcmV0',
  ])('refuses plain http over a network: %s', (connectionString) => {
    expect(problemsWith({ TABLES_CONNECTION_STRING: connectionString })).toEqual({
      TABLES_CONNECTION_STRING: expect.stringMatching(/https/),
    });
  });
});

describe('TABLES_ENDPOINT', () => {
  it.each([
    ['https://contoso.table.core.windows.net', 'https://contoso.table.core.windows.net'],
    ['https://contoso.table.core.windows.net/', 'https://contoso.table.core.windows.net'],
    ['https://127.0.0.1:10002/devstoreaccount1', 'https://127.0.0.1:10002/devstoreaccount1'],
  ])('takes %s', (value, expected) => {
    expect(settingsWith(endpoint(value)).tables).toEqual({
      written: [{ kind: 'endpoint', endpoint: expected }],
      moving: [],
    });
  });

  it.each([
    ['http://127.0.0.1:10002/devstoreaccount1', /must be https/],
    ['https://contoso.table.core.windows.net/?sv=2024&sig=c2VjcmV0', /must not have a query/],
    ['contoso.table.core.windows.net', /not an absolute URL/],
  ])('refuses %s', (value, problem) => {
    expect(problemsWith(endpoint(value))).toEqual({ TABLES_ENDPOINT: expect.stringMatching(problem) });
  });
});

it('needs exactly one way to the tables', () => {
  const group = 'TABLES_ENDPOINT | TABLES_CONNECTION_STRING';
  expect(problemsWith({ TABLES_CONNECTION_STRING: undefined })).toEqual({
    [group]: expect.stringMatching(/^none is set/),
  });
  expect(problemsWith({ TABLES_ENDPOINT: 'https://contoso.table.core.windows.net' })).toEqual({
    [group]: expect.stringMatching(/^TABLES_ENDPOINT and TABLES_CONNECTION_STRING are set/),
  });
});

describe('several storage accounts', () => {
  const at = (number: number): string => `https://contoso${number}.table.core.windows.net`;
  const stored = (number: number): string =>
    `DefaultEndpointsProtocol=https;AccountName=contoso${number};AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net`;

  it('share the accounts out, with commas between them', () => {
    expect(settingsWith(endpoint(`${at(1)}, ${at(2)}/`)).tables).toEqual({
      written: [1, 2].map((number) => ({ kind: 'endpoint', endpoint: at(number) })),
      moving: [],
    });
    const connected = { TABLES_CONNECTION_STRING: `${stored(1)},\n${stored(2)}` };
    expect(settingsWith(connected).tables.written).toEqual(
      [1, 2].map((number) => ({ kind: 'connection-string', connectionString: stored(number) })),
    );
  });

  it('are each told apart from the comma that a shared access signature may have in it', () => {
    const shared = (number: number, protocols: string): string =>
      `TableEndpoint=${at(number)};SharedAccessSignature=sv=2024&sig=c2VjcmV0&${protocols}`;
    const texts = [
      shared(1, 'spr=https,http'),
      shared(2, 'spr=https'),
      shared(3, 'spr=https,http&se=2027'),
      stored(4),
    ] as const;
    for (const list of [texts.slice(0, 1), texts]) {
      expect(settingsWith({ TABLES_CONNECTION_STRING: list.join() }).tables.written).toEqual(
        list.map((connectionString) => ({ kind: 'connection-string', connectionString })),
      );
    }
  });

  it('have a second list while the application moves', () => {
    const moving = { ...endpoint(at(1)), TABLES_ENDPOINT_MOVING: `${at(1)},${at(2)}` };
    expect(settingsWith(moving).tables.moving).toEqual(
      [1, 2].map((number) => ({ kind: 'endpoint', endpoint: at(number) })),
    );
    const connected = { TABLES_CONNECTION_STRING: stored(1), TABLES_CONNECTION_STRING_MOVING: stored(2) };
    expect(settingsWith(connected).tables.moving).toEqual([{ kind: 'connection-string', connectionString: stored(2) }]);
  });

  it('are named by every mistake in the list', () => {
    expect(problemsWith(endpoint(`${at(1)},http://contoso2.table.core.windows.net,,${at(1)}/`))).toEqual({
      TABLES_ENDPOINT: [
        'entry 2 must be https',
        'entry 3 is not an absolute URL that begins with https://',
        'entry 4 is the same storage account as entry 1',
      ].join('; '),
    });
    expect(problemsWith({ TABLES_CONNECTION_STRING: `${stored(1)},contoso` })).toEqual({
      TABLES_CONNECTION_STRING: expect.stringMatching(/^entry 2 must be Name=value/),
    });
    const many = Array.from({ length: 251 }, (_, number) => at(number)).join();
    expect(problemsWith(endpoint(many))).toEqual({ TABLES_ENDPOINT: 'must be at most 250' });
  });

  it('move in the way in which they are reached', () => {
    expect(problemsWith({ TABLES_ENDPOINT_MOVING: at(1) })).toEqual({
      TABLES_ENDPOINT: 'is not set, and TABLES_ENDPOINT_MOVING needs it',
    });
    expect(problemsWith({ ...endpoint(at(1)), TABLES_CONNECTION_STRING_MOVING: stored(1) })).toEqual({
      TABLES_CONNECTION_STRING: 'is not set, and TABLES_CONNECTION_STRING_MOVING needs it',
    });
  });

  it.each([
    ['its endpoint', at(1), stored(1)],
    ['capitals and a slash', 'https://Contoso1.table.core.windows.net/', stored(1)],
    ['the port and the root of all names', 'https://contoso1.table.core.windows.net.:443', stored(1)],
  ])('are known by %s and by their connection string alike', (_, url, connectionString) => {
    const [one] = settingsWith(endpoint(url)).tables.written;
    const [other] = settingsWith({ TABLES_CONNECTION_STRING: connectionString }).tables.written;
    expect(placeName(one)).toBe('contoso1.table.core.windows.net');
    expect(placeName(other)).toBe(placeName(one));
  });

  it('of the emulator are told apart by their paths', () => {
    const emulated = (name: string): string =>
      `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=c2VjcmV0;TableEndpoint=http://127.0.0.1:10002/${name}`;
    const { written } = settingsWith({ TABLES_CONNECTION_STRING: `${emulated('one')},${emulated('two')}` }).tables;
    expect(written.map(placeName)).toEqual(['127.0.0.1:10002/one', '127.0.0.1:10002/two']);
    const [development] = settingsWith({ TABLES_CONNECTION_STRING: 'UseDevelopmentStorage=true' }).tables.written;
    expect(placeName(development)).toBe('127.0.0.1:10002/devstoreaccount1');
  });
});
