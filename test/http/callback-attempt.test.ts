import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { attemptCookieOf, forgeAttempt, keyringOf } from './support/forge.ts';
import { localWorld } from './support/ground.ts';
import { attemptTaken, cookiesSet, expectPage } from './support/headers.ts';
import { type Arrived, arrive, callBack, withParameters } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';

const TEN_MINUTES = 10 * 60_000;

const world = localWorld();

const session = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);

async function stateOf(arrived: Promise<Arrived>): Promise<string> {
  return new URL((await arrived).callback).searchParams.get('state') ?? '';
}

describe('a callback that is not for this browser', () => {
  it('without any cookie says that cookies are blocked', async () => {
    const { callback } = await arrive(world);
    expectPage(await callBack(new Browser(), callback), 400, 'The browser did not send its sign-in cookie');
  });

  it.each([
    ['with another state', () => ({ state: 'A'.repeat(43) })],
    ['with the state of another browser', async () => ({ state: await stateOf(arrive(world)) })],
  ])('%s is refused', async (_what, changes) => {
    const { browser, callback } = await arrive(world);
    const answer = await callBack(browser, withParameters(callback, await changes()));
    expectPage(answer, 400, 'This sign-in was not started in this browser');
    expect((await session(browser)).status).toBe(401);
  });

  it("is refused when it is an attacker's, sent to a browser with an attempt of its own (login CSRF)", async () => {
    const [victim, attacker] = [await arrive(world), await arrive(world)];
    const answer = await callBack(victim.browser, attacker.callback);
    expectPage(answer, 400, 'This sign-in was not started in this browser');
    expect((await callBack(victim.browser, victim.callback)).status).toBe(303);
  });

  it("does not take one attempt's cookie under the name of another", async () => {
    const [victim, attacker] = [await arrive(world), await arrive(world)];
    const stolen = attacker.browser.cookie(world.app.origin, attemptCookieOf(attacker.callback));
    const planted = `${attemptCookieOf(victim.callback)}=${stolen}; Path=/; Secure; SameSite=Lax`;
    victim.browser.jar.store('contoso.localhost', [planted]);
    const answer = await callBack(victim.browser, victim.callback);
    expectPage(answer, 400, 'This sign-in was not started in this browser');
  });

  it.each([
    ['empty', () => ''],
    ['of another length', () => 'AAAA'],
    ['one bit off', (value: string) => `${value.slice(0, -4)}${value.at(-4) === 'A' ? 'B' : 'A'}${value.slice(-3)}`],
    ['huge', (value: string) => value.repeat(20)],
  ])('refuses an attempt cookie that is %s', async (_what, change) => {
    const { browser, callback } = await arrive(world);
    const name = attemptCookieOf(callback);
    const cookie = `${name}=${change(browser.cookie(world.app.origin, name) ?? '')}; Path=/; Secure; SameSite=Lax`;
    browser.jar.store('contoso.localhost', [cookie]);
    expectPage(await callBack(browser, callback), 400, 'This sign-in was not started in this browser');
  });
});

describe('a callback that comes too late', () => {
  it('after ten minutes says that it took too long', async () => {
    const { browser, callback } = await arrive(world);
    const startedAt = Date.now() - TEN_MINUTES;
    forgeAttempt(keyringOf(world.sessionKeys, world.app.clientId), browser, world.app.origin, callback, { startedAt });
    const answer = await callBack(browser, callback);
    expectPage(answer, 400, 'The sign-in took too long');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it('replayed with the same cookies is refused, and changes nothing', async () => {
    const { person, browser, callback } = await arrive(world);
    const replayer = browser.copy();
    await callBack(browser, callback);
    const row = await accountRow(world, person, world.app);
    const answer = await callBack(replayer, callback);
    expectPage(answer, 409, 'This sign-in has been used already');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
    expect(await accountRow(world, person, world.app)).toEqual(row);
  });

  it('twice at the same moment signs exactly one in', async () => {
    const { person, browser, callback } = await arrive(world);
    const answers = await Promise.all([browser.copy(), browser.copy()].map((copy) => callBack(copy, callback)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect(sessionIdsIn(await accountRow(world, person, world.app))).toHaveLength(1);
  });

  it('by the back button, when its cookie has gone, is refused', async () => {
    const { browser, callback } = await arrive(world);
    await callBack(browser, callback);
    expectPage(await callBack(browser, callback), 400, 'This sign-in was not started in this browser');
    expect((await session(browser)).status).toBe(200);
  });
});
