import { describe, expect, it } from '@jest/globals';
import { DOORS } from '../../functions/doors/doors.ts';
import { localWorld } from './support/ground.ts';
import { SAFE_HEADERS } from './support/headers.ts';
import { send } from './support/wire.ts';
import { FIRST_KID } from './support/world.ts';

const world = localWorld();

describe('GET /health', () => {
  it('says that the process lives', async () => {
    const answer = await send(`${world.app.origin}/health`);
    expect([answer.status, answer.json()]).toEqual([200, { status: 'alive' }]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});

/** What every answer has: by which keys this instance seals and opens, and what tells it from others. */
const alike = () => ({ doors, instance: expect.stringMatching(/^[0-9a-f]{16}$/), sessionKeys });
const sessionKeys = { seals: FIRST_KID, opens: [FIRST_KID], neededMinutes: 720 };
/** Those that no setting opens. */
const doors = DOORS.filter(({ openedBy }) => openedBy === null).map(({ door }) => door);

describe('GET /health/ready', () => {
  it('says that storage and OP can be had, and which doors are open', async () => {
    const answer = await send(`${world.app.origin}/health/ready`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
    expect(answer.json()).toEqual({ status: 'ready', parts: { storage: 'ready', op: 'ready' }, ...alike() });
  });

  it('says which keys an instance seals and opens with, in order, and no more of them; each instance has its own name', async () => {
    const added = Buffer.alloc(32, 7).toString('base64');
    const SESSION_KEYS = `${world.sessionKeys},k2:${added}`;
    const other = await world.startInstance(world.app, { SESSION_KEYS, SESSION_ABSOLUTE_MINUTES: '90' });
    const look = async (origin: string) => (await send(`${origin}/health/ready`)).json();
    const [first, again, second] = [
      await look(world.app.origin),
      await look(world.app.origin),
      await look(other.origin),
    ];
    expect(again).toEqual(first);
    expect(second.sessionKeys).toEqual({ seals: FIRST_KID, opens: [FIRST_KID, 'k2'], neededMinutes: 90 });
    expect(second.instance).not.toBe(first.instance);
    for (const key of SESSION_KEYS.split(',')) {
      expect(JSON.stringify(second)).not.toContain(key.slice(key.indexOf(':') + 1, -4));
    }
    await other.stop();
  });

  it('names the OP when its metadata cannot be had', async () => {
    const app = await world.startApp({ AUTH_METADATA_URL: 'http://127.0.0.1:9/mark3r' });
    const answer = await send(`${app.origin}/health/ready`);
    expect([answer.status, answer.json()]).toEqual([
      503,
      { status: 'unavailable', parts: { storage: 'ready', op: 'unavailable' }, ...alike() },
    ]);
    expect((await send(`${app.origin}/health`)).status).toBe(200);
    await app.host.stop();
  });

  it('names the storage when it does not answer, and the process lives on', async () => {
    const app = await world.startApp({
      TABLES_CONNECTION_STRING: world.azurite.tablesConnectionString.replace(/:\d+\//, ':9/'),
    });
    const answer = await send(`${app.origin}/health/ready`);
    expect([answer.status, answer.json()]).toEqual([
      503,
      { status: 'unavailable', parts: { storage: 'unavailable', op: 'ready' }, ...alike() },
    ]);
    expect((await send(`${app.origin}/health`)).status).toBe(200);
    await app.host.stop();
  }, 20_000);
});
