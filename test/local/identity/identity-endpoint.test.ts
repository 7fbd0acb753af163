import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityEndpoint, startIdentityEndpoint } from '../../../local/identity/identity-endpoint.ts';

const IDENTITY = {
  clientId: 'abcdef01-2222-4333-8444-555555555555',
  principalId: '66666666-7777-4888-8999-000000000000',
};
const GOOD = { resource: 'https://storage.azure.com', 'api-version': '2019-08-01', client_id: IDENTITY.clientId };

let platform: IdentityEndpoint;
beforeAll(async () => {
  platform = await startIdentityEndpoint([IDENTITY], async (_, resource) => `a token for ${resource}`);
});
afterAll(() => platform.close());

async function ask(changes: Readonly<Record<string, string | undefined>> = {}, header?: string | null) {
  const { IDENTITY_ENDPOINT, IDENTITY_HEADER } = platform.environment;
  const parameters = Object.entries({ ...GOOD, ...changes }).filter(
    (one): one is [string, string] => one[1] !== undefined,
  );
  const shown = header === undefined ? IDENTITY_HEADER : header;
  const response = await fetch(`${IDENTITY_ENDPOINT}?${new URLSearchParams(parameters)}`, {
    headers: shown === null ? {} : { 'x-identity-header': shown },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe("the stand-in for App Service's endpoint of managed identities", () => {
  it('gives a token of a day, with its times in text', async () => {
    const { status, body } = await ask({ client_id: IDENTITY.clientId.toUpperCase() });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: 'a token for https://storage.azure.com',
      client_id: IDENTITY.clientId,
      expires_on: expect.stringMatching(/^\d{10}$/),
      resource: 'https://storage.azure.com',
      token_type: 'Bearer',
    });
    expect(Number(body.expires_on) - Date.now() / 1_000).toBeGreaterThan(86_000);
  });

  it.each([null, '', 'another'])('gives none to who shows the header %j', async (header) => {
    const { status, body } = await ask({}, header);
    expect([status, body.access_token]).toEqual([401, undefined]);
  });

  it.each([undefined, '', '99999999-2222-4333-8444-555555555555'])('knows no identity %j', async (clientId) => {
    const { status, body } = await ask({ client_id: clientId });
    expect(status).toBe(400);
    expect(body).toMatchObject({ statusCode: 400, message: expect.stringMatching(/^No User Assigned .* found/) });
  });

  it.each([undefined, 'https://storage.example', 'api://AzureADTokenExchangeChina', `${GOOD.resource}/.default`])(
    'has no token for the resource %j',
    async (resource) => {
      const { status, body } = await ask({ resource });
      expect(status).toBe(400);
      expect(body).toMatchObject({ errorCode: 'invalid_resource', serviceErrorCodes: ['500011'], statusCode: 400 });
    },
  );

  it('speaks one version, and says what it was asked', async () => {
    expect((await ask({ 'api-version': '2017-09-01' })).status).toBe(400);
    expect(platform.requests.at(-1)).toEqual({ resource: GOOD.resource, clientId: IDENTITY.clientId, status: 400 });
  });
});
