import { TableClient } from '@azure/data-tables';
import type { InvocationContext, Timer } from '@azure/functions';
import { describe, expect, it } from '@jest/globals';
import { compose } from '../../functions/compose.ts';
import { sweeper } from '../../functions/sweep.ts';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../../shared/ambient/clock-skew.ts';
import { watchConnections } from '../../shared/connection/connections.ts';
import { parseSettings } from '../../shared/settings/parse.ts';
import { type Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { type Arrived, arrive, bringIn, callBack, throughOp } from './support/sign-in.ts';
import { accountRow, sessionIdsIn } from './support/stored.ts';
import { send } from './support/wire.ts';

const world = localWorld();
const CSRF = { headers: { 'x-csrf': '1' } };

/** An instance that was told that nothing counts which began before now: by clocks that may differ, what is within 2 s did. */
async function raised(): Promise<{ host: SpawnedHost; SESSIONS_NOT_BEFORE: string }> {
  const SESSIONS_NOT_BEFORE = new Date(Date.now() - CLOCK_SKEW_MILLISECONDS).toISOString();
  return { host: await world.startInstance(world.app, { SESSIONS_NOT_BEFORE }), SESSIONS_NOT_BEFORE };
}

/** A process whose clock is an hour behind, until a signal sets it right. */
const CLOCK_BEHIND = `
const now = Date.now;
let behind = 3_600_000;
Date.now = () => now() - behind;
process.on('SIGUSR2', () => { behind = 0; });
`;

/** The address as the platform sends it to one instance: the same host, so that the browser's cookies go along. */
function at(host: SpawnedHost, url: string): string {
  const routed = new URL(url, world.app.origin);
  routed.port = String(host.port);
  return routed.href;
}

const whoAmI = (browser: Browser, host: SpawnedHost = world.app.host) => browser.fetch(at(host, '/auth/session'));
const rowOf = ({ person }: Pick<Arrived, 'person'>) => accountRow(world, person, world.app);

/** A run of the timer, as of an instance with that setting. */
async function runSweep(SESSIONS_NOT_BEFORE: string): Promise<Record<string, number>> {
  const composed = compose(parseSettings({ ...world.app.environment, SESSIONS_NOT_BEFORE }), watchConnections());
  if (!composed.ok) throw new Error(JSON.stringify(composed.mistakes));
  const lines: string[] = [];
  const context = { invocationId: 'run-1', log: (line: string) => lines.push(line) };
  await sweeper(composed.composition)({} as Timer, context as unknown as InvocationContext);
  return JSON.parse(lines.at(-1) ?? '{}').counts;
}

describe('an instance whose clock is behind SESSIONS_NOT_BEFORE', () => {
  it('lets nobody in until its clock is there, and comes up by itself, with what is old refused and what is new let in', async () => {
    const { browser, person } = await bringIn(world);
    const SESSIONS_NOT_BEFORE = new Date(Date.now() - CLOCK_SKEW_MILLISECONDS).toISOString();
    const host = await world.startInstance(world.app, {
      SESSIONS_NOT_BEFORE,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(CLOCK_BEHIND)}`,
    });
    expectProblem(await whoAmI(browser, host), 503, 'settings_invalid');
    expectProblem(await send(at(host, '/health/ready')), 503, 'settings_invalid');
    process.kill(host.pid, 'SIGUSR2');
    const deadline = performance.now() + 10_000;
    while ((await send(at(host, '/health/ready'))).status !== 200) {
      if (performance.now() > deadline) throw new Error('it does not come up');
    }
    expectProblem(await whoAmI(browser, host), 401, 'session_required');
    const setOut = await browser.navigate(at(host, '/auth/signin'));
    const answer = await callBack(browser, at(host, await throughOp(browser, world.app, person, setOut)));
    expect(answer.status).toBe(303);
    expect((await whoAmI(browser, host)).status).toBe(200);
    await host.stop();
  }, 30_000);
});

describe('with SESSIONS_NOT_BEFORE raised', () => {
  it('whoever signed in before is refused at every use, signs in anew, and what is old leaves storage at the next sweep', async () => {
    const arrived = await bringIn(world);
    const { browser, person } = arrived;
    const elsewhere = await bringIn(world, person);
    const { host, SESSIONS_NOT_BEFORE } = await raised();
    expect((await send(at(host, '/health/ready'))).json()).toMatchObject({ sessionsNotBefore: SESSIONS_NOT_BEFORE });
    expectProblem(await whoAmI(browser, host), 401, 'session_required');
    expectProblem(await browser.fetch(at(host, '/api/graph/me'), CSRF), 401, 'session_required');
    expectProblem(await browser.fetch(at(host, '/auth/sessions')), 401, 'session_required');
    // An instance that has not heard yet goes on: the setting has to reach every one.
    expect((await whoAmI(browser)).status).toBe(200);

    const young = browser.copy();
    const setOut = await young.navigate(at(host, '/auth/signin'));
    const answer = await callBack(young, at(host, await throughOp(young, world.app, person, setOut)));
    expect(answer.status).toBe(303);
    expect((await young.fetch(at(host, '/api/graph/me'), CSRF)).status).toBe(200);

    // The new one took the browser's old one's place; that of the other device is still there.
    expect(sessionIdsIn(await rowOf(arrived))).toHaveLength(2);
    expect((await runSweep(SESSIONS_NOT_BEFORE)).sessions).toBeGreaterThanOrEqual(1);
    expect(sessionIdsIn(await rowOf(arrived))).toHaveLength(1);
    expect((await whoAmI(elsewhere.browser)).status).toBe(401);
    expect((await young.fetch(at(host, '/api/graph/me'), CSRF)).status).toBe(200);
    await host.stop();
  }, 30_000);

  it('nothing opens that a failover brings back, and nothing of it stays', async () => {
    const arrived = await bringIn(world);
    const accounts = TableClient.fromConnectionString(world.azurite.tablesConnectionString, 'accounts', {
      allowInsecureConnection: true,
    });
    const { partitionKey = '', rowKey = '' } = (await rowOf(arrived)) ?? {};
    const { etag: _etag, timestamp: _timestamp, ...replica } = await accounts.getEntity(partitionKey, rowKey);
    const cookies = arrived.browser.copy();
    const left = await arrived.browser.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);
    expect([left.status, await rowOf(arrived)]).toEqual([303, undefined]);
    expect((await whoAmI(cookies)).status).toBe(401);

    // What the other region had not heard of: the deletion.
    await accounts.createEntity({ ...replica, partitionKey, rowKey });
    expect((await whoAmI(cookies)).status).toBe(200);

    const { host, SESSIONS_NOT_BEFORE } = await raised();
    expectProblem(await whoAmI(cookies, host), 401, 'session_required');
    await runSweep(SESSIONS_NOT_BEFORE);
    expect(await rowOf(arrived)).toBeUndefined();
    expect((await whoAmI(cookies)).status).toBe(401);
    await host.stop();
  }, 30_000);

  it('a sign-in that was in flight goes round once more, and comes in', async () => {
    const { browser, person, callback } = await arrive(world);
    const { host } = await raised();
    const answer = await callBack(browser, at(host, callback));
    expect(locationOf(answer)?.origin).toBe(new URL(world.op.issuer).origin);
    expect(answer.setCookies.join()).not.toContain('__Host-session=');
    expect(await rowOf({ person })).toBeUndefined();
    const again = await callBack(browser, at(host, await throughOp(browser, world.app, person, answer)));
    expect([again.status, again.headers.location]).toEqual([303, '/']);
    expect((await whoAmI(browser, host)).status).toBe(200);
    await host.stop();
  }, 30_000);
});
