import { describe, expect, it } from '@jest/globals';
import { applicationTokens } from '../../../shared/msal/application-token.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';

const TENANT = '11111111-2222-3333-4444-555555555555';
const SCOPE = 'https://graph.example/.default';
const METADATA = { ...OP_METADATA, token_endpoint: 'https://op.example/organizations/oauth2/v2.0/token' };
const tokensOf = (answer: () => Response) => {
  const seen: { url: string; body: URLSearchParams }[] = [];
  const { settings } = testApplication({ authority: 'https://op.example/organizations' }).application;
  const fetchIt = async (url: unknown, options: RequestInit = {}) => {
    seen.push({ url: String(url), body: new URLSearchParams(String(options.body)) });
    return answer();
  };
  return {
    get: applicationTokens(settings.op, METADATA, { tenant: TENANT, scope: SCOPE }, fetchIt as typeof fetch),
    seen,
  };
};
const good = () => Response.json({ token_type: 'Bearer', expires_in: 3_600, access_token: 'app-token' });

describe("the application's own token", () => {
  it("is asked for in the directory's tenant, also where the authority is of many, and once for many calls", async () => {
    const { get, seen } = tokensOf(good);
    expect(await get()).toEqual({ token: 'app-token' });
    expect(await get()).toEqual({ token: 'app-token' });
    expect(seen).toHaveLength(1);
    expect(seen[0]?.url).toMatch(`https://op.example/${TENANT}/oauth2/v2.0/token`);
    expect(Object.fromEntries(seen[0]?.body ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      client_id: 'client-1',
    });
    expect(seen[0]?.body.get('scope')?.split(' ')).toContain(SCOPE);
  });

  it.each([
    ['refuses', () => Response.json({ error: 'unauthorized_client' }, { status: 400 }), 'unauthorized_client'],
    ['does not answer', () => new Response('<html>', { status: 502 }), 'network_error'],
  ])('is not there where the OP %s, and the next call asks again', async (_, answer, failed) => {
    const { get, seen } = tokensOf(answer);
    expect(await get()).toEqual({ failed });
    expect(await get()).toEqual({ failed });
    expect(seen.length).toBeGreaterThanOrEqual(2);
  });
});
