import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createOp, type Op, type OpOptions } from '../../../local/op/op.ts';
import { TEST_USERS } from '../../../local/op/users.ts';
import { attempt, Browser, postToken, redeem, signIn, testApplication } from './browser.ts';

const [alice, bob] = TEST_USERS as [(typeof TEST_USERS)[0], (typeof TEST_USERS)[0]];
const contoso = testApplication('contoso');

let op: Op;
beforeEach(() => start());
afterEach(() => op.close());

async function start(options: OpOptions = {}): Promise<void> {
  op = await createOp({ applications: [contoso], ...options });
  await op.listen(0);
}

async function inDialect(dialect: 'standard'): Promise<void> {
  await op.close();
  await start({ dialect });
}

const acrs = (...values: string[]) => ({ claims: JSON.stringify({ id_token: { acrs: { essential: true, values } } }) });
const ASKED = acrs('c1');

/** Goes through the pages with these answers, one each; the callback, or the page that asks for another answer. */
async function go(browser: Browser, more: Record<string, string>, ...answers: Record<string, string>[]) {
  const started = attempt(op, contoso, more);
  let page = await browser.open(started.url);
  for (const answer of answers) page = await browser.open(page.url, answer);
  return { started, page, callback: new URL(page.url) };
}

async function claimsOf(went: Awaited<ReturnType<typeof go>>) {
  const { status, body } = await redeem(op, went.started, went.callback);
  expect(status).toBe(200);
  return { id: decodeJwt(String(body.id_token)), access: decodeJwt(String(body.access_token)), body };
}

const ACCOUNT = { account: alice.oid };
const GIVEN = { ...ACCOUNT, proof: 'given' };
const LEFT_OUT = { ...ACCOUNT, proof: 'left-out' };

describe('an authentication context', () => {
  it('is asked for behind the picker, and then told in the ID token and the access token', async () => {
    const browser = new Browser(op);
    const { page } = await go(browser, ASKED, ACCOUNT);
    expect(page.text).toContain('Prove that it is you');
    expect(page.text).toContain('contoso');
    expect(page.response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { id, access } = await claimsOf(await go(new Browser(op), ASKED, ACCOUNT, GIVEN));
    expect([id.acrs, access.acrs]).toEqual([['c1'], ['c1']]);
  });

  it('is asked of somebody who is signed in without the picker, and not again once it was met', async () => {
    const browser = new Browser(op);
    expect((await claimsOf(await go(browser, {}, ACCOUNT))).id).not.toHaveProperty('acrs');
    const { page } = await go(browser, ASKED);
    expect(page.text).toContain('Prove that it is you');
    expect(page.text).toContain(alice.name);
    expect(page.text).not.toContain(bob.name);
    expect((await claimsOf(await go(browser, ASKED, GIVEN))).id.acrs).toEqual(['c1']);
    // By the session, without a question.
    expect((await claimsOf(await go(browser, ASKED))).id.acrs).toEqual(['c1']);
  });

  it('can be left out, and is then not told', async () => {
    expect((await claimsOf(await go(new Browser(op), ASKED, ACCOUNT, LEFT_OUT))).id).not.toHaveProperty('acrs');
  });

  it('is told of a refresh token too, and no other is by a refresh', async () => {
    const { body } = await claimsOf(await go(new Browser(op), ASKED, ACCOUNT, GIVEN));
    const form = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
    const refreshed = await postToken(op, contoso, form);
    expect(decodeJwt(String(refreshed.body.id_token)).acrs).toEqual(['c1']);
  });

  it.each([
    ['of another form', '{"id_token":{"acrs":{"value":"cp1"}}}'],
    ['in a claims request that is none', '{'],
  ])('%s is none to ask for', async (_what, claims) => {
    const { callback } = await go(new Browser(op), { claims }, ACCOUNT);
    expect(callback.searchParams.has('code')).toBe(true);
  });
});

describe('the time of a sign-in', () => {
  it('is told, and is a new one with prompt=login, which has the picker come', async () => {
    const browser = new Browser(op);
    const first = await claimsOf(await go(browser, {}, ACCOUNT));
    expect(first.id.auth_time).toEqual(expect.any(Number));
    const { page } = await go(browser, { prompt: 'login' });
    expect(page.text).toContain('Pick an account');
  });

  it('is not asked about by max_age, of which Entra ID documents nothing', async () => {
    const browser = new Browser(op);
    await signIn(browser, attempt(op, contoso), alice.oid);
    const { callback } = await go(browser, { max_age: '0' });
    expect(callback.searchParams.has('code')).toBe(true);
  });
});

describe('an OP of the standard', () => {
  beforeEach(() => inDialect('standard'));
  const ESSENTIAL = { claims: '{"id_token":{"acr":{"essential":true,"value":"c1"}}}' };

  it.each([
    ['acr_values', { acr_values: 'c1 c2' }],
    ['an essential claim', ESSENTIAL],
  ])('takes the context by %s, and tells it as acr', async (_way, asked) => {
    const { id } = await claimsOf(await go(new Browser(op), asked, ACCOUNT, GIVEN));
    expect(id.acr).toBe('c1');
    expect(id).not.toHaveProperty('acrs');
  });

  it('lets nobody in without one that is essential', async () => {
    const { callback } = await go(new Browser(op), ESSENTIAL, ACCOUNT, LEFT_OUT);
    expect(callback.searchParams.get('error')).toBe('unmet_authentication_requirements');
    const { callback: wished } = await go(new Browser(op), { acr_values: 'c1' }, ACCOUNT, LEFT_OUT);
    expect(wished.searchParams.has('code')).toBe(true);
  });

  it('takes a sign-in as it is that is younger than max_age', async () => {
    const browser = new Browser(op);
    await signIn(browser, attempt(op, contoso), alice.oid);
    const { callback } = await go(browser, { max_age: '3600' });
    expect(callback.searchParams.has('code')).toBe(true);
  });
});
