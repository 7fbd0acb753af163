import { expect, it } from '@jest/globals';
import { askByHttp, PATIENCE } from '../../infra/keys/instances.ts';
import { rotate } from '../../infra/keys/rotate.ts';
import { openVault } from '../../infra/keys/vault.ts';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import { startAzure } from '../infra/keys/azure.ts';
import { SECRET } from '../infra/keys/world.ts';
import { createTestAmbient } from '../support/ambient.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { bringIn } from './support/sign-in.ts';
import { send } from './support/wire.ts';

const world = localWorld();
const azure = duringTests(startAzure, async (started) => started[Symbol.asyncDispose]());

it('keys rotate waits for instances of the real application, and signs nobody out', async () => {
  azure.secrets.set(SECRET, [{ version: 'v1', value: world.sessionKeys, tags: {}, created: 0, enabled: true }]);
  const start = (): Promise<SpawnedHost> => {
    const SESSION_KEYS = azure.secrets.get(SECRET)?.at(-1)?.value;
    return world.startInstance(world.app, { SESSION_KEYS });
  };
  const { browser } = await bringIn(world);
  const cookie = `__Host-session=${browser.cookie(world.app.origin, '__Host-session')}`;
  const host = new URL(world.app.origin).host;
  const stays = async (instance: SpawnedHost) =>
    expect((await send(`${instance.origin}/auth/session`, { headers: { cookie, host } })).status).toBe(200);

  const instances = [await start(), await start()];
  const apps = instances.map(({ origin }) => origin);
  const said: string[] = [];
  const refetch = async () => {
    for (const [at, old] of instances.entries()) {
      const instance = await start();
      [instances[at], apps[at]] = [instance, instance.origin];
      await stays(instance);
      await old.stop();
    }
    return 'asked' as const;
  };
  const vault = openVault({ origin: azure.origin, secretName: SECRET, token: () => azure.token('vault') });
  const ambient = createTestAmbient();
  const patience = { ...PATIENCE, quietMilliseconds: 20_000, asksAtOnce: 2, instances: 2 };
  const say = (line: string) => said.push(line);
  const done = await rotate({ vault, refetch, ask: askByHttp, apps, ambient, say, patience });
  expect([done, said.at(-1)]).toEqual([0, expect.stringMatching(/^Rotated\. local still opens/)]);
  for (const { origin } of instances) {
    const { sessionKeys } = (await send(`${origin}/health/ready`)).json();
    expect(sessionKeys).toMatchObject({ seals: '2026-11-21', opens: ['2026-11-21', 'local'] });
  }
  expect(said.join('\n')).toContain('of 2 instance(s)');
});

it('no answer is none that counts: of a host that is gone, or of an app with mistaken settings', async () => {
  const gone = await world.startInstance(world.app);
  await gone.stop();
  const mistaken = await world.startInstance(world.app, { SESSION_KEYS: 'k1:short' });
  expect([await askByHttp(gone.origin), await askByHttp(mistaken.origin)]).toEqual([null, null]);
  await mistaken.stop();
});
