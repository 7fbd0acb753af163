import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RAISE_MILLISECONDS, type RunningApp } from '../http/support/world.ts';
import { COUNTED } from './support/counted/counted.ts';
import { enter } from './support/counted/operation.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { linger, rounds } from './support/rounds.ts';
import { type StorageRequest, titleOf } from './support/storage-request.ts';
import { enlargeCaches } from './support/stored-account.ts';
import { callApi, isAbout, signedIn, signOutOwn, type Visitor } from './support/visitor.ts';

const OTHERS = 4;
const HOT_READ_BYTES_MAX = 2_048;
/** With tokens for some twenty APIs. */
const LARGE_CACHE_BYTES = 60_000;

let ground: Ground;
/** The same build with more APIs to call. */
let manyApis: RunningApp;
/** With an OP at which refresh tokens are revoked, each by itself. */
let revoking: Ground;
beforeAll(async () => {
  ground = await raiseGround();
  revoking = await raiseGround(
    { AUTH_PROTOCOL: 'oidc', AUTH_REVOCATION: 'token' },
    { dialect: 'standard', revocationReach: 'token' },
  );
  const { graph } = JSON.parse(ground.app.environment.DOWNSTREAM_APIS ?? '');
  const apis = ['graph', 'mail', 'files', 'calendar', 'tasks', 'people'].map((name) => [name, graph]);
  manyApis = await ground.startApp({ DOWNSTREAM_APIS: JSON.stringify(Object.fromEntries(apis)) });
  // The first use of an instance creates the tables.
  for (const app of [ground.app, manyApis]) await signedIn(ground.world, app);
  await signedIn(revoking.world, revoking.app);
}, 2 * RAISE_MILLISECONDS);
afterAll(async () => {
  await ground.stop();
  await revoking.stop();
});

describe.each([
  { where: 'for somebody on one device', devices: 1, others: 0, app: () => ground.app },
  {
    where: 'for somebody on as many devices as there may be, beside others',
    devices: 64,
    others: OTHERS,
    app: () => ground.app,
  },
  { where: 'in an application with six APIs', devices: 1, others: 0, app: () => manyApis },
  {
    where: 'where refresh tokens are revoked, on three devices',
    devices: 3,
    others: 0,
    app: () => revoking.app,
    on: () => revoking,
  },
])('$where', ({ devices, others, app, on = () => ground }) => {
  beforeAll(async () => {
    await Promise.all(Array.from({ length: others }, () => signedIn(on().world, app())));
  });

  it.each(COUNTED)('$name takes $rounds round trips and $calls calls', async (counted) => {
    const operation = await counted.prepare({ ground: on(), app: app(), devices });
    const { proxy } = on();
    const before = proxy.requests.length;
    proxy.decide = () => linger;
    await operation();
    proxy.decide = () => undefined;
    const requests = proxy.requests.slice(before);
    const [calls, titles] = [requests.length, requests.map(titleOf)];
    expect({ rounds: rounds(requests), calls, titles }).toEqual({
      rounds: counted.rounds,
      calls: counted.calls,
      titles,
    });
  });
});

describe('the read of a call', () => {
  const read = async (visitor: Visitor) => {
    const before = ground.proxy.requests.length;
    expect((await callApi(visitor.app, visitor.browser)).status).toBe(200);
    return ground.proxy.requests.slice(before);
  };

  it.each([1, 64])(
    'of an account with %i sessions is answered with the same 2 KB at most, and asks for that session alone',
    async (devices) => {
      const visitor = await enter({ ground, app: ground.app, devices });
      const [call, ...more] = await read(visitor);
      expect(more).toEqual([]);
      expect(call?.select).toMatch(/^s_\w{32},l_\w{32}$/);
      expect(call?.answerBytes).toBeGreaterThan(500);
      expect(call?.answerBytes).toBeLessThanOrEqual(HOT_READ_BYTES_MAX);
    },
  );

  it('is as small whatever tokens there are', async () => {
    const visitor = await enter({ ground, app: ground.app, devices: 1 });
    const [before] = await read(visitor);
    await enlargeCaches(ground, visitor, LARGE_CACHE_BYTES);
    const [after] = await read(visitor);
    expect(after?.answerBytes).toBe(before?.answerBytes);
  });
});

describe('calls of one session at once', () => {
  /** Somebody whose token is at hand, and whose next read of their account is held with its answer, once storage gave it. */
  const withReadHeld = async () => {
    const { app, proxy, world } = ground;
    const visitor = await signedIn(world, app);
    await callApi(app, visitor.browser);
    const sent = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const before = proxy.requests.length;
    const reads = () => proxy.requests.slice(before).filter((request) => isRead(request) && isAbout(request, visitor));
    proxy.decide = (request) =>
      reads().length === 1 && isRead(request) && isAbout(request, visitor)
        ? async ({ forward, reply }) => {
            const answer = await forward();
            sent.resolve();
            await release.promise;
            reply(answer);
          }
        : undefined;
    const first = callApi(app, visitor.browser);
    await sent.promise;
    proxy.decide = () => undefined;
    return { ...visitor, first, reads, release: () => release.resolve() };
  };
  const isRead = ({ operation, table }: StorageRequest): boolean => operation === 'read' && table === 'accounts';

  it('share the next read: ten of them are two', async () => {
    const { app, browser, first, reads, release } = await withReadHeld();
    const others = Array.from({ length: 9 }, () => callApi(app, browser));
    // Answered after they have come in: they were sent before.
    await browser.fetch(`${app.origin}/health`);
    release();
    expect((await Promise.all([first, ...others])).map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(reads()).toHaveLength(2);
  });

  it('share none that was sent before they came in: who comes after a sign-out sees it', async () => {
    const { app, browser, first, release } = await withReadHeld();
    const tab = browser.copy();
    expect((await signOutOwn(app, browser)).status).toBe(303);
    const late = callApi(app, tab);
    await browser.fetch(`${app.origin}/health`);
    release();
    expect([(await first).status, (await late).status]).toEqual([200, 401]);
  });
});
