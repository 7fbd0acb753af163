import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { directoryGround, nextEnding } from './support/directory.ts';
import { letPass } from './support/let-pass.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';

const HOUR = 60 * 60 * 1000;

const { world, app } = directoryGround();

const signedIn = (person = world.newPerson()) => bringIn(world, person, app);
const session = async (browser: Browser) => (await browser.fetch(`${app.origin}/auth/session`)).status;

describe('a user who is signed in', () => {
  it.each(['disable', 'delete'] as const)(
    'is out at the next call after an administrator chose to %s them',
    async (action) => {
      const { browser, person } = await signedIn();
      const bystander = await signedIn();
      const receipt = nextEnding(app);
      await world.graph.act(person.oid, action);
      expect(await receipt).toMatchObject({ door: 'directory', sessions: 1, tokenCaches: 1, tries: 0 });
      expect(await session(browser)).toBe(401);
      expect(await accountRow(world, person, app)).toBeUndefined();
      expect(await session(bystander.browser)).toBe(200);
    },
  );

  it('is out when they are deleted for good, and Graph is not asked', async () => {
    const { browser, person } = await signedIn();
    const receipt = nextEnding(app);
    const before = world.graph.requests.length;
    await world.graph.notify('deleted', person.oid);
    expect(await receipt).toMatchObject({ sessions: 1 });
    expect(await session(browser)).toBe(401);
    expect(world.graph.requests.slice(before)).not.toContain(`GET /users/${person.oid}`);
  });

  it('who is a guest is found by their object id here, though their account is named by the one at home', async () => {
    const home = { oid: randomUUID(), tenantId: randomUUID() };
    const { browser, person } = await signedIn(world.newGuest(home));
    const account = `${home.oid}.${home.tenantId}~${app.clientId}`;
    expect(await accountRow(world, home, app)).toMatchObject({ partitionKey: account });
    expect(await accountRow(world, person, app)).toBeUndefined();
    const receipt = nextEnding(app);
    await world.graph.act(person.oid, 'disable');
    expect(await receipt).toMatchObject({ sessions: 1 });
    expect(await session(browser)).toBe(401);
    expect(await accountRow(world, home, app)).toBeUndefined();
  });
});

describe('a user whose sessions are revoked', () => {
  it('loses those that began before, and keeps the younger one, however often Graph says it', async () => {
    const { browser: old, person } = await signedIn();
    await letPass(world, app, person, HOUR);
    const { browser: young } = await signedIn(person);
    const receipt = nextEnding(app);
    await world.graph.act(person.oid, 'revoke', new Date(Date.now() - HOUR / 2));
    expect(await receipt).toMatchObject({ sessions: 1, tokenCaches: 1 });
    expect([await session(old), await session(young)]).toEqual([401, 200]);

    const again = nextEnding(app);
    await world.graph.notify('updated', person.oid);
    expect(await again).toMatchObject({ accounts: [], sessions: 0 });
    expect([await session(old), await session(young)]).toEqual([401, 200]);
    expect(sessionIdsIn(await accountRow(world, person, app))).toHaveLength(1);
  });

  it('is out where nothing began later, and in again after a new sign-in', async () => {
    const { browser, person } = await signedIn();
    await letPass(world, app, person, HOUR);
    const receipt = nextEnding(app);
    await world.graph.act(person.oid, 'revoke', new Date(Date.now() - HOUR / 2));
    expect(await receipt).toMatchObject({ sessions: 1 });
    expect(await session(browser)).toBe(401);
    expect(await accountRow(world, person, app)).toBeUndefined();
    expect(await session((await signedIn(person)).browser)).toBe(200);
  });
});
