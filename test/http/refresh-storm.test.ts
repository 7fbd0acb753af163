import { setTimeout as passed } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { callAt } from './support/call-at.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { letPass } from './support/let-pass.ts';
import { type Arrived, bringIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import type { Answer } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const INSTANCES = 4;
const CALLS = 100;
const HOUR = 60 * 60_000;
/** MSAL rounds the time at which it asked to whole seconds: it may take a token of one second for good half a second more. */
const ONE_SECOND_TOKEN_MILLISECONDS = 1_600;
const VISITORS = 3;

// As RFC 9700 has it: a refresh token is good once, and one that comes twice ends its whole family.
const world = localWorld({}, { refreshTokenReuse: 'revoke-family' });
let instances: readonly RunningApp[];
/** People whose access token has ended; those to come live long. */
const visitors: Arrived[] = [];
beforeAll(async () => {
  instances = [world.app];
  while (instances.length < INSTANCES)
    instances = [...instances, { ...world.app, host: await world.startInstance(world.app) }];
  world.op.setAccessTokenSeconds(1);
  for (let count = 0; count < VISITORS; count += 1) visitors.push(await bringIn(world));
  world.op.setAccessTokenSeconds(HOUR / 1_000);
  await passed(ONE_SECOND_TOKEN_MILLISECONDS);
}, RAISE_MILLISECONDS);

function visitor(): Arrived {
  const next = visitors.pop();
  if (next === undefined) throw new Error('more visitors are needed');
  return next;
}
/** A browser's call, as the platform sends it to one instance or another. */
function me(browser: Browser, call = 0): Promise<Answer> {
  return callAt(instances[call % INSTANCES] ?? world.app, browser, '/api/graph/me');
}
const storm = (browser: Browser) => Promise.all(Array.from({ length: CALLS }, (_, call) => me(browser, call)));

describe(`${CALLS} calls at once of one session with an expired token, over ${INSTANCES} processes`, () => {
  it('redeem its refresh token once, are all answered, and the session lives on', async () => {
    const { browser, person } = visitor();
    const before = world.op.refreshCount;
    const answers = await storm(browser);
    expect(answers.map(({ status }) => status)).toEqual(Array(CALLS).fill(200));
    expect(world.op.refreshCount).toBe(before + 1);
    expect(new Set(world.api.tokenHashes.slice(-CALLS)).size).toBe(1);
    expect(sessionIdsIn(await accountRow(world, person, world.app))).toHaveLength(1);

    // Two hours on the refresh token that was stored then has to be the good one, or the OP ends the family.
    await letPass(world, world.app, person, 2 * HOUR);
    const later = await storm(browser);
    expect(later.map(({ status }) => status)).toEqual(Array(CALLS).fill(200));
    expect(world.op.refreshCount).toBe(before + 2);
  });

  it('whose user is revoked are all signed out, and nothing is left', async () => {
    const { browser, person } = visitor();
    world.op.revokeUser(person.oid);
    const answers = await storm(browser);
    for (const answer of answers) expectProblem(answer, 401, 'session_required');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });
});

describe('a call that waits for another instance’s refresh', () => {
  it('is told that it is signed out as soon as it is, and gets no token', async () => {
    const { browser, person } = visitor();
    const sent = world.api.tokenHashes.length;
    const hold = world.op.holdNext('token');
    const refreshing = me(browser.copy(), 0);
    await hold.arrived;
    const waiting = me(browser.copy(), 1);
    await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    expectProblem(await waiting, 401, 'session_required');
    hold.release();
    expectProblem(await refreshing, 401, 'session_required');
    expect(await accountRow(world, person, world.app)).toBeUndefined();
    expect(world.api.tokenHashes).toHaveLength(sent);
  });
});
