import { setTimeout as passed } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { attemptTaken, cookiesSet, expectPage, expectProblem, SAFE_HEADERS, SESSION_SET } from './support/headers.ts';
import { arrive, callBack, goToCallback, signIn, withParameters } from './support/sign-in.ts';
import { accountRow, sessionIdsIn, storedRows } from './support/stored.ts';

const world = localWorld();

const session = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);

describe('a good callback', () => {
  it('signs in: sends the browser on, sets the session cookie, takes the attempt cookie', async () => {
    const browser = new Browser();
    const callback = await goToCallback(browser, world.app, world.newPerson(), '?returnTo=/files?page=2%23top');
    const answer = await callBack(browser, callback);
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe('/files?page=2#top');
    expect(answer.headers).toMatchObject(SAFE_HEADERS);
    expect(cookiesSet(answer)).toEqual([attemptTaken(), SESSION_SET]);
    expect(answer.text).toBe('');
  });

  it('stores one row for the account, with the session and its tokens, and nothing that can be read', async () => {
    const { person, browser, callback } = await arrive(world);
    await callBack(browser, callback);
    const row = await accountRow(world, person, world.app);
    expect(row?.rowKey).toBe('account');
    const [id] = sessionIdsIn(row);
    expect(Object.keys(row?.properties ?? {}).toSorted()).toEqual([`c_${id}`, 'expiresOn', `s_${id}`]);
    const everything = JSON.stringify(await storedRows(world));
    const decoded = Object.values(row?.properties ?? {}).map((value) =>
      Buffer.from(value, 'base64').toString('latin1'),
    );
    for (const secret of world.op.issued) expect(everything + decoded.join()).not.toContain(secret);
  });

  it('gives a new session at every sign-in, and ends the one that the browser had', async () => {
    const { person, browser, callback } = await arrive(world);
    await callBack(browser, callback);
    const [before] = sessionIdsIn(await accountRow(world, person, world.app));
    const old = browser.copy();
    await signIn(browser, world.app, person);
    const after = sessionIdsIn(await accountRow(world, person, world.app));
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
    expect((await session(browser)).status).toBe(200);
    expect((await session(old)).status).toBe(401);
  });

  it('ends the session of whoever used the browser before, and leaves their other devices alone', async () => {
    const [alice, bob] = [world.newPerson(), world.newPerson()];
    const [shared, other] = [new Browser(), new Browser()];
    await signIn(shared, world.app, alice);
    await signIn(other, world.app, alice);
    const both = sessionIdsIn(await accountRow(world, alice, world.app));
    await signIn(shared, world.app, bob, `?loginHint=${bob.upn}`);
    expect((await session(shared)).json()).toMatchObject({ user: { username: bob.upn } });
    expect((await session(other)).json()).toMatchObject({ user: { username: alice.upn } });
    expect(both).toHaveLength(2);
    expect(sessionIdsIn(await accountRow(world, alice, world.app))).toHaveLength(1);
  });

  it('goes by the new keys at once when the OP has changed them', async () => {
    await signIn(new Browser(), world.app, world.newPerson());
    await world.op.rotateKeys();
    // The keys are asked for at most once a second, whatever tokens name.
    await passed(1_000);
    await signIn(new Browser(), world.app, world.newPerson());
  });

  it('takes the iss of the OP', async () => {
    const { browser, callback } = await arrive(world);
    expect((await callBack(browser, withParameters(callback, { iss: world.op.issuer }))).status).toBe(303);
  });
});

describe('a malformed callback', () => {
  it.each([
    ['without anything', ''],
    ['without state', '?code=c'],
    ['with an empty state', '?code=c&state='],
    ['with two states', '?code=c&state=s&state=s'],
    ['with two codes', '?code=c&code=d&state=s'],
    ['with neither code nor error', '?state=s'],
    ['with code and error', '?state=s&code=c&error=access_denied'],
    ['with a huge state', `?code=c&state=${'s'.repeat(3_900)}${'%41'.repeat(10)}&iss=a&iss=b`],
    ['with two iss', '?code=c&state=s&iss=a&iss=b'],
  ])('%s is refused', async (_what, query) => {
    const answer = await callBack(new Browser(), `${world.app.origin}/auth/callback${query}`);
    expectPage(answer, 400, 'The sign-in could not be finished');
    expect(answer.setCookies).toEqual([]);
  });

  it('is a problem document for a program', async () => {
    expectProblem(await new Browser().fetch(`${world.app.origin}/auth/callback`), 400, 'callback_malformed');
  });

  it('by POST is refused where the OP was asked for a redirect', async () => {
    const { browser, callback } = await arrive(world);
    const form = Object.fromEntries(new URL(callback).searchParams);
    const answer = await browser.submit(`${world.app.origin}/auth/callback`, form, world.app.origin);
    expectPage(answer, 400, 'The sign-in could not be finished');
    expect((await callBack(browser, callback)).status).toBe(303);
  });
});
