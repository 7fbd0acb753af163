import { describe, expect, it } from '@jest/globals';
import { loginHintOf } from '../../local/op/users.ts';
import { Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { attemptTaken, cookiesSet, MARK_TAKEN, SESSION_SET } from './support/headers.ts';
import { arrive, bringIn, callBack, finish, goToCallback } from './support/sign-in.ts';
import { type Answer, send } from './support/wire.ts';

const MARK = '__Host-signed-out';

const world = localWorld();

/** Signed out here, while the OP's session goes on: the person never came as far as its sign-out page. */
async function leftHalfWay() {
  const { browser, person } = await bringIn(world);
  await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
  return { browser, person };
}
const setOut = (browser: Browser, query = '') => browser.navigate(`${world.app.origin}/auth/signin${query}`);
const promptOf = (answer: Answer) => locationOf(answer)?.searchParams.get('prompt') ?? null;

describe('the next sign-in of a browser in which somebody has signed out', () => {
  it('asks who it is, though the OP would know', async () => {
    const { browser } = await leftHalfWay();
    const answer = await setOut(browser);
    expect(promptOf(answer)).toBe('select_account');
    expect((await browser.follow(answer)).text).toContain('Pick an account');
  });

  it('goes on asking until somebody has answered: who looks and leaves opens nothing for the next', async () => {
    const { browser } = await leftHalfWay();
    await browser.follow(await setOut(browser));
    expect(promptOf(await setOut(browser))).toBe('select_account');
  });

  it('asks once: with the sign-in the mark is gone, and single sign-on is back', async () => {
    const { browser, person } = await leftHalfWay();
    const answer = await finish(browser, world.app, person, await goToCallback(browser, world.app, person));
    expect(cookiesSet(answer)).toEqual([attemptTaken(), SESSION_SET, MARK_TAKEN]);
    expect(browser.cookie(world.app.origin, MARK)).toBeUndefined();
    expect(promptOf(await setOut(browser))).toBeNull();
  });

  it('asks once even where it goes round, having come within the two seconds that clocks may differ', async () => {
    const { browser, person } = await leftHalfWay();
    const again = await callBack(browser, await goToCallback(browser, world.app, person));
    expect([again.status, promptOf(again)]).toEqual([303, null]);
    expect(locationOf(again)?.searchParams.get('login_hint')).toBe(loginHintOf(person));
  });

  it('does as it is told where the link says how to ask', async () => {
    const { browser } = await leftHalfWay();
    for (const prompt of ['login', 'none', 'consent']) {
      expect(promptOf(await setOut(browser, `?prompt=${prompt}`))).toBe(prompt);
    }
    expect(promptOf(await setOut(browser))).toBe('select_account');
  });

  it('is not asked by an attempt with prompt=none that the OP let through', async () => {
    const { browser, person } = await leftHalfWay();
    await callBack(browser, await goToCallback(browser, world.app, person, '?prompt=none'));
    expect(promptOf(await setOut(browser))).toBe('select_account');
  });

  it('is not asked for a day where the OP takes the question for an error', async () => {
    const { browser } = await leftHalfWay();
    const state = locationOf(await setOut(browser))?.searchParams.get('state') ?? '';
    const answer = await callBack(
      browser,
      `${world.app.origin}/auth/callback?state=${state}&error=invalid_request&iss=${encodeURIComponent(world.op.issuer)}`,
    );
    expect(answer.status).toBe(502);
    expect(cookiesSet(answer)).toEqual([attemptTaken(), MARK_TAKEN]);
    expect(promptOf(await setOut(browser))).toBeNull();
  });

  it('asks where it was under way already and a sign-out came between', async () => {
    const { browser, person, callback } = await arrive(world);
    const tab = browser.copy();
    await callBack(tab, callback);
    const second = await goToCallback(tab, world.app, person);
    await tab.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    const again = await callBack(tab, second);
    expect([again.status, promptOf(again)]).toEqual([303, 'select_account']);
  });
});

describe('the mark of a sign-out', () => {
  it('says nothing of anybody, and is the same for all', async () => {
    const [one, other] = [await leftHalfWay(), await leftHalfWay()];
    const marks = [one, other].map(({ browser }) => browser.cookie(world.app.origin, MARK));
    expect(marks).toEqual(['1', '1']);
  });

  it('is not set by a sign-out elsewhere, which reaches no cookie', async () => {
    const { browser, sid } = await bringIn(world);
    await browser.frame(`${world.app.origin}/auth/signout-callback?sid=${sid}`, world.op.origin);
    expect(browser.cookie(world.app.origin, MARK)).toBeUndefined();
    expect(promptOf(await setOut(browser))).toBeNull();
  });

  it('is not set where nobody was signed in, and counts twice as little as not at all', async () => {
    const browser = new Browser();
    await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    expect(browser.cookie(world.app.origin, MARK)).toBeUndefined();
    const twice = await send(`${world.app.origin}/auth/signin`, { headers: { cookie: `${MARK}=1; ${MARK}=1` } });
    expect(promptOf(twice)).toBeNull();
  });
});
