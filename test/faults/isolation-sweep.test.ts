import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applicationTables } from '../../shared/account/application-tables.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { openTables } from '../../shared/tables/tables.ts';
import { keyringOf } from '../http/support/forge.ts';
import { RAISE_MILLISECONDS, type RunningApp } from '../http/support/world.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { describeRequest, during, naming } from './support/isolation.ts';
import { storedAccount } from './support/stored-account.ts';
import { callApi, signedIn } from './support/visitor.ts';

const HOUR_MILLISECONDS = 60 * 60 * 1000;
/** By then a session that lasts 12 hours has expired and settled. */
const LATER_HOURS = 14;

let ground: Ground;
beforeAll(async () => {
  ground = await raiseGround();
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await ground.stop();
});

/** A run over the storage behind the proxy, hours from now, as the timer of that application has it. */
function sweepLater({ clientId }: RunningApp) {
  const tables = openTables({ kind: 'connection-string', connectionString: ground.proxy.connectionString });
  const ambient = { ...systemAmbient, now: () => Date.now() + LATER_HOURS * HOUR_MILLISECONDS };
  const keyring = keyringOf(ground.world.sessionKeys, clientId);
  return sweep({ tables: applicationTables(tables, clientId), keyring, ambient, replacedHere: createReplacedHere() });
}

describe('the sweep of one of two applications on one storage account', () => {
  it('reads its own buckets only, and takes nothing of the other', async () => {
    const here = await signedIn(ground.world, ground.app);
    const there = await signedIn(ground.world, await ground.startApp(), here.person);
    const before = await storedAccount(ground.storage, there.account);

    const requests = await during(ground, async () => {
      expect(await sweepLater(here.app)).toMatchObject({ outcome: 'swept', counts: { accounts: 1, sessions: 1 } });
    });
    expect(naming(there, requests)).toEqual([]);
    const buckets = requests.filter(({ operation, table }) => table === 'expiries' && operation !== 'create-table');
    const foreign = buckets.filter(({ partitionKey }) => !partitionKey?.startsWith(`${here.app.clientId}~`));
    expect(foreign.map(describeRequest)).toEqual([]);

    expect(await storedAccount(ground.storage, here.account)).toBeNull();
    expect(await storedAccount(ground.storage, there.account)).toEqual(before);
    expect((await callApi(there.app, there.browser)).status).toBe(200);
  });
});
