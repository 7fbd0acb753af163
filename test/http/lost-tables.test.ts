import { TableServiceClient } from '@azure/data-tables';
import { describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { type Arrived, arrive, bringIn, callBack, signIn } from './support/sign-in.ts';
import { accountRow, storedRows } from './support/stored.ts';
import { send } from './support/wire.ts';

/** Each of the tables is missed once, by whoever comes to it first, and is there again at the next call. */
const TRIES_MAX = 4;

const world = localWorld();

async function dropTables(): Promise<void> {
  const options = { allowInsecureConnection: true };
  const service = TableServiceClient.fromConnectionString(world.azurite.tablesConnectionString, options);
  for (const table of ['accounts', 'sids', 'expiries']) await service.deleteTable(table);
}

/** What somebody is told who asks until it is no longer 503, as they are told to. */
async function insist(ask: () => Promise<{ readonly status: number }>): Promise<number[]> {
  const statuses: number[] = [];
  do statuses.push((await ask()).status);
  while (statuses.at(-1) === 503 && statuses.length < TRIES_MAX);
  return statuses;
}

const sessionOf = (browser: Browser) => browser.fetch(`${world.app.origin}/auth/session`);
const callApi = (browser: Browser) => browser.fetch(`${world.app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });

describe('all three tables are deleted under a running application', () => {
  let people: readonly [Arrived, Arrived];
  let late: Arrived;

  it('with people signed in, and one on the way back from the OP', async () => {
    people = [await bringIn(world), await bringIn(world)];
    for (const { browser } of people) expect((await callApi(browser)).status).toBe(200);
    late = await arrive(world);
    await dropTables();
    const none: readonly unknown[] = [];
    expect(await storedRows(world)).toEqual({ accounts: none, sids: none, expiries: none });
  });

  it('nobody is told that they are signed out before the table is there again', async () => {
    const [{ browser }] = people;
    expectProblem(await sessionOf(browser), 503, 'storage_unavailable');
    expectProblem(await sessionOf(browser), 401, 'session_required');
  });

  it('and then everybody has to sign in again: no token of before is sent', async () => {
    const before = world.api.tokenHashes.length;
    for (const { browser } of people) expect((await callApi(browser)).status).toBe(401);
    expect(world.api.tokenHashes).toHaveLength(before);
  });

  it('a sign-out by the OP makes the tables that it misses, and is acknowledged when it is done', async () => {
    const [{ sid }] = people;
    const statuses = await insist(() => send(`${world.app.origin}/auth/signout-callback?sid=${sid}`));
    expect(statuses.at(-1)).toBe(200);
  });

  it('who was on the way back comes in', async () => {
    const statuses = await insist(() => callBack(late.browser, late.callback));
    expect(statuses.at(-1)).toBe(303);
    expect((await sessionOf(late.browser)).status).toBe(200);
  });

  it('who was signed in signs in again, calls the API and signs out, as ever', async () => {
    const [, { browser, person }] = people;
    await signIn(browser, world.app, person);
    expect((await callApi(browser)).status).toBe(200);
    expect(await accountRow(world, person, world.app)).toBeDefined();
    expect((await browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin)).status).toBe(303);
    expect(await accountRow(world, person, world.app)).toBeUndefined();
  });
});
