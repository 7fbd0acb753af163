import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Azurite, startAzurite } from '../../local/azurite.ts';
import { freePort } from '../../local/free-port.ts';
import { pairwiseSub } from '../../local/op/users.ts';
import { type JsonServer, startJsonServer } from '../support/json-server.ts';
import { generateSigningKey, JWKS_PATH, publishKeys, type SigningKey } from '../support/signing-op.ts';
import { CAEP, setClaims, signSet, TRANSMITTER_AUDIENCE, TRANSMITTER_ISSUER } from '../support/transmitter.ts';
import { expectProblem } from './support/headers.ts';
import { arrive, callBack } from './support/sign-in.ts';
import { accountRow } from './support/stored.ts';
import { send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp, raiseWorld, type World } from './support/world.ts';

let world: World;
let app: RunningApp;
let folder: string;
let tablePort: number;
/** The tables lie in an account of their own, which comes and goes; the queue lies in the host's. */
let tables: Azurite;
let keys: JsonServer;
let key: SigningKey;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exeunt-test-'));
  tablePort = await freePort();
  tables = await startAzurite({ folder, tablePort });
  [world, keys, key] = await Promise.all([raiseWorld(), startJsonServer(), generateSigningKey('transmitter-1')]);
  publishKeys(keys, key);
  app = await world.startApp({
    TABLES_CONNECTION_STRING: tables.tablesConnectionString,
    SECURITY_EVENTS_ISSUER: TRANSMITTER_ISSUER,
    SECURITY_EVENTS_AUDIENCE: TRANSMITTER_AUDIENCE,
    SECURITY_EVENTS_JWKS_URL: `${keys.origin}${JWKS_PATH}`,
  });
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await world.stop();
  await keys.close();
  await tables.stop();
  await rm(folder, { recursive: true });
});

describe('a security event that comes while the tables are down', () => {
  it('is not acknowledged, and is done as soon as they are back, without being sent again', async () => {
    const { browser, person, callback } = await arrive(world, world.newPerson(), app);
    await callBack(browser, callback);
    const sub_id = { format: 'iss_sub', iss: world.op.issuer, sub: pairwiseSub(person.oid, app.clientId) };
    const set = await signSet(setClaims(Date.now(), `${CAEP}session-revoked`, { sub_id }), key);
    const deliver = () =>
      send(`${app.origin}/events/security`, {
        method: 'POST',
        headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
        body: set,
      });
    await tables.stop();
    const answer = await deliver();
    expectProblem(answer, 503, 'signout_queued');
    expect(answer.headers['retry-after']).toBe('5');

    tables = await startAzurite({ folder, tablePort });
    await app.host.line(/"signout.completed","door":"security-events",.*"sessions":1,.*"tries":[1-9]/);
    expect(await accountRow({ azurite: tables }, person, app)).toBeUndefined();
    expect((await browser.fetch(`${app.origin}/auth/session`)).status).toBe(401);
    // Who sends it again all the same is told what is true by now.
    expect((await deliver()).status).toBe(202);
  }, 120_000);
});
