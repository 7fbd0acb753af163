import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type IdentityEndpoint, startIdentityEndpoint } from '../../../local/identity/identity-endpoint.ts';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { createIdentities } from '../../../shared/identity/identities.ts';
import { sdkCredential } from '../../../shared/identity/sdk-credential.ts';
import { askPlatform } from '../../../shared/managed-identity/platform.ts';
import { QueueServiceClient } from '../../../shared/queue/sdk.ts';

const IDENTITY = {
  clientId: '11111111-2222-3333-4444-555555555555',
  principalId: '66666666-7777-8888-9999-000000000000',
};
const OTHER = { clientId: '21111111-2222-3333-4444-555555555555', principalId: '76666666-7777-8888-9999-000000000000' };
const HOUR = 3_600_000;
/** Only the calendar stands still, and is set. */
const TIMERS = ['nextTick', 'queueMicrotask', 'setImmediate', 'setInterval', 'setTimeout', 'performance'] as const;
const STORAGE = 'https://storage.azure.com/.default';
const EXCHANGE = 'api://AzureADTokenExchange/.default';

let platform: IdentityEndpoint;
let clock = 0;
const ambient = { ...systemAmbient, monotonic: () => clock };
/** Of a new instance: the library keeps tokens for the whole process, but none that ends within five minutes. */
const instance = () => createIdentities(askPlatform, ambient);

beforeAll(async () => {
  let count = 0;
  platform = await startIdentityEndpoint([IDENTITY, OTHER], async ({ clientId }, resource) => {
    count += 1;
    return `${clientId.slice(0, 2)} ${resource} ${count}`;
  });
  Object.assign(process.env, platform.environment);
});
afterAll(async () => {
  for (const name of Object.keys(platform.environment)) delete process.env[name];
  await platform.close();
});
beforeEach(() => {
  clock += 60_000;
  Object.assign(platform, { lifeSeconds: 60, refuse: () => null, held: Promise.resolve() });
});

const asked = async (work: () => Promise<unknown>): Promise<string[]> => {
  const before = platform.requests.length;
  await work();
  return platform.requests.slice(before).map(({ resource }) => resource);
};

describe('the tokens of a managed identity, asked for at the platform', () => {
  it('are one for each resource, for however many want it at once, SDKs among them', async () => {
    platform.lifeSeconds = 240;
    const identities = instance();
    const tokensFor = (scope: string) => identities.tokens(IDENTITY.clientId, scope);
    const sdks = [sdkCredential(tokensFor), sdkCredential(tokensFor)];
    const resources = await asked(() =>
      Promise.all(
        Array.from({ length: 50 }, () => [
          tokensFor(STORAGE).get(),
          tokensFor(EXCHANGE).get(),
          ...sdks.map((sdk) => sdk.getToken(STORAGE)),
        ]).flat(),
      ),
    );
    expect(resources.toSorted()).toEqual(['api://AzureADTokenExchange', 'https://storage.azure.com']);
    expect(await sdks[0]?.getToken([STORAGE])).toMatchObject({ token: await tokensFor(STORAGE).get() });
  });

  it('are those of the identity that is named', async () => {
    const identities = instance();
    for (const { clientId } of [IDENTITY, OTHER]) {
      expect(await identities.tokens(clientId, STORAGE).get()).toContain(`${clientId.slice(0, 2)} https`);
    }
  });

  it('are renewed before they end, while the old one serves and nobody waits', async () => {
    const tokens = instance().tokens(IDENTITY.clientId, STORAGE);
    const old = await tokens.get();
    clock += 10_000;
    const { promise, resolve } = Promise.withResolvers<void>();
    platform.held = promise;
    const before = platform.requests.length;
    expect(await Promise.all([tokens.get(), tokens.get()])).toEqual([old, old]);
    resolve();
    while ((await tokens.get()) === old) await turn();
    expect(platform.requests).toHaveLength(before + 1);
  });

  it('of a day are renewed from half of it on, by one request, and the old one serves meanwhile', async () => {
    platform.lifeSeconds = 24 * 3_600;
    jest.useFakeTimers({ doNotFake: [...TIMERS], now: Date.now() });
    try {
      const tokens = instance().tokens(OTHER.clientId, EXCHANGE);
      const old = await tokens.get();
      const before = platform.requests.length;
      const begun = Date.now();
      const askedAfter = async (hours: number): Promise<string> => {
        jest.setSystemTime(begun + hours * HOUR);
        clock += 3_000;
        return tokens.get();
      };
      expect(await askedAfter(11.9)).toBe(old);
      expect(platform.requests).toHaveLength(before);
      expect(await askedAfter(12.1)).toBe(old);
      let token = old;
      while (token === old) {
        clock += 3_000;
        token = await tokens.get();
        await turn();
      }
      expect(platform.requests).toHaveLength(before + 1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('serve to their end where the platform gives no others', async () => {
    const tokens = instance().tokens(IDENTITY.clientId, STORAGE);
    const old = await tokens.get();
    platform.refuse = () => 400;
    const before = platform.requests.length;
    while (platform.requests.length < before + 3) {
      clock += 3_000;
      expect(await tokens.get()).toBe(old);
      await turn();
    }
  });

  it('are an error where there is none yet, and the platform is asked anew by the next', async () => {
    const tokens = instance().tokens(IDENTITY.clientId, STORAGE);
    platform.refuse = () => 400;
    await expect(tokens.get()).rejects.toThrow();
    platform.refuse = () => null;
    expect(await tokens.get()).toContain('https://storage.azure.com');
  });

  it('are for one resource: an SDK that asks for several gets none', async () => {
    const sdk = sdkCredential((scope) => instance().tokens(IDENTITY.clientId, scope));
    for (const scopes of [[], [STORAGE, EXCHANGE]]) await expect(sdk.getToken(scopes)).rejects.toThrow(RangeError);
  });

  it('are for storage, whatever resource a service names that refuses one: an SDK sends it none for another', async () => {
    const vault = 'https://vault.azure.net';
    const identities = instance();
    const sent: (string | undefined)[] = [];
    const service = new QueueServiceClient(
      'https://contoso.queue.core.windows.net',
      sdkCredential((scope) => identities.tokens(IDENTITY.clientId, scope)),
      {
        retryOptions: { maxTries: 1 },
        httpClient: {
          async sendRequest(request) {
            sent.push(request.headers.get('authorization'));
            const challenge = `Bearer authorization_uri=https://login.example/11111111-2222-3333-4444-555555555555/oauth2/authorize resource_id=${vault}`;
            const { headers } = request;
            const refusal = headers.clone() as typeof headers;
            refusal.set('www-authenticate', challenge);
            return { request, status: 401, headers: refusal };
          },
        },
      },
    );
    const resources = await asked(async () => {
      await expect(service.getProperties()).rejects.toThrow();
    });
    expect(resources).toEqual(['https://storage.azure.com']);
    expect(new Set(sent).size).toBe(1);
    expect(sent[0]).toContain('https://storage.azure.com');
  });
});
