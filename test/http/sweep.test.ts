import type { InvocationContext, Timer } from '@azure/functions';
import { describe, expect, it } from '@jest/globals';
import { compose } from '../../functions/compose.ts';
import { sweeper } from '../../functions/sweep.ts';
import { applicationTables } from '../../shared/account/application-tables.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import { watchConnections } from '../../shared/connection/connections.ts';
import { parseSettings } from '../../shared/settings/parse.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { openTables } from '../../shared/tables/tables.ts';
import { keyringOf } from './support/forge.ts';
import { localWorld } from './support/ground.ts';
import { bringIn } from './support/sign-in.ts';
import { storedRows } from './support/stored.ts';

const world = localWorld();

const HOUR = 60 * 60 * 1000;

/** A run over the same storage at another time, as the timer of an application has it. */
function sweepAfter(hours: number, clientId = world.app.clientId) {
  const tables = openTables({ kind: 'connection-string', connectionString: world.azurite.tablesConnectionString });
  const ambient = { ...systemAmbient, now: () => Date.now() + hours * HOUR };
  const keyring = keyringOf(world.sessionKeys, clientId);
  return sweep({ tables: applicationTables(tables, clientId), keyring, ambient, replacedHere: createReplacedHere() });
}

describe('the sweep over the rows of a real sign-in and sign-out', () => {
  it('takes nothing early, and everything when it has expired', async () => {
    const [{ browser: staying }, { browser: leaving }] = [await bringIn(world), await bringIn(world)];
    await leaving.submit(`${world.app.origin}/auth/signout`, {}, world.app.origin);

    const before = await storedRows(world);
    expect([before.accounts, before.sids, before.expiries]).toMatchObject([
      { length: 1 },
      { length: 5 },
      { length: 5 },
    ]);
    expect(await sweepAfter(0)).toMatchObject({ outcome: 'swept', counts: { notes: 0 } });
    const after = await storedRows(world);
    expect([after.accounts, after.sids]).toEqual([before.accounts, before.sids]);
    expect((await staying.navigate(`${world.app.origin}/auth/session`)).status).toBe(200);

    // Another application on the same storage has nothing to sweep here, however late.
    expect(await sweepAfter(14, 'fabrikam')).toMatchObject({ counts: { notes: 0 } });
    expect((await storedRows(world)).accounts).toEqual(before.accounts);

    const counts = { accounts: 1, sessions: 1, indexRows: 4, tombstones: 1, notes: 5, left: 0 };
    expect(await sweepAfter(14)).toEqual({ outcome: 'swept', counts });
    const { accounts, sids, expiries } = await storedRows(world);
    expect([accounts, sids]).toEqual([[], []]);
    const cursors = [world.app.clientId, 'fabrikam'].map((clientId) => `${clientId}~cursor`);
    expect(expiries.map(({ partitionKey }) => partitionKey).toSorted()).toEqual(cursors.toSorted());
    expect((await staying.navigate(`${world.app.origin}/auth/session`)).status).toBe(401);
  });
});

const compositionOf = (environment: Readonly<Record<string, string>>) => {
  const composed = compose(parseSettings(environment), watchConnections());
  if (!composed.ok) throw new Error(JSON.stringify(composed.mistakes));
  return composed.composition;
};

describe('the timer', () => {
  const run = async (environment: Readonly<Record<string, string>>) => {
    const lines: string[] = [];
    const context = { invocationId: 'run-1', log: (line: string) => lines.push(line) };
    await sweeper(compositionOf(environment))({} as Timer, context as unknown as InvocationContext);
    return lines.map((line) => JSON.parse(line));
  };
  const counts = { accounts: 0, sessions: 0, indexRows: 0, tombstones: 0, notes: 0, left: 0 };
  const completed = { event: 'sweep.completed', counts, ms: expect.any(Number), id: 'run-1' };

  it('says what a run took away, in numbers', async () => {
    expect(await run(world.app.environment)).toEqual([completed]);
  });

  it('says when storage was out', async () => {
    const TABLES_CONNECTION_STRING = world.azurite.tablesConnectionString.replace(/:\d+\//, ':9/');
    const lines = await run({ ...world.app.environment, TABLES_CONNECTION_STRING });
    expect(lines).toEqual([{ event: 'storage.unavailable', reason: expect.any(String), id: 'run-1' }, completed]);
  }, 20_000);
});
