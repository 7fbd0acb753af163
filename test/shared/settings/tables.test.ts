import { TableClient } from '@azure/data-tables';
import { describe, expect, it } from '@jest/globals';
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
      kind: 'connection-string',
      connectionString,
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
    expect(settingsWith(endpoint(value)).tables).toEqual({ kind: 'endpoint', endpoint: expected });
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
