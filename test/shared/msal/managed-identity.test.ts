import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { systemAmbient } from '../../../shared/ambient/system.ts';
import { createIdentities } from '../../../shared/identity/identities.ts';
import { askPlatform } from '../../../shared/managed-identity/platform.ts';
import { createMsalTokenClient } from '../../../shared/msal/msal-token-client.ts';
import { opClient } from '../../../shared/msal/op-client.ts';
import { REDEMPTION_DEADLINE_MILLISECONDS } from '../../../shared/tokens/lease.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { createTestStore } from '../../support/store.ts';

const IDENTITY = '11111111-2222-3333-4444-555555555555';
const CODE = {
  code: 'code-1',
  codeVerifier: 'verifier-1',
  nonce: 'nonce-1',
  redirectUri: 'https://app.example/auth/callback',
  scopes: ['openid', 'User.Read'],
};
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const TOKENS = {
  token_type: 'Bearer',
  scope: 'User.Read openid',
  expires_in: 3600,
  access_token: 'access-1',
  refresh_token: 'refresh-1',
  id_token: [{ alg: 'RS256' }, { sub: 'alice', nonce: 'nonce-1' }, 'x'].map(encode).join('.'),
  client_info: encode({ uid: 'alice', utid: 'contoso' }),
};

/** Where App Service gives out tokens of its identities: it gives none. */
let platform: Server;
beforeAll(async () => {
  platform = createServer((_request, response) =>
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"statusCode":400,"message":"mark3r"}'),
  );
  platform.listen(0, '127.0.0.1');
  await once(platform, 'listening');
  const { port } = platform.address() as AddressInfo;
  Object.assign(process.env, { IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: 'header' });
});
afterAll(() => {
  delete process.env.IDENTITY_ENDPOINT;
  delete process.env.IDENTITY_HEADER;
  platform.closeAllConnections();
  platform.close();
});

describe('an application whose managed identity gives no token', () => {
  it('is one whose OP cannot be asked now, whatever it wants there: nothing is thrown, and no session ends', async () => {
    const { op } = testApplication({}, createTestStore()).application.settings;
    const answering = async () => Response.json(TOKENS);
    const before = await createMsalTokenClient(op, OP_METADATA, Date.now, null, answering).redeemCode(CODE);
    if (before.outcome !== 'redeemed') throw new Error(before.outcome);
    const credential = { kind: 'managed-identity', managedIdentityClientId: IDENTITY } as const;
    const identities = createIdentities(askPlatform, systemAmbient);
    const client = createMsalTokenClient(
      opClient({ ...op, credential }, identities),
      OP_METADATA,
      Date.now,
      null,
      answering,
    );
    const expected = { outcome: 'op-unavailable', reason: 'credential' };
    expect(await client.redeemCode(CODE)).toEqual(expected);
    expect(await client.refresh(before.cache, ['User.Read'])).toEqual(expected);
    expect(await client.ofApplication('api://a/.default')).toEqual(expected);
  });
});

describe('an application whose managed identity takes its time', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('gives the OP what is left of it: a redemption that outlasts its lease meets the next holder’s', async () => {
    const { op } = testApplication({}, createTestStore()).application.settings;
    const credential = { kind: 'managed-identity', managedIdentityClientId: IDENTITY } as const;
    const tokens = { get: () => pause(300, 'assertion'), take: () => Promise.reject(), instead: async () => null };
    const answering = async () => Response.json(TOKENS);
    const slow = opClient({ ...op, credential }, { tokens: () => tokens });
    const client = createMsalTokenClient(slow, OP_METADATA, Date.now, null, answering);
    const redeemed = await client.redeemCode(CODE);
    if (redeemed.outcome !== 'redeemed') throw new Error(redeemed.outcome);
    const deadlines = jest.spyOn(AbortSignal, 'timeout');
    expect(await client.refresh(redeemed.cache, ['User.Read'])).toMatchObject({ outcome: 'refreshed' });
    expect(deadlines.mock.calls).toHaveLength(1);
    expect(deadlines.mock.calls[0]?.[0]).toBeLessThanOrEqual(REDEMPTION_DEADLINE_MILLISECONDS - 290);
  });

  it('asks the OP nothing where no time is left: nobody would wait for what it sends, a new refresh token among it', async () => {
    const { op } = testApplication({}, createTestStore()).application.settings;
    const credential = { kind: 'managed-identity', managedIdentityClientId: IDENTITY } as const;
    let asked = 0;
    const answering = async () => {
      asked += 1;
      return Response.json(TOKENS);
    };
    const overdue = performance.now() + 2 * REDEMPTION_DEADLINE_MILLISECONDS;
    const get = async () => {
      jest.spyOn(performance, 'now').mockReturnValue(overdue);
      return 'assertion';
    };
    const tokens = { get, take: () => Promise.reject(), instead: async () => null };
    const client = createMsalTokenClient(
      opClient({ ...op, credential }, { tokens: () => tokens }),
      OP_METADATA,
      Date.now,
      null,
      answering,
    );
    expect(await client.redeemCode(CODE)).toEqual({ outcome: 'op-unavailable', reason: 'network_error' });
    expect(asked).toBe(0);
  });
});
