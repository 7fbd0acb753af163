import { setTimeout as passed } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { attemptCookieOf, forgeAttempt, keyringOf } from './support/attempts.ts';
import { Browser } from './support/browser.ts';
import {
  attemptTaken,
  cookiesSet,
  expectPage,
  expectProblem,
  policy,
  SAFE_HEADERS,
  SESSION_SET,
} from './support/headers.ts';
import { callBack, goToCallback, signIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn, storedRows } from './support/stored.ts';
import { RAISE_MILLISECONDS, raiseWorld, type World } from './support/world.ts';

const TEN_MINUTES = 10 * 60_000;

let world: World;
beforeAll(async () => {
  world = await raiseWorld();
}, RAISE_MILLISECONDS);
afterAll(() => world.stop());

/** A browser at the end of its way through the OP, with the callback's URL. */
async function arrive(person = world.newPerson(), browser = new Browser()) {
  return { person, browser, callback: await goToCallback(browser, world.app, person) };
}
const withParameters = (url: string, changes: Record<string, string | null>): string => {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.searchParams.delete(name);
    else changed.searchParams.set(name, value);
  }
  return changed.href;
};
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
    const { person, browser, callback } = await arrive();
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
    const { person, browser, callback } = await arrive();
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
    const { browser, callback } = await arrive();
    expect((await callBack(browser, withParameters(callback, { iss: world.op.issuer }))).status).toBe(303);
  });
});

describe('a callback that is not for this browser', () => {
  it('without any cookie says that cookies are blocked', async () => {
    const { callback } = await arrive();
    expectPage(await callBack(new Browser(), callback), 400, 'The browser did not send its sign-in cookie');
  });

  it.each([
    ['with another state', () => ({ state: 'A'.repeat(43) })],
    ['with the state of another browser', async () => ({ state: await stateOf(arrive()) })],
  ])('%s is refused', async (_what, changes) => {
    const { browser, callback } = await arrive();
    const answer = await callBack(browser, withParameters(callback, await changes()));
    expectPage(answer, 400, 'This sign-in was not started in this browser');
    expect((await session(browser)).status).toBe(401);
  });

  it("is refused when it is an attacker's, sent to a browser with an attempt of its own (login CSRF)", async () => {
    const [victim, attacker] = [await arrive(), await arrive()];
    const answer = await callBack(victim.browser, attacker.callback);
    expectPage(answer, 400, 'This sign-in was not started in this browser');
    expect((await callBack(victim.browser, victim.callback)).status).toBe(303);
  });

  it("does not take one attempt's cookie under the name of another", async () => {
    const [victim, attacker] = [await arrive(), await arrive()];
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
    const { browser, callback } = await arrive();
    const name = attemptCookieOf(callback);
    const cookie = `${name}=${change(browser.cookie(world.app.origin, name) ?? '')}; Path=/; Secure; SameSite=Lax`;
    browser.jar.store('contoso.localhost', [cookie]);
    expectPage(await callBack(browser, callback), 400, 'This sign-in was not started in this browser');
  });
});

describe('a callback that comes too late', () => {
  it('after ten minutes says that it took too long', async () => {
    const { browser, callback } = await arrive();
    const startedAt = Date.now() - TEN_MINUTES;
    forgeAttempt(keyringOf(world.sessionKeys), browser, world.app.origin, callback, { startedAt });
    const answer = await callBack(browser, callback);
    expectPage(answer, 400, 'The sign-in took too long');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it('replayed with the same cookies is refused, and changes nothing', async () => {
    const { person, browser, callback } = await arrive();
    const replayer = browser.copy();
    await callBack(browser, callback);
    const row = await accountRow(world, person, world.app);
    const answer = await callBack(replayer, callback);
    expectPage(answer, 409, 'This sign-in has been used already');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
    expect(await accountRow(world, person, world.app)).toEqual(row);
  });

  it('twice at the same moment signs exactly one in', async () => {
    const { person, browser, callback } = await arrive();
    const answers = await Promise.all([browser.copy(), browser.copy()].map((copy) => callBack(copy, callback)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 409]);
    expect(sessionIdsIn(await accountRow(world, person, world.app))).toHaveLength(1);
  });

  it('by the back button, when its cookie has gone, is refused', async () => {
    const { browser, callback } = await arrive();
    await callBack(browser, callback);
    expectPage(await callBack(browser, callback), 400, 'This sign-in was not started in this browser');
    expect((await session(browser)).status).toBe(200);
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
    const { browser, callback } = await arrive();
    const form = Object.fromEntries(new URL(callback).searchParams);
    const answer = await browser.submit(`${world.app.origin}/auth/callback`, form, world.app.origin);
    expectPage(answer, 400, 'The sign-in could not be finished');
    expect((await callBack(browser, callback)).status).toBe(303);
  });
});

describe('what the OP refuses', () => {
  it('is told when the person turns back at the account picker', async () => {
    const browser = new Browser();
    const picker = await browser.follow(await browser.navigate(`${world.app.origin}/auth/signin`));
    const { origin } = new URL(picker.url);
    const answer = await browser.follow(await browser.submit(picker.url, { cancel: 'yes' }, origin));
    expectPage(answer, 403, 'The sign-in was cancelled');
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it.each([
    ['access_denied', 403, 'The sign-in was cancelled'],
    ['interaction_required', 401, 'The sign-in service needs you'],
    ['login_required', 401, 'The sign-in service needs you'],
    ['consent_required', 401, 'The sign-in service needs you'],
    ['account_selection_required', 401, 'The sign-in service needs you'],
    ['temporarily_unavailable', 503, 'The sign-in service does not answer'],
    ['server_error', 502, 'The sign-in service reported an error'],
    ['invalid_scope', 502, 'The sign-in service reported an error'],
    ['no_such_error', 502, 'The sign-in service reported an error'],
  ])('at its authorization endpoint: %s', async (error, status, heading) => {
    const { browser, callback } = await arrive();
    const failed = withParameters(callback, { code: null, error, error_description: 'AADSTS1: no' });
    const answer = await callBack(browser, failed);
    expectPage(answer, status, heading, policy());
    expect(cookiesSet(answer)).toEqual([attemptTaken()]);
  });

  it.each([
    ['invalid_grant', 400, 400, 'The sign-in could not be finished'],
    ['invalid_client', 401, 502, 'The sign-in service does not accept this application'],
    ['unauthorized_client', 400, 502, 'The sign-in service does not accept this application'],
    ['interaction_required', 400, 401, 'The sign-in service needs you'],
    ['temporarily_unavailable', 503, 503, 'The sign-in service does not answer'],
  ])('at its token endpoint: %s (%d)', async (error, opStatus, status, heading) => {
    const { person, browser, callback } = await arrive();
    world.op.failNext('token', error, opStatus);
    expectPage(await callBack(browser, callback), status, heading);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });

  it('is a code that it never gave', async () => {
    const { browser, callback } = await arrive();
    const answer = await callBack(browser, withParameters(callback, { code: 'made-up' }));
    expectPage(answer, 400, 'The sign-in could not be finished');
  });

  it('is an answer in the name of another OP', async () => {
    const { person, browser, callback } = await arrive();
    const answer = await callBack(browser, withParameters(callback, { iss: 'https://evil.example' }));
    expectPage(answer, 400, 'The answer came from another sign-in service');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });
});

describe('what a request carried', () => {
  it('comes back in no page, no document, no header and no line of the process', async () => {
    const marker = 'mark3r-5c1f';
    const markers = Object.fromEntries(
      ['error_description', 'error_uri', 'session_state', 'client_info', 'x'].map((name) => [
        name,
        `${name}-${marker}`,
      ]),
    );
    const { browser, callback } = await arrive();
    const variants = [
      { ...markers, code: marker },
      { ...markers, code: marker, state: marker },
      { ...markers, code: marker, iss: marker },
      { ...markers, code: null, error: marker },
      { ...markers, code: marker, error: marker },
    ];
    for (const variant of variants) {
      for (const accept of ['text/html', 'application/json']) {
        const answer = await browser.copy().fetch(withParameters(callback, variant), {
          headers: { accept, 'user-agent': `UA-${marker}`, referer: `https://${marker}.example/` },
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.text + JSON.stringify(answer.headers)).not.toContain(marker);
      }
    }
    expect(world.app.host.lines.join('\n')).not.toContain(marker);
  });
});

async function stateOf(arrived: ReturnType<typeof arrive>): Promise<string> {
  return new URL((await arrived).callback).searchParams.get('state') ?? '';
}
