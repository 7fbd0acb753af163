import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { freePort } from '../../local/free-port.ts';
import { CAEP } from '../support/transmitter.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { deliver, type ScriptedTransmitter, startTransmitter, subjectOf } from './support/transmitter.ts';
import { RAISE_MILLISECONDS, type RunningApp, raiseWorld, type World } from './support/world.ts';

let world: World;
let app: RunningApp;
let folder: string;
let tablePort: number;
/** The tables lie in an account of their own, which comes and goes; the queue lies in the host's. */
let tables: Azurite;
let transmitter: ScriptedTransmitter;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exeunt-test-'));
  tablePort = await freePort();
  tables = await startAzurite({ folder, tablePort });
  [world, transmitter] = await Promise.all([raiseWorld(), startTransmitter()]);
  app = await world.startApp({ ...transmitter.settings, TABLES_CONNECTION_STRING: tables.tablesConnectionString });
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await world.stop();
  await transmitter.close();
  await tables.stop();
  await rm(folder, { recursive: true });
});

describe('a security event that comes while the tables are down', () => {
  it('is not acknowledged, and is done as soon as they are back, without being sent again', async () => {
    const arrived = await bringIn(world, world.newPerson(), app);
    const { browser, person } = arrived;
    const set = await transmitter.make(`${CAEP}session-revoked`, subjectOf(world, arrived, app));
    await tables.stop();
    const answer = await deliver(app, set);
    expectProblem(answer, 503, 'signout_queued');
    expect(answer.headers['retry-after']).toBe('5');

    tables = await startAzurite({ folder, tablePort });
    await app.host.line(/"signout.completed","door":"security-events",.*"sessions":1,.*"tries":[1-9]/);
    expect(await accountRow({ azurite: tables }, person, app)).toBeUndefined();
    expect((await browser.fetch(`${app.origin}/auth/session`)).status).toBe(401);
    // Who sends it again all the same is told what is true by now.
    expect((await deliver(app, set)).status).toBe(202);
  }, 120_000);
});
