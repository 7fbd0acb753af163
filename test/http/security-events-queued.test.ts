import { describe, expect, it } from '@jest/globals';
import { CAEP } from '../support/transmitter.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { ownTables } from './support/own-tables.ts';
import { bringIn } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { deliver, localTransmitter, subjectOf } from './support/transmitter.ts';

const world = localWorld();
const transmitter = localTransmitter();
const tables = ownTables();
const app = duringTests(() => world.startApp({ ...transmitter.settings, ...tables.settings }));

describe('a security event that comes while the tables are down', () => {
  it('is not acknowledged, and is done as soon as they are back, without being sent again', async () => {
    const arrived = await bringIn(world, world.newPerson(), app);
    const { browser, person } = arrived;
    const set = await transmitter.make(`${CAEP}session-revoked`, subjectOf(world, arrived, app));
    await tables.stop();
    const answer = await deliver(app, set);
    expectProblem(answer, 503, 'signout_queued');
    expect(answer.headers['retry-after']).toBe('5');

    await tables.start();
    await app.host.line(/"signout.completed","door":"security-events",.*"sessions":1,.*"tries":[1-9]/);
    expect(await accountRow(tables, person, app)).toBeUndefined();
    expect((await browser.fetch(`${app.origin}/auth/session`)).status).toBe(401);
    // Who sends it again all the same is told what is true by now.
    expect((await deliver(app, set)).status).toBe(202);
  }, 120_000);
});
