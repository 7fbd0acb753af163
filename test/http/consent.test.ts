import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { callAt } from './support/call-at.ts';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem } from './support/headers.ts';
import { type Arrived, answerOp, bringIn, callBack } from './support/sign-in.ts';

const world = localWorld();
let visitor: Arrived;
let browser: Browser;
beforeEach(async () => {
  visitor = await bringIn(world);
  ({ browser } = visitor);
});

const call = (path: string) => browser.fetch(`${world.app.origin}${path}`, { headers: { 'x-csrf': '1' } });
const letters = () => call('/api/mail/letters');
const me = () => call('/api/graph/me');
const SIGN_IN = '/auth/signin?api=mail';

/** Follows a `signInUrl` to the OP, and answers what it asks; gives the callback's URL. */
const through = (url: string, consent: 'accept' | 'cancel' = 'accept') =>
  answerOp(browser, world.app, `${world.app.origin}${url}&returnTo=/inbox?page=2`, { consent });
const consent = async () => callBack(browser, await through(SIGN_IN));

describe('an API to whose scopes a person has not consented', () => {
  it('is not called: the answer leads to a sign-in for it, and the session stands', async () => {
    const sent = world.api.tokenHashes.length;
    expect(expectProblem(await letters(), 401, 'consent_required')).toMatchObject({ signInUrl: SIGN_IN });
    expect(world.api.tokenHashes).toHaveLength(sent);
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
    expect((await me()).status).toBe(200);
  });

  it('is open after the consent, which leads back to where they were', async () => {
    const answer = await consent();
    expect([answer.status, answer.headers.location]).toEqual([303, '/inbox?page=2']);
    expect((await letters()).json()).toMatchObject({ value: [{ id: 'letter-1' }, { id: 'letter-2' }] });
  });

  it('takes nothing from the others: their scopes stay good, with a token of their own', async () => {
    await consent();
    expect((await letters()).status).toBe(200);
    expect((await me()).status).toBe(200);
    const [mail, graph] = world.api.tokenHashes.slice(-2);
    expect(mail).not.toBe(graph);
    // Once more each: both are in memory now.
    const before = world.op.refreshCount;
    expect([(await letters()).status, (await me()).status]).toEqual([200, 200]);
    expect(world.api.tokenHashes.slice(-2)).toEqual([mail, graph]);
    expect(world.op.refreshCount).toBe(before);
  });

  it('brings its token with the sign-in for it: the first call costs no redemption', async () => {
    await consent();
    const before = world.op.refreshCount;
    expect((await letters()).status).toBe(200);
    expect(world.op.refreshCount).toBe(before);
  });

  it('is asked of nobody twice: another sign-in finds the consent', async () => {
    await consent();
    const again = await bringIn(world, visitor.person);
    const answer = await callAt(world.app, again.browser, '/api/mail/letters');
    expect(answer.status).toBe(200);
  });

  it('stays shut to whoever declines, who stays signed in as before', async () => {
    const before = (await browser.fetch(`${world.app.origin}/auth/session`)).text;
    expectPage(await callBack(browser, await through(SIGN_IN, 'cancel')), 403, 'The sign-in was cancelled');
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).text).toBe(before);
    expectProblem(await letters(), 401, 'consent_required');
    expect((await me()).status).toBe(200);
  });

  it('asks at the OP for its scopes beside those of every sign-in, and for what is new alone', async () => {
    const setOut = await browser.navigate(`${world.app.origin}${SIGN_IN}&returnTo=/`);
    const asked = new URL(setOut.headers.location ?? '').searchParams;
    expect(asked.get('scope')).toBe('openid profile offline_access api://graph/User.Read api://mail/Mail.Read');
    const page = await browser.follow(setOut);
    expect(page.text).toContain('api://mail/Mail.Read');
    expect(page.text).not.toContain('User.Read');
  });
});

describe('a person who has consented', () => {
  it('in one browser can go on in another, whose refresh token is older', async () => {
    const other = await bringIn(world, visitor.person);
    await consent();
    expect((await callAt(world.app, other.browser, '/api/mail/letters')).json()).toMatchObject({ value: [{}, {}] });
  });
});
