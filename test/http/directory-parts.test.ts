import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/free-port.ts';
import { type SpawnedHost, spawnHost } from '../../local/host/spawn.ts';
import { directoryWorld, nextEnding } from './support/directory.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const world = directoryWorld();
let web: RunningApp;
/** A function app of its own, with an origin of its own, over the same tables. */
let part: { readonly origin: string; readonly host: SpawnedHost };
beforeAll(async () => {
  web = await world.startApp({ ...world.settings, APPLICATION_PART: 'web' });
  const port = await freePort();
  const origin = `http://directory.localhost:${port}`;
  const environment = { ...web.environment, APPLICATION_PART: 'directory', PUBLIC_ORIGIN: origin };
  part = { origin, host: await spawnHost({ port, environment }) };
  await part.host.line(/"directory.subscribed"/);
}, RAISE_MILLISECONDS);
afterAll(() => part.host.stop());

const functionsOf = ({ lines }: SpawnedHost): string[] =>
  lines.flatMap((line) => /^host: {3}.* -> (.*)$/.exec(line)?.[1] ?? []).toSorted();
const doorsOf = async ({ origin }: { readonly origin: string }) => (await send(`${origin}/health/ready`)).json().doors;

describe('an application in two parts', () => {
  it('has all but the directory in the one, and that door alone in the other', async () => {
    expect(functionsOf(part.host)).toEqual([
      'directory-events',
      'directory-subscription',
      'graph-notifications',
      'health',
      'ready',
      'signout-retry',
    ]);
    expect(await doorsOf(part)).toEqual(['directory']);
    expect(functionsOf(web.host)).toEqual(expect.arrayContaining(['callback', 'sweep', 'signout', 'signout-retry']));
    expect(functionsOf(web.host).filter((name) => /directory|graph/.test(name))).toEqual([]);
    expect(await doorsOf(web)).not.toContain('directory');
  });

  it('answers at the one what the other is asked: not at all', async () => {
    expect((await send(`${web.origin}/events/graph?validationToken=a`, { method: 'POST' })).status).toBe(404);
    for (const path of ['/auth/signin', '/auth/session', '/auth/signout-callback?sid=a', '/assets/page.css']) {
      expect((await send(`${part.origin}${path}`)).status).toBe(404);
    }
  });

  it('ends by the one what was signed in at the other', async () => {
    expect(world.graph.subscriptionsOf(web.clientId).map(({ notificationUrl }) => notificationUrl)).toEqual([
      `${part.origin}/events/graph`,
    ]);
    const { browser, person } = await bringIn(world, world.newPerson(), web);
    const receipt = nextEnding(part);
    await world.graph.act(person.oid, 'disable');
    expect(await receipt).toMatchObject({ door: 'directory', sessions: 1, tokenCaches: 1 });
    expect((await browser.fetch(`${web.origin}/auth/session`)).status).toBe(401);
    expect(await accountRow(world, person, web)).toBeUndefined();
  });

  it('has asked Graph for nothing at the part that people reach', () => {
    expect(web.host.lines.join('\n')).not.toContain('directory.');
  });
});
