import { describe, expect, it } from '@jest/globals';
import { DOORS } from '../../functions/doors/doors.ts';
import { localWorld } from './support/ground.ts';
import { SAFE_HEADERS } from './support/headers.ts';
import { send } from './support/wire.ts';

const world = localWorld();

describe('GET /health', () => {
  it('says that the process lives', async () => {
    const answer = await send(`${world.app.origin}/health`);
    expect([answer.status, answer.json()]).toEqual([200, { status: 'alive' }]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });
});

/** Those that no setting opens. */
const doors = DOORS.filter(({ openedBy }) => openedBy === null).map(({ door }) => door);

describe('GET /health/ready', () => {
  it('says that storage and OP can be had, and which doors are open', async () => {
    const answer = await send(`${world.app.origin}/health/ready`);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
    expect(answer.json()).toEqual({ status: 'ready', parts: { storage: 'ready', op: 'ready' }, doors });
  });

  it('names the OP when its metadata cannot be had', async () => {
    const app = await world.startApp({ AUTH_METADATA_URL: 'http://127.0.0.1:9/mark3r' });
    const answer = await send(`${app.origin}/health/ready`);
    expect([answer.status, answer.json()]).toEqual([
      503,
      { status: 'unavailable', parts: { storage: 'ready', op: 'unavailable' }, doors },
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
      { status: 'unavailable', parts: { storage: 'unavailable', op: 'ready' }, doors },
    ]);
    expect((await send(`${app.origin}/health`)).status).toBe(200);
    await app.host.stop();
  }, 20_000);
});
