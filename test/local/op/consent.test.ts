import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createOp, type Op } from '../../../local/op/op.ts';
import { TEST_USERS } from '../../../local/op/users.ts';
import { attempt, Browser, postToken, redeem, testApplication } from './browser.ts';

const [alice, bob] = TEST_USERS as [(typeof TEST_USERS)[0], (typeof TEST_USERS)[0]];
const contoso = { ...testApplication('contoso'), personalScopes: ['api://mail/Mail.Read', 'api://mail/Mail.Send'] };
const WITH_MAIL = { scope: 'openid profile offline_access api://graph/User.Read api://mail/Mail.Read' };

let op: Op;
beforeEach(async () => {
  op = await createOp({ applications: [contoso] });
  await op.listen(0);
});
afterEach(() => op.close());

async function go(browser: Browser, more: Record<string, string>, ...answers: Record<string, string>[]) {
  const started = attempt(op, contoso, more);
  let page = await browser.open(started.url);
  for (const answer of answers) page = await browser.open(page.url, answer);
  return { started, page, callback: new URL(page.url) };
}
const tokensOf = async ({ started, callback }: Awaited<ReturnType<typeof go>>) =>
  (await redeem(op, started, callback)).body as Record<string, string>;
const refresh = (token: string | undefined, scope: string, more: Record<string, string> = {}) =>
  postToken(op, contoso, { grant_type: 'refresh_token', refresh_token: token ?? '', scope, ...more });

const ACCOUNT = { account: alice.oid };
const ACCEPT = { consent: 'accept' };

describe('a scope that each person is asked for', () => {
  it('is asked for when it is first wanted, of that person, and then no more', async () => {
    const browser = new Browser(op);
    expect((await go(browser, {}, ACCOUNT)).callback.searchParams.get('code')).toBeTruthy();
    const { page } = await go(browser, WITH_MAIL);
    expect(page.text).toContain('api://mail/Mail.Read');
    expect(page.text).not.toContain('User.Read');
    expect((await browser.open(page.url, ACCEPT)).url).toContain('code=');
    expect((await go(browser, WITH_MAIL)).callback.searchParams.get('code')).toBeTruthy();
    expect((await go(new Browser(op), WITH_MAIL, { account: bob.oid })).page.text).toContain('Permissions requested');
  });

  it('that is declined leads back with access_denied', async () => {
    const { callback } = await go(new Browser(op), WITH_MAIL, ACCOUNT, { consent: 'cancel' });
    expect(callback.searchParams.get('error')).toBe('access_denied');
  });

  it('is not asked for where nobody is to be asked', async () => {
    const browser = new Browser(op);
    await go(browser, {}, ACCOUNT);
    const { callback } = await go(browser, { ...WITH_MAIL, prompt: 'none' });
    expect(callback.searchParams.get('error')).toBe('consent_required');
  });

  it('brings no token before the consent, and does by the same refresh token after it', async () => {
    const browser = new Browser(op);
    const { refresh_token: token } = await tokensOf(await go(browser, {}, ACCOUNT));
    const refused = await refresh(token, 'api://mail/Mail.Read');
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant', suberror: 'consent_required' } });
    await go(browser, WITH_MAIL, ACCEPT);
    const { body } = await refresh(token, 'api://mail/Mail.Read');
    expect(decodeJwt(String(body.access_token))).toMatchObject({ aud: 'api://mail', scp: 'Mail.Read' });
    expect((await refresh(token, 'api://mail/Mail.Send')).status).toBe(400);
  });
});

describe('a claims request at the token endpoint', () => {
  const CLAIMS = JSON.stringify({ access_token: { acrs: { essential: true, value: 'c2' } } });

  it('that the sign-in has not met takes the person, and says which claims', async () => {
    const { refresh_token: token } = await tokensOf(await go(new Browser(op), {}, ACCOUNT));
    const { status, body } = await refresh(token, 'api://graph/User.Read', { claims: CLAIMS });
    expect([status, body]).toMatchObject([400, { error: 'invalid_grant', suberror: 'basic_action', claims: CLAIMS }]);
  });

  it('that it has met is met silently', async () => {
    const went = await go(new Browser(op), { claims: CLAIMS }, ACCOUNT, { ...ACCOUNT, proof: 'given' });
    const { refresh_token: token } = await tokensOf(went);
    const { body } = await refresh(token, 'api://graph/User.Read', { claims: CLAIMS });
    expect(decodeJwt(String(body.access_token))).toMatchObject({ acrs: ['c2'] });
  });
});
