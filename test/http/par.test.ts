import { describe, expect, it } from '@jest/globals';
import { registration } from '../../local/stage/applications.ts';
import { Browser, locationOf } from './support/browser.ts';
import { localWorld } from './support/ground.ts';
import { attemptSet, cookiesSet, expectProblem } from './support/headers.ts';
import { ownCertificate } from './support/own-certificate.ts';
import { arrive, bringIn, callBack, signIn, throughOp } from './support/sign-in.ts';
import { storedRows } from './support/stored.ts';
import { type Answer, send } from './support/wire.ts';
import type { RunningApp, World } from './support/world.ts';

const OIDC = { AUTH_PROTOCOL: 'oidc' };

const setOut = (app: RunningApp, query = ''): Promise<Answer> =>
  send(`${app.origin}/auth/signin${query}`, { port: app.host.port, headers: { accept: 'application/json' } });
const parametersOf = ({ headers }: Answer) =>
  Object.fromEntries(new URL(headers.location ?? 'http://none.invalid').searchParams);
const callApi = (browser: Browser, app: RunningApp) =>
  browser.fetch(`${app.origin}/api/graph/me`, { headers: { 'x-csrf': '1' } });

/** The line by which the log says why somebody could not set out. */
const reasonIn = (app: RunningApp, { id }: { id: string }): unknown =>
  JSON.parse(app.host.lines.find((line) => line.includes('"signin.refused"') && line.includes(id)) ?? '{}').reason;
const idOf = (problem: Record<string, unknown>) => ({ id: String(problem.instance).replace('urn:uuid:', '') });

/** Nothing is left of a sign-in that could not set out: no row, no cookie, no address. */
async function expectNotSetOut(world: World, answer: Answer, before: unknown): Promise<void> {
  expect(answer.headers.location).toBeUndefined();
  expect(answer.setCookies).toEqual([]);
  expect(await storedRows(world)).toEqual(before);
}

describe('at an OP that offers to take requests beforehand (RFC 9126)', () => {
  const world = localWorld(OIDC, { dialect: 'standard' });

  it('the address has the reference and the client id alone', async () => {
    const answer = await setOut(world.app, '?loginHint=alice@contoso.example');
    expect(answer.status).toBe(302);
    expect(parametersOf(answer)).toEqual({
      client_id: world.app.clientId,
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:./),
    });
    expect(cookiesSet(answer)).toEqual([attemptSet()]);
  });

  it('a person signs in and calls an API as before, with hints and scopes on their way to the OP', async () => {
    const person = world.newPerson();
    const browser = new Browser();
    // The OP lets a hinted person in without its picker: the hint has come by the pushed request.
    const atOp = await browser.navigate(`${world.app.origin}/auth/signin?loginHint=${person.upn}`);
    const back = await browser.follow(atOp, ({ pathname }) => pathname === '/auth/callback');
    expect(locationOf(back)?.pathname).toBe('/auth/callback');
    expect((await callBack(browser, locationOf(back)?.href ?? '')).status).toBe(303);
    expect((await callApi(browser, world.app)).status).toBe(200);
  });

  it('comes back by form_post where that is set: the mode is in the pushed request', async () => {
    const app = await world.startApp({ AUTH_RESPONSE_MODE: 'form_post' });
    const browser = new Browser();
    const picker = await browser.follow(await browser.navigate(`${app.origin}/auth/signin`));
    const chosen = await browser.submit(picker.url, { account: world.newPerson().oid }, new URL(picker.url).origin);
    expect((await browser.follow(chosen)).text).toContain(`<form method="post" action="${app.origin}/auth/callback"`);
  });

  it('each sign-in is pushed anew, and one sent round again is too', async () => {
    const [one, other] = await Promise.all([setOut(world.app), setOut(world.app)]);
    expect(parametersOf(one).request_uri).not.toBe(parametersOf(other).request_uri);

    const { browser, person, callback, sid } = await arrive(world);
    const hold = world.op.holdNext('token');
    const visiting = callBack(browser, callback);
    await hold.arrived;
    await send(`${world.app.origin}/auth/signout-callback?sid=${sid}`);
    hold.release();
    const again = await visiting;
    expect(parametersOf(again)).toEqual({ client_id: world.app.clientId, request_uri: expect.any(String) });
    const second = await throughOp(browser, world.app, person, again);
    expect((await callBack(browser, second)).headers.location).toBe('/');
  });

  it('a request that the OP refuses goes nowhere, and least of all into the address', async () => {
    const before = await storedRows(world);
    world.op.failNext('par', 'invalid_client', 401);
    const answer = await setOut(world.app);
    expect(reasonIn(world.app, idOf(expectProblem(answer, 502, 'op_refused')))).toBe('par-invalid_client');
    await expectNotSetOut(world, answer, before);
  });

  it('a request that the OP cannot take now goes nowhere either', async () => {
    const before = await storedRows(world);
    world.op.failNext('par', 'temporarily_unavailable', 503);
    const answer = await setOut(world.app);
    const problem = expectProblem(answer, 503, 'op_unavailable');
    expect(reasonIn(world.app, idOf(problem))).toBe('par-temporarily_unavailable');
    await expectNotSetOut(world, answer, before);
  });

  it('who is sent round again and cannot set out is told so, and is not signed in', async () => {
    const { browser, callback, sid } = await arrive(world);
    const hold = world.op.holdNext('token');
    const visiting = callBack(browser, callback);
    await hold.arrived;
    await send(`${world.app.origin}/auth/signout-callback?sid=${sid}`);
    world.op.failNext('par', 'invalid_client', 401);
    hold.release();
    expect((await visiting).status).toBe(502);
    expect(browser.cookie(world.app.origin, '__Host-session')).toBeUndefined();
  });

  it('AUTH_PAR=off leaves the request in the address', async () => {
    const app = await world.startApp({ AUTH_PAR: 'off' });
    expect(parametersOf(await setOut(app))).toMatchObject({ response_type: 'code', code_challenge_method: 'S256' });
    await bringIn(world, world.newPerson(), app);
  });

  it('no reference, secret or code is in the log', async () => {
    const browser = new Browser();
    await signIn(browser, world.app, world.newPerson());
    const log = world.app.host.lines.join('\n');
    for (const secret of [...world.op.issued, world.app.clientSecret]) expect(log).not.toContain(secret);
    expect(world.op.issued.some((secret) => secret.startsWith('urn:ietf:params:oauth:request_uri:'))).toBe(true);
  });
});

describe('at an OP that takes no other requests', () => {
  const world = localWorld(OIDC, { dialect: 'standard', par: 'required' });

  it('a person signs in', async () => {
    const { browser } = await bringIn(world);
    expect((await callApi(browser, world.app)).status).toBe(200);
  });

  it('AUTH_PAR=off is named as what is wrong, and nobody is sent there in vain', async () => {
    const app = await world.startApp({ AUTH_PAR: 'off' });
    const before = await storedRows(world);
    const answer = await setOut(app);
    expect(reasonIn(app, idOf(expectProblem(answer, 502, 'op_refused')))).toBe('par-required');
    await expectNotSetOut(world, answer, before);
  });
});

describe('at an OP that offers nothing of it', () => {
  const world = localWorld(OIDC, { dialect: 'standard', par: 'none' });

  it('the request is in the address', async () => {
    expect(parametersOf(await setOut(world.app))).toMatchObject({ response_type: 'code', state: expect.any(String) });
    await bringIn(world);
  });
});

describe('the application proves itself as the OP announces', () => {
  describe('by a secret in the header alone', () => {
    const world = localWorld(OIDC, { dialect: 'standard', par: 'required', authMethods: ['client_secret_basic'] });

    it('a person signs in and calls an API', async () => {
      const { browser } = await bringIn(world);
      expect((await callApi(browser, world.app)).status).toBe(200);
    });
  });

  describe('by its certificate (private_key_jwt)', () => {
    const { pem, jwk } = ownCertificate();
    const world = localWorld(
      { ...OIDC, AUTH_CLIENT_SECRET: undefined, AUTH_CLIENT_CERTIFICATE: pem },
      { dialect: 'standard', par: 'required', authMethods: ['client_secret_post', 'private_key_jwt'] },
    );

    it('a person signs in and calls an API, and an application of another key does not even set out', async () => {
      const before = await setOut(world.app);
      expectProblem(before, 502, 'op_refused');
      world.op.register({ ...registration(world.app), jwks: { keys: [jwk] } });
      const { browser } = await bringIn(world);
      expect((await callApi(browser, world.app)).status).toBe(200);
    });
  });
});
