import { describe, expect, it } from '@jest/globals';
import { Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { arrive, bringIn, callBack, throughOp } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import type { Answer } from './support/wire.ts';

const world = localWorld();

const called = (query: Record<string, string>) =>
  new Browser().frame(`${world.app.origin}/auth/signout-callback?${new URLSearchParams(query)}`, world.op.origin);
const session = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);

describe('a sign-in in flight when the sign-out comes in', () => {
  it('does not come in: the browser goes round once more, and no row is left', async () => {
    const { browser, person, callback, sid } = await arrive(world);
    const hold = world.op.holdNext('token');
    const arriving = callBack(browser, callback);
    await hold.arrived;
    expect((await called({ sid })).status).toBe(200);
    hold.release();
    const answer = await arriving;
    expect(answer.status).toBe(303);
    expect(locationOf(answer)?.origin).toBe(new URL(world.op.issuer).origin);
    expect(answer.setCookies.join()).not.toContain('__Host-session=');
    expect(await accountRow(world, person, world.app)).toBeUndefined();

    const again = await callBack(browser, await throughOp(browser, world.app, person, answer));
    expect([again.status, again.headers.location]).toEqual([303, '/']);
    expect((await session(browser)).status).toBe(200);
  }, 15_000);

  it('that is round for the second time is told so, and no row is left', async () => {
    const { browser, person, ...first } = await arrive(world);
    let { callback } = first;
    const answers: Answer[] = [];
    for (let round = 0; round < 2; round += 1) {
      const hold = world.op.holdNext('token');
      const arriving = callBack(browser, callback);
      await hold.arrived;
      await called({ sid: new URL(callback).searchParams.get('session_state') ?? '' });
      hold.release();
      const answer = await arriving;
      answers.push(answer);
      if (round === 0) callback = await throughOp(browser, world.app, person, answer);
    }
    expect(answers.map(({ status }) => status)).toEqual([303, 409]);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  }, 15_000);

  it('of another OP session comes in, with what is its own', async () => {
    const laptop = await bringIn(world);
    const { browser: phone, person, callback } = await arrive(world, laptop.person);
    const hold = world.op.holdNext('token');
    const arriving = callBack(phone, callback);
    await hold.arrived;
    await called({ sid: laptop.sid });
    hold.release();
    expect((await arriving).headers.location).toBe('/');
    expect(sessionIdsIn(await accountRow(world, person, world.app))).toHaveLength(1);
  });
});
