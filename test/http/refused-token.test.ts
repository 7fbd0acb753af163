import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser } from './support/browser.ts';
import { callAt } from './support/call-at.ts';
import { localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import type { Sent } from './support/wire.ts';

const world = localWorld();
let browser: Browser;

const call = (path = '/api/odd/any/x', { headers, ...sent }: Sent = {}) =>
  browser.fetch(`${world.app.origin}${path}`, { ...sent, headers: { 'x-csrf': '1', ...headers } });
const post = (body: string) =>
  call('/api/odd/items', { method: 'POST', headers: { 'content-type': 'text/plain' }, body });

/** The tokens that came to the API, and how often each is taken. */
let came: string[];
let refused: Set<string>;
let before: number;
const spent = () => world.op.refreshCount - before;
beforeEach(async () => {
  ({ browser } = await bringIn(world));
  came = [];
  refused = new Set();
  world.odd.answerWith(({ headers }, response) => {
    const token = headers.authorization ?? '';
    came.push(token);
    if (refused.has(token) || refused.has('all')) {
      response.writeHead(401, {
        'www-authenticate': 'Bearer realm="mark3r-41", authorization_uri="https://mark3r-42"',
      });
      response.end('no more');
    } else response.writeHead(200).end('yes');
  });
  await call();
  before = world.op.refreshCount;
});
const refuse = () => refused.add(came.at(-1) ?? '');

describe('an API that takes a token no longer', () => {
  it('is sent another, and the caller sees nothing of it', async () => {
    refuse();
    expect(await call()).toMatchObject({ status: 200, text: 'yes' });
    expect(await call()).toMatchObject({ status: 200, text: 'yes' });
    expect([spent(), new Set(came).size]).toEqual([1, 2]);
  });

  it('is sent the body again', async () => {
    refuse();
    const body = 'x'.repeat(60_000);
    expect(await post(body)).toMatchObject({ status: 200 });
    expect(world.odd.received.slice(-2).map((each) => each.body.toString())).toEqual([body, body]);
  });

  it('is not sent a body again that was too long to be kept: the caller is told to', async () => {
    refuse();
    const body = 'x'.repeat(200_000);
    const answer = await post(body);
    expectProblem(answer, 503, 'call_not_repeated');
    expect(answer.headers['retry-after']).toBe('1');
    expect(await post(body)).toMatchObject({ status: 200 });
    expect(spent()).toBe(1);
  });

  it('costs one redemption for twenty calls at the same moment, over two instances', async () => {
    const twin = { ...world.app, host: await world.startInstance(world.app) };
    expect((await callAt(twin, browser, '/api/odd/any/x')).status).toBe(200);
    refuse();
    const apps = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? world.app : twin));
    const answers = await Promise.all(apps.map((app) => callAt(app, browser, '/api/odd/any/x')));
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(spent()).toBe(1);
    await twin.host.stop();
  });

  it('or any other costs one redemption, has its answer heard, and shows nothing of whom it trusts', async () => {
    refused.add('all');
    for (let calls = 0; calls < 3; calls += 1) {
      const answer = await call();
      expect(answer).toMatchObject({ status: 401, text: 'no more' });
      expect(answer.headers).not.toHaveProperty('www-authenticate');
      expect(JSON.stringify(answer.headers)).not.toContain('mark3r');
    }
    expect(spent()).toBe(1);
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(200);
  });

  it('because the person’s are revoked has them signed out', async () => {
    const visitor = await bringIn(world);
    browser = visitor.browser;
    await call();
    refuse();
    world.op.revokeUser(visitor.person.oid);
    expectProblem(await call(), 401, 'session_required');
    expect((await browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
  });

  it('by 403 is heard, and costs nothing', async () => {
    world.odd.answerWith((_request, response) =>
      response.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }).end('not this'),
    );
    const answer = await call();
    expect(answer).toMatchObject({ status: 403, text: 'not this' });
    expect(answer.headers).not.toHaveProperty('www-authenticate');
    expect(spent()).toBe(0);
  });
});
