import { describe, expect, it } from '@jest/globals';
import { serviceAddress, signedAddress } from '../../../shared/tables/service-address.ts';

const signature = { kind: 'account-key', account: 'acct', key: Buffer.from('key') };
const cloud = { origin: 'https://acct.table.core.windows.net', path: '/' };
const account = 'AccountName=acct;AccountKey=a2V5';

describe('a connection string', () => {
  it.each([
    [`DefaultEndpointsProtocol=https;${account};EndpointSuffix=core.windows.net`, { ...cloud, signature }],
    [`${account};defaultendpointsprotocol=HTTPS; endpointsuffix=core.windows.net;`, { ...cloud, signature }],
    [
      `DefaultEndpointsProtocol=https;${account};EndpointSuffix=core.chinacloudapi.cn`,
      { origin: 'https://acct.table.core.chinacloudapi.cn', path: '/', signature },
    ],
    [
      `DefaultEndpointsProtocol=http;${account};TableEndpoint=http://127.0.0.1:10002/acct/`,
      { origin: 'http://127.0.0.1:10002', path: '/acct/', signature },
    ],
    [
      `DefaultEndpointsProtocol=https;${account};TableEndpoint=https://tables.contoso.com;EndpointSuffix=core.windows.net`,
      { origin: 'https://tables.contoso.com', path: '/', signature },
    ],
    // Of two with one name the SDK takes the first.
    [
      `DefaultEndpointsProtocol=https;${account};AccountName=other;EndpointSuffix=core.windows.net`,
      { ...cloud, signature },
    ],
    [
      'TableEndpoint=https://acct.table.core.windows.net/;SharedAccessSignature=sv=2019-02-02&ss=t&sig=a%2Bb%3D',
      { ...cloud, signature: { kind: 'access-signature', query: 'sv=2019-02-02&ss=t&sig=a%2Bb%3D' } },
    ],
  ])('%s leads where the SDK is led', (connectionString, address) => {
    expect(signedAddress(connectionString)).toEqual(address);
  });

  it('of the storage emulator leads to it', () => {
    for (const text of ['UseDevelopmentStorage=true', 'usedevelopmentstorage=TRUE;']) {
      expect(signedAddress(text)).toMatchObject({
        origin: 'http://127.0.0.1:10002',
        path: '/devstoreaccount1/',
        signature: { kind: 'account-key', account: 'devstoreaccount1' },
      });
    }
  });

  it.each([
    '',
    `DefaultEndpointsProtocol=https;${account}`,
    'DefaultEndpointsProtocol=https;AccountKey=a2V5;EndpointSuffix=core.windows.net',
    `DefaultEndpointsProtocol=https;${account};TableEndpoint=https://acct.table.core.windows.net?sv=1`,
    `DefaultEndpointsProtocol=https;${account};TableEndpoint=https://u:p@acct.table.core.windows.net`,
    `DefaultEndpointsProtocol=https;${account};TableEndpoint=https://acct.example//tables`,
    `DefaultEndpointsProtocol=ftp;${account};EndpointSuffix=core.windows.net`,
    'SharedAccessSignature=sv=2019-02-02&sig=x',
    'TableEndpoint=https://acct.example;SharedAccessSignature=?sv=2019-02-02&sig=x',
    'TableEndpoint=https://acct.example;SharedAccessSignature=sv=2019-02-02&sig=abc=',
    'TableEndpoint=https://acct.example;SharedAccessSignature=sv=2019-02-02&sig=a b',
    'TableEndpoint=https://acct.example;SharedAccessSignature=sv=2019-02-02&sig=x#',
    'TableEndpoint=https://acct.example',
  ])('%j is for the SDK to understand', (connectionString) => {
    expect(signedAddress(connectionString)).toBeNull();
  });
});

describe('an endpoint', () => {
  it('may have a path, with a slash at its end or without', () => {
    for (const endpoint of ['https://h.example:8443/a/b', 'https://h.example:8443/a/b/']) {
      expect(serviceAddress(endpoint)).toEqual({ origin: 'https://h.example:8443', path: '/a/b/' });
    }
  });

  it.each(['', 'acct', 'ftp://h.example', 'https://h.example/?x', 'https://h.example/#x'])('%j is none', (endpoint) => {
    expect(serviceAddress(endpoint)).toBeNull();
  });
});
