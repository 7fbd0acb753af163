import { describe, expect, it } from '@jest/globals';
import { readHostStorage } from '../../../shared/settings/host-storage.ts';
import { parseSettings } from '../../../shared/settings/parse.ts';
import { LEAST } from './environment.ts';

describe('where sign-outs wait that storage interrupted', () => {
  it.each([
    ['without any storage of the host, nowhere', {}, null],
    [
      'the account of a connection string',
      { AzureWebJobsStorage: ' UseDevelopmentStorage=true ' },
      { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' },
    ],
    [
      'the queue service that an identity reaches',
      {
        AzureWebJobsStorage__queueServiceUri: 'https://contoso.queue.core.windows.net',
        AzureWebJobsStorage__clientId: '11111111-2222-3333-4444-555555555555',
      },
      {
        kind: 'endpoint',
        endpoint: 'https://contoso.queue.core.windows.net',
        managedIdentityClientId: '11111111-2222-3333-4444-555555555555',
      },
    ],
    [
      'the queue service of an account that is named alone',
      { AzureWebJobsStorage__accountName: 'contoso' },
      { kind: 'endpoint', endpoint: 'https://contoso.queue.core.windows.net', managedIdentityClientId: null },
    ],
  ])('%s', (_, environment, queue) => {
    expect(readHostStorage(environment)).toEqual({ ok: true, queue });
  });

  it.each([
    ['a queue over http in the network', { AzureWebJobsStorage: 'AccountName=a;QueueEndpoint=http://10.0.0.1/a' }],
    ['a queue service over http', { AzureWebJobsStorage__queueServiceUri: 'http://127.0.0.1:10001' }],
  ])('%s is a mistake that is named with the others, and without its value', (_, environment) => {
    const parsed = parseSettings({ ...LEAST, PUBLIC_ORIGIN: '', ...environment });
    const mistakes = parsed.ok ? [] : parsed.mistakes;
    expect(mistakes.map(({ setting }) => setting)).toEqual(['PUBLIC_ORIGIN', 'AzureWebJobsStorage']);
    expect(JSON.stringify(mistakes)).not.toContain('10');
  });

  it('over http on this machine is no mistake', () => {
    const AzureWebJobsStorage = 'AccountName=a;AccountKey=AA==;QueueEndpoint=http://127.0.0.1:10001/a';
    expect(readHostStorage({ AzureWebJobsStorage })).toMatchObject({ ok: true });
  });
});
