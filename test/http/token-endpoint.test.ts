import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Browser } from './support/browser.ts';
import { changed, duringTests, scriptedGround } from './support/ground.ts';
import { expectProblem } from './support/headers.ts';
import { letPass } from './support/let-pass.ts';
import { comeBack } from './support/scripted-sign-in.ts';
import type { RunningApp } from './support/world.ts';

const HOUR = 60 * 60 * 1_000;
const TENANT = '0defaced-0000-4000-8000-000000000000';

const ground = scriptedGround();
/** The same at an OP that keeps to the standard, with an API of scopes that no sign-in asks for. */
const standard = duringTests<RunningApp>(() => {
  const { odd } = JSON.parse(ground.app.environment.DOWNSTREAM_APIS ?? '{}');
  const own = { ...odd, token: 'application', scopes: ['other.read', 'other.write'] };
  const apis = { odd, other: { ...odd, scopes: ['other.read'] }, own };
  return ground.world.startApp({ AUTH_PROTOCOL: 'oidc', DOWNSTREAM_APIS: JSON.stringify(apis) });
});

let oid: string;
let browser: Browser;
beforeEach(() => {
  oid = randomUUID();
  browser = new Browser();
  ground.op.idToken = changed(ground, { oid, sub: oid });
  const clientInfo = Buffer.from(JSON.stringify({ uid: oid, utid: TENANT })).toString('base64url');
  ground.op.tokenResponse = { client_info: clientInfo };
});

const sent = () => ground.world.odd.received.length;
const call = (app: RunningApp, api = 'odd') =>
  browser.fetch(`${app.origin}/api/${api}/any/x`, { headers: { 'x-csrf': '1' } });
/** Every member of a good answer left out, and these put in. */
const sayOnly = (members: Readonly<Record<string, unknown>>) => {
  const every = ['token_type', 'access_token', 'refresh_token', 'expires_in', 'scope', 'client_info', 'id_token'];
  ground.op.tokenResponse = { ...Object.fromEntries(every.map((name) => [name, undefined])), ...members };
};

describe('an OP whose token endpoint answers with what is neither tokens nor an error', () => {
  it.each([{}, { message: 'no' }, { access_token: '' }])(
    'vouches for nobody by that: no token is sent, and the session stands (%j)',
    async (members) => {
      await comeBack(ground.op, ground.app, browser);
      expect((await call(ground.app)).status).toBe(200);
      await letPass(ground.world, ground.app, { oid }, 2 * HOUR);
      const before = sent();
      sayOnly(members);
      for (let calls = 0; calls < 2; calls += 1) expectProblem(await call(ground.app), 503, 'op_unavailable');
      expect(sent()).toBe(before);
      expect((await browser.fetch(`${ground.app.origin}/auth/session`)).status).toBe(200);
    },
  );
});

describe('an OP that keeps to the standard', () => {
  it('and says that scopes go beyond what was granted has the person asked, who stays signed in', async () => {
    await comeBack(ground.op, standard, browser);
    sayOnly({ error: 'invalid_scope' });
    const before = sent();
    const problem = expectProblem(await call(standard, 'other'), 401, 'consent_required');
    expect(problem).toMatchObject({ signInUrl: '/auth/signin?api=other' });
    expect(sent()).toBe(before);
    const { request } = await comeBack(ground.op, standard, browser, {}, '?api=other');
    expect(request.searchParams.get('scope')?.split(' ')).toContain('other.read');
  });

  it('and gives one token for several APIs has each of them sent one of its own', async () => {
    const [odd, other] = ['api://graph/User.Read', 'other.read'];
    Object.assign(ground.op.tokenResponse, { scope: `openid ${odd} ${other}`, access_token: 'token-of-both' });
    await comeBack(ground.op, standard, browser, {}, '?api=other');
    for (const [api, scope] of [
      ['odd', odd],
      ['other', other],
    ] as const) {
      Object.assign(ground.op.tokenResponse, { scope: `openid ${scope}`, access_token: `token-of-${api}` });
      ground.op.idToken = changed(ground, { oid, sub: oid, nonce: undefined });
      expect((await call(standard, api)).status).toBe(200);
      expect(ground.world.odd.received.at(-1)?.headers.authorization).toBe(`Bearer token-of-${api}`);
      expect(ground.op.tokenRequests.at(-1)?.get('scope')?.split(' ')).toContain(scope);
    }
    const before = ground.op.tokenRequests.length;
    for (const api of ['odd', 'other']) expect((await call(standard, api)).status).toBe(200);
    expect(ground.op.tokenRequests.length).toBe(before);
  });

  it('gives the application a token of its own for the scopes of the setting', async () => {
    await comeBack(ground.op, standard, browser);
    expect((await call(standard, 'own')).status).toBe(200);
    const form = Object.fromEntries(ground.op.tokenRequests.at(-1) ?? []);
    expect(form).toMatchObject({ grant_type: 'client_credentials', scope: 'other.read other.write' });
  });
});
