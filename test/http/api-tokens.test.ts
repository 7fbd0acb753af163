import { setTimeout as passed } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { callAt } from './support/call-at.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { type Arrived, bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const HOUR_SECONDS = 3_600;
/** MSAL rounds the time at which it asked to whole seconds: it may take a token of one second for good half a second more. */
const ONE_SECOND_TOKEN_MILLISECONDS = 1_600;
const VISITORS = 8;

const world = localWorld();
/** People whose first access token has ended; those to come live long. */
const visitors: Arrived[] = [];
beforeAll(async () => {
  world.op.setAccessTokenSeconds(1);
  for (let count = 0; count < VISITORS; count += 1) visitors.push(await signedIn());
  world.op.setAccessTokenSeconds(HOUR_SECONDS);
  await passed(ONE_SECOND_TOKEN_MILLISECONDS);
}, RAISE_MILLISECONDS);

const me = (browser: Browser, app: RunningApp = world.app) =>
  browser.fetch(`${app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });

const signedIn = () => bringIn(world);

function signedInAnHourAgo(): Arrived {
  const visitor = visitors.pop();
  if (visitor === undefined) throw new Error('more visitors are needed');
  return visitor;
}

describe('an access token', () => {
  it('that is good is used as it is, call after call', async () => {
    const { browser } = await signedIn();
    const before = world.op.refreshCount;
    for (let calls = 0; calls < 3; calls += 1) expect((await me(browser)).status).toBe(200);
    expect(world.op.refreshCount).toBe(before);
    expect(new Set(world.api.tokenHashes.slice(-3)).size).toBe(1);
  });

  it('that has ended is renewed once, and the new one kept', async () => {
    const { browser } = signedInAnHourAgo();
    const before = world.op.refreshCount;
    for (let calls = 0; calls < 3; calls += 1) expect((await me(browser)).status).toBe(200);
    expect(world.op.refreshCount).toBe(before + 1);
    expect(new Set(world.api.tokenHashes.slice(-3)).size).toBe(1);
  });

  it('that has ended is renewed once for ten calls at the same moment', async () => {
    const { browser } = signedInAnHourAgo();
    const before = world.op.refreshCount;
    const answers = await Promise.all(Array.from({ length: 10 }, () => me(browser)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(world.op.refreshCount).toBe(before + 1);
  });

  it('that has ended is renewed once over two instances of the application', async () => {
    const { browser } = signedInAnHourAgo();
    const twin = { ...world.app, host: await world.startInstance(world.app) };
    const before = world.op.refreshCount;
    const answers = await Promise.all(
      [world.app, twin, world.app, twin].map((app) => callAt(app, browser, '/api/graph/me')),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(world.op.refreshCount).toBe(before + 1);
    await twin.host.stop();
  });

  it('that a restarted application needs comes from the stored cache', async () => {
    const { browser } = await signedIn();
    const restarted = { ...world.app, host: await world.startInstance(world.app) };
    const before = world.op.refreshCount;
    expect((await callAt(restarted, browser, '/api/graph/me')).status).toBe(200);
    expect(world.op.refreshCount).toBe(before);
    await restarted.host.stop();
  });
});

describe('a person whose refresh tokens the OP has revoked', () => {
  it('is signed out at the next renewal: 401, where to sign in, and no row left', async () => {
    const { browser, person } = signedInAnHourAgo();
    world.op.revokeUser(person.oid);
    expect(expectProblem(await me(browser), 401, 'session_required')).toMatchObject({ signInUrl: '/auth/signin' });
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
  });
});

describe('a token endpoint that', () => {
  it('does not answer costs nobody the session', async () => {
    const { browser, person } = signedInAnHourAgo();
    world.op.failNext('token', 'temporarily_unavailable', 503);
    expectProblem(await me(browser), 503, 'op_unavailable');
    expect(await accountRow(world, person, world.app)).toBeDefined();
    expect((await me(browser)).status).toBe(200);
  });

  it('wants the person says so, with a sign-in for that API, and keeps the session', async () => {
    const { browser, person } = signedInAnHourAgo();
    world.op.failNext('token', 'interaction_required', 400);
    expect(expectProblem(await me(browser), 401, 'consent_required')).toMatchObject({
      signInUrl: '/auth/signin?api=graph',
    });
    expect(await accountRow(world, person, world.app)).toBeDefined();
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
    // The refresh token was kept: the OP, asked again, takes it.
    expect((await me(browser)).status).toBe(200);
  });

  it('does not take the secret any more says so to the people who run this, and keeps the session', async () => {
    const { browser, person } = signedInAnHourAgo();
    world.op.failNext('token', 'invalid_client', 401);
    expectProblem(await me(browser), 502, 'op_refused');
    expect(await accountRow(world, person, world.app)).toBeDefined();
  });

  it('is renewing a token when the person signs out brings nothing back', async () => {
    const { browser, person } = signedInAnHourAgo();
    const hold = world.op.holdNext('token');
    const calling = me(browser.copy());
    await hold.arrived;
    await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    hold.release();
    expectProblem(await calling, 401, 'session_required');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });
});

describe('a sign-out', () => {
  it('ends the next call at once, though a token is still in memory', async () => {
    const { browser } = await signedIn();
    const thief = browser.copy();
    expect((await me(thief)).status).toBe(200);
    await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    const before = world.api.tokenHashes.length;
    expectProblem(await me(thief), 401, 'session_required');
    expect(world.api.tokenHashes).toHaveLength(before);
  });
});

describe('an API whose scopes were not asked for at the sign-in', () => {
  it('gets a token when it is first called', async () => {
    const app = await world.startApp({ AUTH_SCOPES: undefined });
    const { browser } = await bringIn(world, world.newPerson(), app);
    expect((await me(browser, app)).status).toBe(200);
    await app.host.stop();
  });
});
