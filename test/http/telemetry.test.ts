import { beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../local/free-port.ts';
import { findSecrets } from '../e2e/support/search.ts';
import { localWorld } from './support/ground.ts';
import { type Arrived, arrive, bringIn, callBack } from './support/sign-in.ts';
import { localReceiver } from './support/telemetry.ts';
import { send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp } from './support/world.ts';

const world = localWorld();
const receiver = localReceiver();

const HOUR_SECONDS = 3_600;
/** Soon over. */
const TOKEN_SECONDS = 2;
/** What arrives then was not sent for the time that had passed. */
const SELDOM = { OTEL_METRIC_EXPORT_INTERVAL: '3600000' };
const CSRF = { headers: { 'x-csrf': '1' } };

/** A person signs in, calls an API with a query until the token has been refreshed, and leaves, here and elsewhere. */
async function liveThrough(app: RunningApp): Promise<Arrived[]> {
  world.op.setAccessTokenSeconds(TOKEN_SECONDS);
  const [here, elsewhere] = [await bringIn(world, undefined, app), await bringIn(world, undefined, app)];
  world.op.setAccessTokenSeconds(HOUR_SECONDS);
  const call = () => here.browser.fetch(`${app.origin}/api/graph/me?secret=in-a-query`, CSRF);
  const before = world.op.refreshCount;
  while (world.op.refreshCount === before) await call();
  await app.host.line(/"token.refreshed"/);
  expect((await call()).status).toBe(200);
  expect((await here.browser.submit(`${app.origin}/auth/signout`, {}, app.origin)).status).toBe(303);
  expect((await send(`${app.origin}/auth/signout-callback?sid=${elsewhere.sid}`)).status).toBe(200);
  return [here, elsewhere];
}

describe('with OTEL_EXPORTER_OTLP_ENDPOINT set', () => {
  let app: RunningApp;
  let people: Arrived[];
  beforeAll(async () => {
    app = await world.startApp({ ...receiver.settings, OTEL_SERVICE_NAME: 'telling' });
    people = await liveThrough(app);
    await receiver.until(
      () =>
        receiver.value('exeunt.signout.duration') === 2 &&
        receiver.spans().some(({ name }) => name === 'signout-callback'),
    );
  }, RAISE_MILLISECONDS);

  it('what became of sign-ins, refreshes and sign-outs arrives, by door and outcome', () => {
    expect(receiver.value('exeunt.signin.outcomes', { 'exeunt.outcome': 'started' })).toBe(2);
    expect(receiver.value('exeunt.signin.outcomes', { 'exeunt.outcome': 'completed' })).toBe(2);
    expect(receiver.value('exeunt.signin.duration')).toBe(2);
    expect(
      receiver.value('exeunt.refresh.outcomes', { 'exeunt.outcome': 'refreshed', 'exeunt.api': 'graph' }),
    ).toBeGreaterThan(0);
    for (const door of ['own', 'front-channel']) {
      const at = { 'exeunt.door': door };
      expect(receiver.value('exeunt.signout.outcomes', { ...at, 'exeunt.outcome': 'completed' })).toBe(1);
      expect(receiver.value('exeunt.signout.sessions', at)).toBe(1);
      expect(receiver.value('exeunt.signout.token_caches', at)).toBe(1);
    }
  });

  it('so do the calls of storage, by table and operation', () => {
    const removals = { 'db.collection.name': 'accounts', 'db.operation.name': 'remove', 'exeunt.outcome': 'removed' };
    expect(receiver.value('exeunt.storage.calls', removals)).toBe(2);
    expect(receiver.value('exeunt.storage.duration', { 'db.collection.name': 'sids' })).toBeGreaterThan(0);
  });

  it('and spans of what an invocation waited for, each under its invocation', () => {
    const spans = receiver.spans().filter(({ service }) => service === 'telling');
    const invocations = new Map(spans.filter(({ kind }) => kind === 1).map((span) => [span.spanId, span]));
    const under = (name: string, invocation: string) =>
      spans.find((span) => span.name === name && invocations.get(span.parentSpanId ?? '')?.name === invocation);
    expect(under('GET metadata', 'signin')?.attributes).toMatchObject({ 'http.response.status_code': '200' });
    expect(under('POST token', 'callback')?.attributes).toMatchObject({ 'http.response.status_code': '200' });
    expect(under('GET keys', 'callback')).toBeDefined();
    expect(under('GET', 'api')?.attributes).toMatchObject({
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'http.response.status_code': '200',
    });
    expect(under('read accounts', 'api')?.attributes).toMatchObject({ 'exeunt.outcome': 'found' });
    expect(under('remove accounts', 'signout-callback')?.attributes).toMatchObject({ 'exeunt.outcome': 'removed' });
  });

  it('and in none of it is a token, code, key, sid, name, account or query', () => {
    const seen = receiver.bodies.map((body) => ({ where: 'telemetry', bytes: Buffer.from(body) }));
    expect(seen.length).toBeGreaterThan(2);
    expect(world.op.issued.length).toBeGreaterThan(4);
    expect(findSecrets([...world.op.issued, app.clientSecret, world.sessionKeys], seen)).toEqual([]);
    const text = receiver.bodies.join('\n');
    for (const { person, sid, callback } of people) {
      const { code, state } = Object.fromEntries(new URL(callback).searchParams);
      for (const secret of [person.oid, person.upn, person.name, sid, code, state]) expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/in-a-query|\?/);
  });
});

describe('a sign-out that storage interrupts', () => {
  it('is counted as queued, and each vain try from the queue as delayed, which is sent at once', async () => {
    const nobody = await freePort();
    const storage = `http://127.0.0.1:${nobody}/devstoreaccount1`;
    const tables = world.app.environment.TABLES_CONNECTION_STRING?.replace(
      /TableEndpoint=[^;]*/,
      `TableEndpoint=${storage}`,
    );
    const app = await world.startApp({ ...receiver.settings, ...SELDOM, TABLES_CONNECTION_STRING: tables });
    expect((await send(`${app.origin}/auth/signout-callback?sid=a-sid-that-nobody-has`)).status).toBe(503);
    const at = { 'exeunt.door': 'front-channel' };
    await receiver.until(
      () =>
        receiver.value('exeunt.signout.outcomes', { ...at, 'exeunt.outcome': 'queued' }) === 1 &&
        receiver.value('exeunt.signout.outcomes', { ...at, 'exeunt.outcome': 'delayed' }) > 0,
    );
    expect(receiver.value('exeunt.signout.retries', { 'exeunt.outcome': 'delayed' })).toBeGreaterThan(0);
    expect(receiver.value('exeunt.storage.calls', { 'exeunt.outcome': 'unavailable' })).toBeGreaterThan(0);
  });
});

describe('when the process is told to end', () => {
  it('what has gathered is sent first', async () => {
    const app = await world.startApp({
      ...receiver.settings,
      OTEL_SERVICE_NAME: 'ending',
      ...SELDOM,
    });
    await arrive(world, undefined, app);
    await app.host.stop();
    expect(receiver.points()).toContainEqual(
      expect.objectContaining({ service: 'ending', name: 'exeunt.signin.outcomes', value: 1 }),
    );
  });
});

describe('settings of telemetry that are mistaken', () => {
  it('are said, and the application works without it', async () => {
    const app = await world.startApp({ APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=mistaken' });
    expect(await app.host.line(/^telemetry: not started/)).toContain('OTEL_LOG_LEVEL');
    const { browser, callback } = await arrive(world, undefined, app);
    expect((await callBack(browser, callback)).status).toBe(303);
    expect((await browser.submit(`${app.origin}/auth/signout`, {}, app.origin)).status).toBe(303);
  });
});

/** Says each connection that the process makes, and each port of its own. */
const TELL_CONNECTIONS = `data:text/javascript,${encodeURIComponent(`
  import { Server, Socket } from 'node:net';
  const { connect } = Socket.prototype;
  Socket.prototype.connect = function (...args) {
    const [first] = args.flat();
    process.stdout.write('connects ' + (first.port ?? first) + '\\n');
    return connect.apply(this, args);
  };
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    this.once('listening', () => process.stdout.write('listens ' + this.address().port + '\\n'));
    return listen.apply(this, args);
  };
`)}`;

const portIn = (text = '', pattern: RegExp): string => pattern.exec(text)?.[1] ?? '';

describe('with nothing of it set', () => {
  it.each([
    ['nothing', () => ({})],
    ['an endpoint, and OTEL_SDK_DISABLED', () => ({ ...receiver.settings, OTEL_SDK_DISABLED: 'true' })],
  ])('no connection is made but to what the application works with: %s', async (_, settings) => {
    const app = await world.startApp({ ...settings(), NODE_OPTIONS: `--import=${TELL_CONNECTIONS}` });
    await liveThrough(app);
    await app.host.stop();
    const portsThat = (verb: string) =>
      new Set(app.host.lines.flatMap((line) => (line.startsWith(`${verb} `) ? line.slice(verb.length + 1) : [])));
    const { azurite, op } = world;
    const known = [
      new URL(op.origin).port,
      portIn(azurite.combinedConnectionString, /QueueEndpoint=http:\/\/127\.0\.0\.1:(\d+)/),
      portIn(azurite.tablesConnectionString, /TableEndpoint=http:\/\/127\.0\.0\.1:(\d+)/),
      portIn(app.environment.DOWNSTREAM_APIS, /"graph":\{"baseUrl":"http:\/\/127\.0\.0\.1:(\d+)/),
    ];
    const connected = portsThat('connects');
    for (const port of known) expect(connected).toContain(port);
    const own = portsThat('listens');
    expect([...connected].filter((port) => !known.includes(port) && !own.has(port))).toEqual([]);
  });
});
