import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import { Browser } from './support/browser.ts';
import { type DirectoryWorld, nextEnding, notificationOf, post, raiseDirectory } from './support/directory.ts';
import { signIn } from './support/sign-in.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const DAY = 24 * 60 * 60 * 1000;

let world: DirectoryWorld;
beforeAll(async () => {
  world = await raiseDirectory();
}, RAISE_MILLISECONDS);
afterAll(() => world.stop());

/** Those of one test: all that are left running would take one another's messages from the queue that they share. */
const running: Pick<SpawnedHost, 'stop'>[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((host) => host.stop()));
});
const start = async (): Promise<RunningApp> => {
  const app = await world.startSubscribed();
  running.push(app.host);
  return app;
};
const startInstance = async (app: RunningApp, changes = {}) => {
  const instance = await world.startInstance(app, changes);
  running.push(instance);
  return instance;
};

const own = ({ clientId }: RunningApp) => world.graph.subscriptionsOf(clientId);
/** One more instance of an application, which looks after the subscription when it starts. */
const anotherStart = async (app: RunningApp, changes = {}) => {
  const instance = await startInstance(app, changes);
  return JSON.parse(await instance.line(/"directory.(?:subscribed|failed)"/)) as Record<string, unknown>;
};

describe('the subscription of an application', () => {
  it('is made at the start, for the changes that matter, for less than 29 days', async () => {
    const app = await start();
    const [kept, ...more] = own(app);
    expect(more).toEqual([]);
    expect(kept).toMatchObject({
      changeType: 'updated,deleted',
      resource: 'users',
      notificationUrl: `${app.origin}/events/graph`,
      lifecycleNotificationUrl: expect.stringMatching(/\/events\/graph\?key=[0-9a-f]{16}$/),
      clientState: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    });
    const days = (Date.parse(kept?.expirationDateTime ?? '') - Date.now()) / DAY;
    expect([days > 27, days < 29]).toEqual([true, true]);
    expect(app.host.lines.join()).not.toContain(kept?.clientState);
  });

  it('is left as it is by another instance, and renewed by it when its end is near', async () => {
    const app = await start();
    expect(await anotherStart(app)).toMatchObject({ did: 'nothing', removed: 0 });
    const [kept] = own(app);
    if (kept) kept.expirationDateTime = new Date(Date.now() + 2 * DAY).toISOString();
    expect(await anotherStart(app)).toMatchObject({ did: 'renew' });
    expect(own(app)).toEqual([kept]);
    expect(Date.parse(kept?.expirationDateTime ?? '')).toBeGreaterThan(Date.now() + 27 * DAY);
  }, 60_000);

  it('is one again after two instances have made one each', async () => {
    const app = await start();
    const [kept] = own(app);
    const { id: _, applicationId: __, ...asked } = { ...kept };
    await world.graph.plant(app.clientId, asked);
    expect(own(app)).toHaveLength(2);
    expect(await anotherStart(app)).toMatchObject({ did: 'nothing', removed: 1 });
    expect(own(app)).toHaveLength(1);
  });

  it('does not touch one that the same application has for something else', async () => {
    const app = await start();
    const [kept] = own(app);
    const { id: _, applicationId: __, ...asked } = { ...kept };
    await world.graph.plant(app.clientId, {
      ...asked,
      notificationUrl: `${app.origin}/events/graph?mine`,
      lifecycleNotificationUrl: null,
    });
    expect(await anotherStart(app)).toMatchObject({ did: 'nothing', removed: 0 });
    expect(own(app)).toHaveLength(2);
  });

  it('is made anew under the first key when the keys rotate, and the old one is good until then', async () => {
    const app = await start();
    const [before] = own(app);
    const [browser, person] = [new Browser(), world.newPerson()];
    await signIn(browser, app, person);
    const old = notificationOf(world, app, person.oid, { changeType: 'deleted' });
    const newKey = `new:${randomBytes(32).toString('base64')}`;
    expect(await anotherStart(app, { SESSION_KEYS: `${world.sessionKeys},${newKey}` })).toMatchObject({
      did: 'nothing',
    });
    const rotated = { SESSION_KEYS: `${newKey},${world.sessionKeys}` };
    expect(await anotherStart(app, rotated)).toMatchObject({ did: 'create', removed: 1 });
    const [after, ...more] = own(app);
    expect(more).toEqual([]);
    expect([after?.id === before?.id, after?.clientState === before?.clientState]).toEqual([false, false]);

    const instance = await startInstance(app, rotated);
    const noted = instance.next(/"directory.notified"/);
    const at = { origin: instance.origin };
    expect((await post(at, { value: [old] })).status).toBe(202);
    expect(JSON.parse(await noted)).toMatchObject({ users: 1, dropped: 0 });
    const last = await startInstance(app, { SESSION_KEYS: newKey });
    const dropped = last.next(/"directory.notified"/);
    expect((await post({ origin: last.origin }, { value: [old] })).status).toBe(202);
    expect(JSON.parse(await dropped)).toMatchObject({ users: 0, dropped: 1 });
  }, 90_000);
});

describe("Graph's word about the subscription itself", () => {
  it('reauthorizationRequired has it reauthorized', async () => {
    const app = await start();
    const [kept] = own(app);
    if (!kept) throw new Error('no subscription');
    const looked = app.host.next(/"directory.subscribed"/);
    await world.graph.lifecycle(kept, 'reauthorizationRequired');
    await looked;
    expect(world.graph.requests).toContain(`POST /subscriptions/${kept.id}/reauthorize`);
  });

  it('subscriptionRemoved has a new one made, by which changes are heard of', async () => {
    const app = await start();
    const [kept] = own(app);
    if (!kept) throw new Error('no subscription');
    const looked = app.host.next(/"directory.subscribed","did":"create"/);
    world.graph.drop(kept);
    await world.graph.lifecycle(kept, 'subscriptionRemoved');
    await looked;
    expect(own(app)).toHaveLength(1);
    const [browser, person] = [new Browser(), world.newPerson()];
    await signIn(browser, app, person);
    const receipt = nextEnding(app);
    await world.graph.act(person.oid, 'disable');
    expect(await receipt).toMatchObject({ sessions: 1 });
  });

  it('missed is said aloud, for nobody can say what was', async () => {
    const app = await start();
    const [kept] = own(app);
    if (!kept) throw new Error('no subscription');
    const missed = app.host.next(/"directory.missed"/);
    await world.graph.lifecycle(kept, 'missed');
    expect(await missed).toContain('"event":"directory.missed"');
  });

  it('of one that is not ours is dropped', async () => {
    const app = await start();
    const asked = world.graph.requests.length;
    const noted = app.host.next(/"directory.notified"/);
    const forged = notificationOf(world, app, '', { lifecycleEvent: 'subscriptionRemoved', clientState: 'a-guess' });
    expect((await post(app, { value: [forged] })).status).toBe(202);
    expect(JSON.parse(await noted)).toMatchObject({ lifecycle: 0, dropped: 1 });
    expect(world.graph.requests.length).toBe(asked);
  });
});
