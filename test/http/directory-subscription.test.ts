import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type SpawnedHost, spawnHost } from '../../local/host/spawn.ts';
import { directoryWorld, nextEnding, notificationOf, post } from './support/directory.ts';
import { bringIn } from './support/sign-in.ts';
import type { RunningApp } from './support/world.ts';

const DAY = 24 * 60 * 60 * 1000;

const world = directoryWorld();

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
const own = ({ clientId }: RunningApp) => world.graph.subscriptionsOf(clientId);
/** One more instance of an application, which looks after the subscription when it starts. */
const anotherStart = async (app: RunningApp, changes = {}) => {
  const instance = await world.startInstance(app, changes);
  running.push(instance);
  return lookedAt(instance);
};
/** The application as it is restarted with other settings; it has ended when this resolves. */
const inItsPlace = async (
  app: RunningApp,
  changes: Readonly<Record<string, string>>,
  use: (host: SpawnedHost, looked: Record<string, unknown>) => Promise<void>,
) => {
  const host = await spawnHost({ port: app.port, environment: { ...app.environment, ...changes } });
  running.push(host);
  await use(host, await lookedAt(host));
  await host.stop();
};
const lookedAt = async (host: SpawnedHost): Promise<Record<string, unknown>> =>
  JSON.parse(await host.line(/"directory.(?:subscribed|failed)"/)) as Record<string, unknown>;

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
    await app.host.stop();
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
    await app.host.stop();
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
    const { person } = await bringIn(world, world.newPerson(), app);
    const old = notificationOf(world, app, person.oid, { changeType: 'deleted' });
    const newKey = `new:${randomBytes(32).toString('base64')}`;
    await app.host.stop();
    await inItsPlace(app, { SESSION_KEYS: `${world.sessionKeys},${newKey}` }, async (_, looked) => {
      expect(looked).toMatchObject({ did: 'nothing' });
    });
    await inItsPlace(app, { SESSION_KEYS: `${newKey},${world.sessionKeys}` }, async (host, looked) => {
      expect(looked).toMatchObject({ did: 'create', removed: 1 });
      const [after, ...more] = own(app);
      expect(more).toEqual([]);
      expect([after?.id === before?.id, after?.clientState === before?.clientState]).toEqual([false, false]);
      const noted = host.next(/"directory.notified"/);
      expect((await post(app, { value: [old] })).status).toBe(202);
      expect(JSON.parse(await noted)).toMatchObject({ users: 1, dropped: 0 });
    });
    await inItsPlace(app, { SESSION_KEYS: newKey }, async (host, looked) => {
      expect(looked).toMatchObject({ did: 'nothing' });
      const noted = host.next(/"directory.notified"/);
      expect((await post(app, { value: [old] })).status).toBe(202);
      expect(JSON.parse(await noted)).toMatchObject({ users: 0, dropped: 1 });
    });
  }, 90_000);
});

describe("Graph's word about the subscription itself", () => {
  it('reauthorizationRequired has it reauthorized', async () => {
    const app = await start();
    const [kept] = own(app);
    if (!kept) throw new Error('no subscription');
    const asked = `POST /subscriptions/${kept.id}/reauthorize`;
    let looked = app.host.next(/"directory.subscribed"/);
    await world.graph.lifecycle(kept, 'reauthorizationRequired');
    // The timer may have been there first, and asks for nothing of the kind.
    while (!world.graph.requests.includes(asked)) {
      await looked;
      looked = app.host.next(/"directory.subscribed"/);
    }
    expect(own(app)).toEqual([kept]);
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
    const { person } = await bringIn(world, world.newPerson(), app);
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
    const noted = app.host.next(/"directory.notified"/);
    const forged = notificationOf(world, app, '', { lifecycleEvent: 'subscriptionRemoved', clientState: 'a-guess' });
    expect((await post(app, { value: [forged] })).status).toBe(202);
    expect(JSON.parse(await noted)).toMatchObject({ lifecycle: 0, dropped: 1 });
    expect(own(app)).toHaveLength(1);
  });
});
