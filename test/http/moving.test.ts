import { beforeAll, describe, expect, it } from '@jest/globals';
import type { SpawnedHost } from '../../local/host/spawn.ts';
import type { User } from '../../local/op/op.ts';
import { placeName } from '../../shared/settings/tables.ts';
import { rendezvous } from '../../shared/store/rendezvous.ts';
import { Browser } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { bringIn, callBack, throughOp } from './support/sign-in.ts';
import { rowsIn } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const world = localWorld();
/** Three storage accounts of one emulator. */
let stored: readonly [string, string, string];
/** One application, and an instance of it for each step from the first two of them to all three. */
let app: RunningApp;
let instances: readonly SpawnedHost[];
beforeAll(async () => {
  stored = [world.azurite.tablesConnectionString, ...world.azurite.moreTablesConnectionStrings];
  const [two, three] = [stored.slice(0, 2).join(), stored.join()];
  app = await world.startApp({ TABLES_CONNECTION_STRING: two });
  const others = [
    { TABLES_CONNECTION_STRING: two, TABLES_CONNECTION_STRING_MOVING: three },
    { TABLES_CONNECTION_STRING: three, TABLES_CONNECTION_STRING_MOVING: two },
    { TABLES_CONNECTION_STRING: three },
    // The same, but the third storage account refuses it.
    { TABLES_CONNECTION_STRING: `${two},${stored[2].replace(/AccountKey=[^;]+/, 'AccountKey=c2VjcmV0')}` },
  ];
  instances = [app.host, ...(await Promise.all(others.map((changes) => world.startInstance(app, changes))))];
}, RAISE_MILLISECONDS);

type Step = 0 | 1 | 2 | 3 | 'third refused';

interface Visitor {
  readonly browser: Browser;
  readonly person: User;
  readonly sid: string;
}

/** The address as the platform sends it to one instance: the same host, so that the browser's cookies go along. */
function at(step: Step, path: string): string {
  const routed = new URL(path, app.origin);
  routed.port = String(instances[step === 'third refused' ? 4 : step]?.port);
  return routed.href;
}

async function signInAt(step: Step, person: User): Promise<Visitor> {
  const browser = new Browser();
  const callback = await throughOp(browser, app, person, await browser.navigate(at(step, '/auth/signin')));
  const answer = await callBack(browser, at(step, new URL(callback).pathname + new URL(callback).search));
  if (answer.status !== 303) throw new Error(`not signed in: ${answer.status}`);
  return { browser, person, sid: new URL(callback).searchParams.get('session_state') ?? '' };
}

const whoAmI = (step: Step, { browser }: Visitor) => browser.fetch(at(step, '/auth/session'));
const hear = (step: Step, { sid }: Visitor) =>
  new Browser().frame(at(step, `/auth/signout-callback?sid=${sid}`), world.op.origin);
async function sessionsOf(step: Step, { browser }: Visitor): Promise<readonly { id: string; current: boolean }[]> {
  const { sessions } = (await browser.fetch(at(step, '/auth/sessions'))).json();
  return sessions as readonly { id: string; current: boolean }[];
}

function signOutAt(step: Step, { browser }: Visitor): Promise<Answer> {
  const cookie = `__Host-session=${browser.cookie(app.origin, '__Host-session')}`;
  const headers = { cookie, origin: app.origin, 'sec-fetch-site': 'same-origin', accept: 'text/html' };
  return send(at(step, '/auth/signout'), { method: 'POST', headers });
}

/** In which of the storage accounts somebody has a row, counted from one. */
async function placesOf({ oid }: User): Promise<number[]> {
  const all = await Promise.all(stored.map(rowsIn));
  const has = (rows: (typeof all)[number]) => rows.accounts.some(({ partitionKey }) => partitionKey.startsWith(oid));
  return all.flatMap((rows, index) => (has(rows) ? [index + 1] : []));
}

const placed = () =>
  rendezvous(
    stored.map((connectionString) => ({ name: placeName({ kind: 'connection-string', connectionString }) })) as never,
  );
/** Whether the third storage account will have somebody. */
async function moves({ oid }: User): Promise<boolean> {
  const accounts = (await Promise.all(stored.map(rowsIn))).flatMap((rows) => rows.accounts);
  const key = accounts.find(({ partitionKey }) => partitionKey.startsWith(oid))?.partitionKey ?? '';
  return placed()(key).name.endsWith('3');
}

describe('from two storage accounts to three', () => {
  const staying: Visitor[] = [];
  const moving: Visitor[] = [];

  it('people are signed in by the two', async () => {
    while (moving.length < 4 || staying.length < 2) {
      const visitor = await bringIn(world, undefined, app);
      ((await moves(visitor.person)) ? moving : staying).push(visitor);
    }
    expect((await rowsIn(stored[2])).accounts).toEqual([]);
  }, 60_000);

  it.each([0, 1, 2] as const)('all of them are signed in still at step %i', async (step) => {
    for (const visitor of [...staying, ...moving]) expect((await whoAmI(step, visitor)).status).toBe(200);
    const called = await moving[0]?.browser.fetch(at(step, '/api/graph/me'), { headers: { 'x-csrf': '1' } });
    expect(called?.status).toBe(200);
  });

  it('who signs in once more does so at the new place, and sees both sessions at either step', async () => {
    const [first] = moving as [Visitor];
    const second = await signInAt(2, first.person);
    expect(await placesOf(first.person)).toEqual([expect.any(Number), 3]);
    for (const step of [1, 2] as const) {
      expect((await sessionsOf(step, first)).length).toBe(2);
      expect((await whoAmI(step, second)).status).toBe(200);
    }
    // And one ends the other.
    const old = (await sessionsOf(2, second)).find(({ current }) => !current);
    const init = { method: 'DELETE', headers: { 'x-csrf': '1', origin: app.origin } };
    expect((await second.browser.fetch(at(2, `/auth/sessions/${old?.id}`), init)).status).toBe(204);
    expect((await whoAmI(1, first)).status).toBe(401);
    expect(await placesOf(first.person)).toEqual([3]);
    expect((await signOutAt(1, second)).status).toBe(303);
    expect(await placesOf(first.person)).toEqual([]);
  });

  it('a sign-out that the OP tells of ends the account at the old place and at the new one', async () => {
    const [, first] = moving as [Visitor, Visitor];
    const second = await signInAt(2, first.person);
    expect((await placesOf(first.person)).length).toBe(2);
    expect((await hear(1, first)).status).toBe(200);
    expect(await placesOf(first.person)).toEqual([]);
    for (const gone of [first, second]) expect((await whoAmI(2, gone)).status).toBe(401);
  });

  it('so does an own sign-out', async () => {
    const [, , first] = moving as [Visitor, Visitor, Visitor];
    const second = await signInAt(2, first.person);
    expect((await placesOf(first.person)).length).toBe(2);
    expect((await signOutAt(2, second)).status).toBe(303);
    expect(await placesOf(first.person)).toEqual([]);
    expect((await whoAmI(1, first)).status).toBe(401);
  });

  it('nobody is left in any of the three when all have signed out', async () => {
    for (const visitor of [...staying, ...moving]) {
      const left = (await whoAmI(2, visitor)).status === 200;
      expect((await hear(2, visitor)).status).toBe(200);
      if (left) expect((await whoAmI(1, visitor)).status).toBe(401);
    }
    expect((await Promise.all(stored.map(rowsIn))).flatMap(({ accounts }) => accounts)).toEqual([]);
  });

  it('when the move is over each is where the three have them', async () => {
    for (const { person } of [...staying, ...moving].slice(0, 4)) {
      const visitor = await signInAt(3, person);
      expect(await placesOf(person)).toEqual([(await moves(person)) ? 3 : expect.any(Number)]);
      expect((await hear(3, visitor)).status).toBe(200);
      expect(await placesOf(person)).toEqual([]);
    }
  });
});

describe('with one of three storage accounts away', () => {
  it('its people are answered 503, and all others as ever', async () => {
    const there: Visitor[] = [];
    const elsewhere: Visitor[] = [];
    while (there.length === 0 || elsewhere.length === 0) {
      const visitor = await signInAt(3, world.newPerson());
      ((await moves(visitor.person)) ? there : elsewhere).push(visitor);
    }
    for (const visitor of there) expect((await whoAmI('third refused', visitor)).status).toBe(503);
    for (const visitor of elsewhere) expect((await whoAmI('third refused', visitor)).status).toBe(200);
    for (const visitor of there) expect((await hear('third refused', visitor)).status).toBe(503);
  }, 60_000);

  it('readiness says which, by its place in the settings', async () => {
    const ready = await send(at('third refused', '/health/ready'));
    expect([ready.status, ready.json()]).toMatchObject([
      503,
      { parts: { storage: 'unavailable' }, storageAccounts: ['ready', 'ready', 'unavailable'] },
    ]);
    expect(ready.text).not.toMatch(/devstoreaccount|127\.0\.0\.1/);
    expect((await send(at(3, '/health/ready'))).json()).toMatchObject({ storageAccounts: ['ready', 'ready', 'ready'] });
  });
});
