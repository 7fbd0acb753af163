import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { duringTests, scriptedGround } from './support/ground.ts';
import { cookiesSet, expectPage, SESSION_SET } from './support/headers.ts';
import type { Claims } from './support/scripted-op.ts';
import { comeBack } from './support/scripted-sign-in.ts';
import { storedRows } from './support/stored.ts';
import { send } from './support/wire.ts';
import type { RunningApp } from './support/world.ts';

const CONTOSO = '11111111-aaaa-4000-8000-000000000001';
const FABRIKAM = '22222222-bbbb-4000-8000-000000000002';
const STRANGERS = '99999999-0000-4000-8000-000000000009';

const ground = scriptedGround();
const originOfOp = () => new URL(ground.op.issuer).origin;
const issuerOf = (tenant: string): string => `${originOfOp()}/${tenant}/v2.0`;

/** An application of two tenants, at an authority that signs in everyone's. */
const multi = duringTests<RunningApp>(async () => {
  Object.assign(ground.op.metadata, {
    issuer: `${originOfOp()}/{tenantid}/v2.0`,
    revocation_endpoint: `${originOfOp()}/revoke`,
  });
  const app = await ground.world.startApp({
    ...ground.op.settings,
    AUTH_AUTHORITY: 'https://login.localhost/organizations',
    AUTH_PROTOCOL: 'oidc',
    AUTH_TENANTS: `${CONTOSO},${FABRIKAM}`,
  });
  // An application reads it with its first request.
  await send(`${app.origin}/auth/signin`, { port: app.host.port });
  return app;
});

/** Somebody comes back whose ID token is good but for these claims. */
async function comeBackAs(claims: Claims, parameters: Record<string, string> = {}, browser = new Browser()) {
  ground.op.idToken = (good) => ground.op.sign({ ...good, ...claims });
  return (await comeBack(ground.op, multi, browser, parameters)).answer;
}
const ofTenant = (tenant: string, more: Claims = {}): Claims => ({ tid: tenant, iss: issuerOf(tenant), ...more });

describe('an application of several tenants', () => {
  it.each([CONTOSO, FABRIKAM, CONTOSO.toUpperCase()])(
    'lets in people of tenant %s, which is on its list',
    async (tenant) => {
      const answer = await comeBackAs(ofTenant(tenant));
      expect([answer.status, cookiesSet(answer)]).toEqual([303, expect.arrayContaining([SESSION_SET])]);
    },
  );

  it.each<[string, () => Claims]>([
    ['of a tenant that is not on the list', () => ofTenant(STRANGERS)],
    ['of a tenant on the list that another vouches for', () => ({ tid: CONTOSO, iss: issuerOf(STRANGERS) })],
    ['of another tenant that one on the list vouches for', () => ({ tid: STRANGERS, iss: issuerOf(CONTOSO) })],
    ['of one tenant on the list that the other vouches for', () => ({ tid: CONTOSO, iss: issuerOf(FABRIKAM) })],
    ['without a tenant', () => ({ tid: undefined, iss: issuerOf(CONTOSO) })],
    ['of a tenant that is the template itself', () => ofTenant('{tenantid}')],
    ['of several tenants', () => ({ tid: [CONTOSO], iss: issuerOf(CONTOSO) })],
    ['of a tenant with more behind it', () => ofTenant(`${CONTOSO}/v2.0/x`)],
    ['of another host', () => ({ tid: CONTOSO, iss: `https://login.evil.example/${CONTOSO}/v2.0` })],
  ])('lets in nobody %s, and has their tokens revoked', async (_, claims) => {
    const { accounts, sids } = await storedRows(ground.world);
    const before = ground.op.clientRequests.length;
    const answer = await comeBackAs(claims());
    expectPage(answer, 403, 'The sign-in was not trusted');
    expect(cookiesSet(answer)).not.toContainEqual(SESSION_SET);
    expect(await storedRows(ground.world)).toMatchObject({ accounts, sids });
    const requests = ground.op.clientRequests.slice(before);
    expect(requests.map(({ path, form }) => [path, form.get('token')?.startsWith('opaque-')])).toEqual([
      ['/revoke', true],
    ]);
  });

  it("takes the callback's iss of the tenant that vouches, and of no other", async () => {
    expect((await comeBackAs(ofTenant(CONTOSO), { iss: issuerOf(CONTOSO) })).status).toBe(303);
    for (const tenant of [FABRIKAM, STRANGERS]) {
      expectPage(
        await comeBackAs(ofTenant(CONTOSO), { iss: issuerOf(tenant) }),
        400,
        'The answer came from another sign-in service',
      );
    }
  });

  it.each([
    [CONTOSO, 200, 401],
    [STRANGERS, 400, 200],
  ])('hears of a sign-out by a logout token of tenant %s: %i', async (tenant, status, after) => {
    const browser = new Browser();
    const sid = `sid-of-${tenant}`;
    await comeBackAs(ofTenant(CONTOSO, { sid }), {}, browser);
    const now = Math.floor(Date.now() / 1_000);
    const token = await ground.op.sign(
      {
        iss: issuerOf(tenant),
        aud: multi.clientId,
        iat: now,
        exp: now + 120,
        jti: `jti-${tenant}`,
        sid,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      },
      { typ: 'logout+jwt' },
    );
    const answer = await send(`${multi.origin}/auth/backchannel-logout`, {
      method: 'POST',
      port: multi.host.port,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: token }).toString(),
    });
    expect([answer.status, (await browser.fetch(`${multi.origin}/auth/session`)).status]).toEqual([status, after]);
  });
});
