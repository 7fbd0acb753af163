import { beforeAll, describe, expect, it } from '@jest/globals';
import { localWorld } from './support/ground.ts';
import { expectPage, expectProblem } from './support/headers.ts';
import { arrive } from './support/sign-in.ts';
import { storedRows } from './support/stored.ts';
import { send } from './support/wire.ts';
import type { RunningApp } from './support/world.ts';

const PUBLIC = 'app.contoso.com';
const PROXY_ID = '11111111-2222-3333-4444-555555555555';
const PLATFORM = 'contoso.azurewebsites.net';

const world = localWorld();
/** As on Azure: a public name that is not this machine's. */
let direct: RunningApp;
/** The same behind a proxy that has its own name for it. */
let proxied: RunningApp;
beforeAll(async () => {
  const PUBLIC_ORIGIN = `https://${PUBLIC}`;
  direct = await world.startApp({ PUBLIC_ORIGIN });
  proxied = await world.startApp({ PUBLIC_ORIGIN, TRUSTED_PROXY: `X-Azure-FDID: ${PROXY_ID}` });
});

const ask = (app: RunningApp, path: string, headers: Record<string, string>, method = 'GET') =>
  send(`${app.host.origin}${path}`, { method, headers });

const ROUTES: readonly [string, string][] = [
  ['GET', '/'],
  ['GET', '/auth/signin'],
  ['GET', '/auth/callback?state=a&code=b'],
  ['GET', '/auth/session'],
  ['GET', '/auth/sessions'],
  ['DELETE', `/auth/sessions/${'0'.repeat(32)}`],
  ['POST', '/auth/signout'],
  ['GET', '/auth/signed-out'],
  ['GET', '/auth/signout-callback?sid=a'],
  ['POST', '/auth/backchannel-logout'],
  ['GET', '/api/odd/items/1'],
  ['OPTIONS', '/api/odd/items/1'],
  ['GET', '/assets/page.css'],
  ['GET', '/exeunt.js'],
];

describe('a request for another host', () => {
  it.each(ROUTES)('is none for this application: %s %s', async (method, path) => {
    const rows = await storedRows(world);
    for (const host of [PLATFORM, `${PUBLIC}:8443`, `evil.${PUBLIC}`]) {
      const headers = { host, 'x-csrf': '1', 'access-control-request-method': 'GET', origin: `https://${PUBLIC}` };
      const answer = await ask(direct, path, headers, method);
      expectProblem(answer, 421, 'misdirected_request');
      expect(answer.setCookies).toEqual([]);
    }
    expect(await storedRows(world)).toEqual(rows);
  });

  it.each([
    '127.0.0.1',
    'localhost',
    'app.contoso.com.',
    'app.contoso.com.evil.example',
    'evil.example#app.contoso.com',
    'app.contoso.com/',
    'app.contoso.com:',
    'app.contoso.com:80',
    'xn--app.contoso.com',
    '[::1]',
    '',
  ])('by whatever name: %j', async (host) => {
    expectProblem(await ask(direct, '/auth/session', { host }), 421, 'misdirected_request');
  });

  it('is told to a person on a page that names no host, and to the log', async () => {
    const headers = { host: 'mark3r.example', accept: 'text/html' };
    const answer = await ask(direct, '/', headers);
    expectPage(answer, 421, 'This is not the address of this application');
    expect(answer.text).not.toMatch(/mark3r|app\.contoso\.com/);
    await direct.host.line(/"code":"misdirected_request","reason":"host"/);
    expect(direct.host.lines.join('')).not.toContain('mark3r');
  });

  it('is none by what anybody can say of forwarding', async () => {
    for (const name of [
      'x-forwarded-host',
      'x-original-host',
      'x-host',
      'forwarded',
      'disguised-host',
      'x-azure-fdid',
    ]) {
      const value = name === 'forwarded' ? `host=${PUBLIC}` : PUBLIC;
      expectProblem(await ask(direct, '/auth/session', { host: PLATFORM, [name]: value }), 421, 'misdirected_request');
    }
  });

  it.each([PUBLIC, 'APP.Contoso.COM', `${PUBLIC}:443`])('is none where it is the public one: %s', async (host) => {
    expectProblem(await ask(direct, '/auth/session', { host }), 401, 'session_required');
    const forwarded = { host, 'x-forwarded-host': 'evil.example' };
    expectProblem(await ask(direct, '/auth/session', forwarded), 401, 'session_required');
  });

  it('is nevertheless answered how it does', async () => {
    for (const app of [direct, proxied]) {
      for (const host of ['169.254.130.2:8080', PLATFORM, PUBLIC]) {
        expect((await ask(app, '/health', { host })).status).toBe(200);
        expect((await ask(app, '/health/ready', { host })).status).toBe(200);
      }
    }
  });
});

describe('behind a trusted proxy', () => {
  const PROOF = { 'x-azure-fdid': PROXY_ID };

  it.each([
    ['that says the host', { host: PLATFORM, 'x-forwarded-host': PUBLIC }],
    ['that leaves the host as it is', { host: PUBLIC }],
    ['that says a port', { host: PLATFORM, 'x-forwarded-host': `${PUBLIC}:443` }],
  ])('requests arrive: %s', async (_what, headers) => {
    const answer = await ask(proxied, '/auth/session', { ...headers, ...PROOF });
    expectProblem(answer, 401, 'session_required');
    expect((await ask(proxied, '/auth/signout-callback?sid=a', { ...headers, ...PROOF })).status).toBe(200);
  });

  it.each(ROUTES)('none arrive past it: %s %s', async (method, path) => {
    const proofs = [{}, { 'x-azure-fdid': '' }, { 'x-azure-fdid': PROXY_ID.replace('1', '2') }];
    for (const proof of [...proofs, { 'x-azure-fdid': `${PROXY_ID}, ${PROXY_ID}` }]) {
      const headers = { host: PUBLIC, 'x-forwarded-host': PUBLIC, 'x-csrf': '1', ...proof };
      expectProblem(await ask(proxied, path, headers, method), 421, 'misdirected_request');
    }
  });

  it.each([
    ['another host', { host: PUBLIC, 'x-forwarded-host': 'evil.example' }],
    ['two hosts', { host: PUBLIC, 'x-forwarded-host': `${PUBLIC}, ${PUBLIC}` }],
    ['none but its own', { host: PLATFORM }],
  ])('nothing is for this application that was asked of %s', async (_what, headers) => {
    const answer = await ask(proxied, '/auth/session', { ...headers, ...PROOF });
    expectProblem(answer, 421, 'misdirected_request');
  });

  it('what it proves itself by is in no answer and no log', async () => {
    await ask(proxied, '/auth/session', { host: PUBLIC });
    await proxied.host.line(/"code":"misdirected_request","reason":"proxy"/);
    const answer = await ask(proxied, '/auth/session', { host: PUBLIC, ...PROOF });
    expect(answer.text + JSON.stringify(answer.headers) + proxied.host.lines.join('')).not.toContain(PROXY_ID);
  });
});

describe("on a developer's machine", () => {
  it.each(['127.0.0.1', '127.0.0.1:1', 'localhost:7071', '[::1]:7071', 'contoso.localhost', 'CONTOSO.localhost:9'])(
    'the machine itself is the host, at any port: %s',
    async (host) => {
      expectProblem(await ask(world.app, '/auth/session', { host }), 401, 'session_required');
    },
  );

  it.each([
    'fabrikam.localhost:7071',
    'evil.example',
    'a.contoso.localhost',
    '192.168.0.1',
    '0.0.0.0',
    '127.0.0.1.nip.io',
  ])("another name is another application's, or somebody's who points it here: %s", async (host) => {
    expectProblem(await ask(world.app, '/auth/session', { host }), 421, 'misdirected_request');
  });

  it('sign-ins go on as they did', async () => {
    const { callback } = await arrive(world);
    expect(new URL(callback).origin).toBe(world.app.origin);
  });
});
