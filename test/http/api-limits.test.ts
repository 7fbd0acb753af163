import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import { type Sent, send } from './support/wire.ts';

const world = localWorld();
const app = duringTests(() => {
  const named = {
    timeoutSeconds: 1,
    requestBytesMax: 10_000,
    requestHeaders: ['ConsistencyLevel'],
    responseHeaders: ['x-request-cost'],
    redirectOrigins: ['https://files.example'],
  };
  return world.startApp({ DOWNSTREAM_APIS: JSON.stringify({ odd: { ...world.odd.setting, ...named } }) });
});
let browser: Browser;
beforeAll(async () => {
  ({ browser } = await bringIn(world, undefined, app));
});
beforeEach(() => world.odd.answerWith((_request, response) => response.writeHead(200).end()));

const call = (path: string, { headers, ...sent }: Sent = {}) =>
  browser.fetch(`${app.origin}/api/odd${path}`, { ...sent, headers: { 'x-csrf': '1', ...headers } });

describe('an API of which the settings say more', () => {
  it('is sent the headers that they name, and its own come back', async () => {
    world.odd.answerWith((_request, response) =>
      response.writeHead(200, { 'x-request-cost': '3', 'x-other': '4' }).end(),
    );
    const { headers } = await call('/items/1', { headers: { consistencylevel: 'eventual', 'x-other': 'no' } });
    expect(world.odd.received.at(-1)?.headers).toMatchObject({ consistencylevel: 'eventual' });
    expect(world.odd.received.at(-1)?.headers).not.toHaveProperty('x-other');
    expect(headers).toMatchObject({ 'x-request-cost': '3' });
    expect(headers).not.toHaveProperty('x-other');
  });

  it('that says nothing for too long is a 504, and the next call goes through', async () => {
    world.odd.answerWith(() => undefined);
    expectProblem(await call('/items/1'), 504, 'api_timeout');
    world.odd.answerWith((_request, response) => response.end());
    expect((await call('/items/1')).status).toBe(200);
  });

  it('that keeps silent in one call holds up no other', async () => {
    const arrived = Promise.withResolvers<void>();
    world.odd.answerWith((request, response) => {
      if (request.url?.endsWith('/slow')) arrived.resolve();
      else response.end();
    });
    const slow = Array.from({ length: 20 }, () => call('/items/slow'));
    await arrived.promise;
    expect((await call('/items/1')).status).toBe(200);
    for (const answer of await Promise.all(slow)) expectProblem(answer, 504, 'api_timeout');
  });

  it.each([
    ['says how long it is', {}],
    ['does not say how long it is', { 'transfer-encoding': 'chunked' }],
  ])('is sent no body that is too long and %s', async (_what, headers) => {
    const send = (length: number) => call('/items', { method: 'POST', body: Buffer.alloc(length), headers });
    const { length } = world.odd.received;
    expectProblem(await send(10_001), 413, 'request_too_large');
    expect(world.odd.received.length).toBe(length);
    expect((await send(10_000)).status).toBe(200);
    expect(world.odd.received.at(-1)?.body.length).toBe(10_000);
  });

  it('is asked nothing, and nobody who is signed in, for a body that says itself that it is too long', async () => {
    const headers = { 'x-csrf': '1' };
    const answer = await send(`${app.origin}/api/odd/items`, { method: 'POST', body: Buffer.alloc(10_001), headers });
    expectProblem(answer, 413, 'request_too_large');
  });

  it('whose answer has more headers than anybody reads is not believed', async () => {
    world.odd.answerWith((_request, response) => response.writeHead(200, { 'x-large': 'x'.repeat(20_000) }).end());
    expectProblem(await call('/items/1'), 502, 'api_answer_refused');
  });
});

describe('a redirect', () => {
  const redirectTo = (location: string, status = 302) =>
    world.odd.answerWith((_request, response) => response.writeHead(status, { location }).end());

  it.each([301, 302, 303, 307, 308])('(%d) within the API comes back as a path of this origin', async (status) => {
    redirectTo(`${world.odd.origin}/base/items/2?x=1`, status);
    const { length } = world.odd.received;
    const answer = await call('/items/1');
    expect([answer.status, answer.headers.location]).toEqual([status, '/api/odd/items/2?x=1']);
    expect(world.odd.received.length).toBe(length + 1);
  });

  it('to an origin that the settings name is the browser’s to follow, and takes no token along', async () => {
    redirectTo('https://files.example/a?sig=mark3r');
    const answer = await call('/items/1');
    expect([answer.status, answer.headers.location]).toEqual([302, 'https://files.example/a?sig=mark3r']);
    for (const secret of world.op.issued) expect(JSON.stringify(answer.headers)).not.toContain(secret);
  });

  it.each(['https://evil.example/mark3r', '/elsewhere/mark3r', '//evil.example/base/mark3r'])(
    'anywhere else is refused, and not shown: %s',
    async (location) => {
      redirectTo(location);
      const answer = await call('/items/1');
      expectProblem(answer, 502, 'api_answer_refused');
      expect(answer.text + JSON.stringify(answer.headers)).not.toContain('mark3r');
    },
  );

  it('is none where something was created: its Location comes back where it is within the API, and else not', async () => {
    redirectTo('/base/items/7', 201);
    const made = await call('/items', { method: 'POST' });
    expect([made.status, made.headers.location]).toEqual([201, '/api/odd/items/7']);
    redirectTo('https://evil.example/7', 201);
    const elsewhere = await call('/items', { method: 'POST' });
    expect([elsewhere.status, elsewhere.headers.location]).toEqual([201, undefined]);
  });
});
