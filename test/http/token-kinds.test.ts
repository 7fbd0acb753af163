import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser } from './support/browser.ts';
import { duringTests, localWorld } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { bringIn } from './support/sign-in.ts';
import type { Answer } from './support/wire.ts';
import type { RunningApp } from './support/world.ts';

const world = localWorld();
/** The scripted API under five names, each sent another token. */
const app: RunningApp = duringTests(() => {
  const { scopes: _scopes, ...bare } = world.odd.setting as { readonly scopes: unknown };
  const own = { ...bare, token: 'application', scopes: ['api://graph/.default'] };
  const allow = ['GET /items/*'];
  const apis = {
    user: world.odd.setting,
    all: { ...world.odd.setting, scopes: ['api://graph/.default'] },
    own,
    bare: { ...bare, token: 'none' },
    'own-open': { ...own, session: 'none', allow },
    'bare-open': { ...bare, token: 'none', session: 'none' },
  };
  return world.startApp({ DOWNSTREAM_APIS: JSON.stringify(apis) });
});
let signedIn: Browser;
beforeAll(async () => {
  ({ browser: signedIn } = await bringIn(world, world.newPerson(), app));
});
beforeEach(() => world.odd.answerWith((_request, response) => response.writeHead(200).end()));

const call = (api: string, browser: Browser = signedIn): Promise<Answer> =>
  browser.fetch(`${app.origin}/api/${api}/items/1`, { headers: { 'x-csrf': '1' } });
const lastHeaders = () => world.odd.received.at(-1)?.headers ?? {};
const lastToken = () => lastHeaders().authorization?.replace('Bearer ', '') ?? '';

describe('an API', () => {
  it('is sent the person’s token by default', async () => {
    expect((await call('user')).status).toBe(200);
    expect(decodeJwt(lastToken())).toMatchObject({ scp: 'User.Read', oid: expect.any(String) });
  });

  it('can be sent the person’s for all that the application has there, which is got once', async () => {
    const before = world.op.refreshCount;
    expect((await call('all')).status).toBe(200);
    expect(decodeJwt(lastToken())).toMatchObject({ scp: 'User.Read', aud: 'api://graph' });
    await call('all');
    // The sign-in brought one of this resource.
    expect(world.op.refreshCount).toBe(before);
  });

  it('can be sent the application’s own, which names nobody', async () => {
    expect((await call('own')).status).toBe(200);
    const claims = decodeJwt(lastToken());
    expect(claims).toMatchObject({ idtyp: 'app', roles: ['User.Read.All'], aud: 'api://graph' });
    expect(claims).not.toHaveProperty('oid');
    const first = lastToken();
    await call('own', (await bringIn(world, world.newPerson(), app)).browser);
    expect(lastToken()).toBe(first);
  });

  it('can be sent none', async () => {
    expect((await call('bare')).status).toBe(200);
    expect(lastHeaders()).not.toHaveProperty('authorization');
    expect(lastHeaders()).not.toHaveProperty('cookie');
  });

  it.each(['user', 'own', 'bare'])('that is sent %s is for those who are signed in alone', async (api) => {
    const before = world.odd.received.length;
    expectProblem(await call(api, new Browser()), 401, 'session_required');
    expect(world.odd.received.length).toBe(before);
  });

  it.each(['own-open', 'bare-open'])('may be called by anybody where the setting says so: %s', async (api) => {
    expect((await call(api, new Browser())).status).toBe(200);
    const headers = { 'x-csrf': '1', 'sec-fetch-site': 'cross-site' };
    expectProblem(await new Browser().fetch(`${app.origin}/api/${api}/items/1`, { headers }), 403, 'cross_site');
    expectProblem(await new Browser().fetch(`${app.origin}/api/${api}/items/1`), 403, 'csrf_header_missing');
  });

  it('that takes the application’s token no longer is sent another, once', async () => {
    await call('own');
    const first = lastToken();
    let all = false;
    world.odd.answerWith(({ headers }, response) =>
      response.writeHead(all || headers.authorization === `Bearer ${first}` ? 401 : 200).end(),
    );
    expect((await call('own')).status).toBe(200);
    expect(lastToken()).not.toBe(first);
    all = true;
    const tokens = new Set<string>();
    for (let calls = 0; calls < 3; calls += 1) {
      expect((await call('own')).status).toBe(401);
      tokens.add(lastToken());
    }
    expect(tokens.size).toBe(1);
  });

  it('of the application’s cannot be called where the OP gives no token for it', async () => {
    const other = await world.startApp({
      DOWNSTREAM_APIS: JSON.stringify({
        own: { ...world.odd.setting, token: 'application', scopes: ['api://unknown/.default'] },
      }),
    });
    const { browser } = await bringIn(world, world.newPerson(), other);
    world.op.failNext('token', 'unauthorized_client', 400);
    const answer = await browser.fetch(`${other.origin}/api/own/items/1`, { headers: { 'x-csrf': '1' } });
    expectProblem(answer, 502, 'op_refused');
    await other.host.stop();
  });
});
