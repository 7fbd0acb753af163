import { readFileSync } from 'node:fs';
import { TableClient } from '@azure/data-tables';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATOR_AUDIENCE, operatorProgram } from '../../local/stage/applications.ts';
import { applicationTables } from '../../shared/account/application-tables.ts';
import { createReplacedHere } from '../../shared/account/replaced-here.ts';
import { systemAmbient } from '../../shared/ambient/system.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { openTables } from '../../shared/tables/tables.ts';
import { postToken } from '../local/op/browser.ts';
import { keyringOf } from './support/forge.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { operate } from './support/operator.ts';
import { type Arrived, bringIn } from './support/sign-in.ts';
import { storedRows } from './support/stored.ts';
import { RAISE_MILLISECONDS } from './support/world.ts';

/** The queries by which an operator proves it, as docs/operations.md gives them: table and filter. */
const QUERIES = [
  ...readFileSync('docs/operations.md', 'utf8').matchAll(
    /az storage entity query [^\n]*--table-name (\w+) \\\n\s*--filter "([^"]+)"/g,
  ),
].map(([, table = '', filter = '']) => ({ table, filter }));
const HOUR_MILLISECONDS = 60 * 60 * 1_000;
/** As docs/operations.md says: the absolute end, one hour of `expiries`, twenty minutes, the next run of the timer. */
const LAST_ROW_MILLISECONDS = 12 * HOUR_MILLISECONDS + (60 + 20 + 10) * 60_000;

const TENANT = 'c0117050-4444-4d44-8d44-0000000000d4';

const world = localWorld({ OPERATOR_AUDIENCE, OPERATOR_TENANT: TENANT }, { tenantId: TENANT });

/** What the documented queries find of somebody, by table. */
async function found(homeAccountId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, filter } of QUERIES) {
    const asked = filter.replaceAll('$ACCOUNT', homeAccountId).replaceAll('$CLIENT_ID', world.app.clientId);
    const options = { allowInsecureConnection: true };
    const client = TableClient.fromConnectionString(world.azurite.tablesConnectionString, table, options);
    let count = 0;
    for await (const _ of client.listEntities({ queryOptions: { filter: asked } })) count += 1;
    counts[table] = count;
  }
  return counts;
}

/** Every key and property of every row, in every form in which a name could stand there. */
async function everythingStored(): Promise<string> {
  const rows = Object.values(await storedRows(world)).flat();
  const decoded = rows.flatMap(({ properties }) =>
    Object.values(properties).map((value) => Buffer.from(value, 'base64').toString('latin1')),
  );
  return `${JSON.stringify(rows)}\n${decoded.join('\n')}`;
}

function sweepAt(now: () => number) {
  const tables = openTables({ kind: 'connection-string', connectionString: world.azurite.tablesConnectionString });
  const { clientId } = world.app;
  const ambient = { ...systemAmbient, now };
  const keyring = keyringOf(world.sessionKeys, clientId);
  return sweep({ tables: applicationTables(tables, clientId), keyring, ambient, replacedHere: createReplacedHere() });
}

describe('all that is stored of one person is purged', () => {
  let gone: Arrived;
  let other: Arrived;
  let account: string;
  let token: string;
  let purgedAt: number;

  beforeAll(async () => {
    gone = await bringIn(world);
    await bringIn(world, gone.person);
    other = await bringIn(world);
    account = `${gone.person.oid}.${TENANT}`;
    const program = operatorProgram();
    world.op.register(program);
    const form = { grant_type: 'client_credentials', scope: `${OPERATOR_AUDIENCE}/.default` };
    token = String((await postToken(world.op, program, form)).body.access_token);
  }, RAISE_MILLISECONDS);

  it('the documented queries find them before: one account, and what leads to it', async () => {
    expect(QUERIES.map(({ table }) => table)).toEqual(['accounts', 'sids', 'expiries']);
    const { accounts, sids, expiries } = await found(account);
    expect([accounts, expiries]).toEqual([1, 2]);
    expect(sids).toBeGreaterThan(1);
  });

  it('an operator ends the account: sessions and tokens are gone, and a look finds nothing', async () => {
    const answer = await operate(world.app, 'POST', `accounts/${account}/signout`, token);
    purgedAt = Date.now();
    expect([answer.status, answer.json().sessions, answer.json().tokenCaches]).toEqual([200, 2, 2]);
    expectProblem(await operate(world.app, 'GET', `accounts/${account}`, token), 404, 'nothing_stands');
    expect(await found(account)).toMatchObject({ accounts: 0 });
    expect((await other.browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
  });

  it('what leads to it stays meanwhile, and has an id in it, but no name, address or token', async () => {
    const { sids, expiries } = await found(account);
    expect(sids).toBeGreaterThan(1);
    expect(expiries).toBe(2);
    const stored = await everythingStored();
    expect(stored).toContain(gone.person.oid);
    for (const text of [gone.person.name, gone.person.upn, ...world.op.issued]) expect(stored).not.toContain(text);
  });

  it('the sweep takes that too, at the documented time, and then no row has the person in it', async () => {
    await sweepAt(() => purgedAt + LAST_ROW_MILLISECONDS);
    expect(await found(account)).toEqual({ accounts: 0, sids: 0, expiries: 0 });
    expect(await everythingStored()).not.toContain(gone.person.oid);
  });

  it('no line of the log has had a name, an address or an id of theirs', () => {
    const lines = world.app.host.lines.join('\n');
    expect(lines).toContain('"event":"signout.completed","door":"operator"');
    for (const text of [gone.person.oid, gone.person.name, gone.person.upn]) expect(lines).not.toContain(text);
  });
});
