import { generateKeyPairSync } from 'node:crypto';
import { beforeEach, expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import { Browser, locationOf } from '../http/support/browser.ts';
import { scriptedGround, withMetadata } from '../http/support/ground.ts';
import type { ScriptedAnswer, ScriptedRequest } from '../http/support/scripted-op.ts';
import type { Answer } from '../http/support/wire.ts';
import type { RunningApp } from '../http/support/world.ts';
import { selfSignedPem } from '../shared/settings/certificate.ts';
import { conforms } from './conforms.ts';
import { rfc9126 } from './specs/rfc9126.ts';

const ground = scriptedGround(() => ({ AUTH_PROTOCOL: 'oidc' }));
const originOfOp = () => new URL(ground.op.issuer).origin;
const offered = () => ({ pushed_authorization_request_endpoint: `${originOfOp()}/par` });
const pushing = <Result>(use: (app: RunningApp) => Promise<Result>, more: Readonly<Record<string, unknown>> = {}) =>
  withMetadata(ground, { ...offered(), ...more }, use);
beforeEach(() => ground.op.clientAnswers.clear());

/** Sets out; what was pushed, and where the browser is sent. */
async function setOut(
  app: Pick<RunningApp, 'origin'>,
  query = '',
): Promise<{ answer: Answer; address: URL | null; pushed: readonly ScriptedRequest[] }> {
  const before = ground.op.clientRequests.length;
  const answer = await new Browser().navigate(`${app.origin}/auth/signin${query}`);
  return { answer, address: locationOf(answer), pushed: ground.op.clientRequests.slice(before) };
}
const parametersOf = (url: URL | null) => Object.fromEntries(url?.searchParams ?? []);
const formOf = (pushed: readonly ScriptedRequest[]) => Object.fromEntries(pushed[0]?.form ?? []);

/** Sends nobody anywhere where the endpoint answers so. */
const goesNowhere = (told: ScriptedAnswer, status: number) =>
  pushing(async (app) => {
    ground.op.clientAnswers.set('/par', told);
    const { answer, address } = await setOut(app);
    expect([answer.status, address, answer.setCookies]).toEqual([status, null, []]);
  });

conforms(rfc9126, {
  '2-authentication': () =>
    pushing(async (app) => {
      const { pushed } = await setOut(app);
      expect(formOf(pushed)).toMatchObject({ client_id: app.clientId, client_secret: app.clientSecret });
    }),
  '2-audience': () =>
    pushing(async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
      const AUTH_CLIENT_CERTIFICATE =
        privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() + selfSignedPem(privateKey);
      const app = await ground.world.startApp({ AUTH_CLIENT_SECRET: undefined, AUTH_CLIENT_CERTIFICATE });
      const { pushed } = await setOut(app);
      await app.host.stop();
      const { client_assertion: assertion = '', client_secret: secret } = formOf(pushed);
      expect(decodeJwt(assertion)).toMatchObject({ aud: ground.op.issuer, iss: app.clientId, sub: app.clientId });
      expect(secret).toBeUndefined();
    }),
  '2-https': () =>
    withMetadata(ground, { pushed_authorization_request_endpoint: 'http://op.example/par' }, async (app) => {
      expect((await setOut(app)).answer.status).toBe(503);
    }),
  '2.1-parameters': () =>
    pushing(async (app) => {
      const { pushed } = await setOut(app, '?loginHint=alice@contoso.example&prompt=login');
      expect(pushed).toMatchObject([
        { path: '/par', method: 'POST', contentType: expect.stringContaining('application/x-www-form-urlencoded') },
      ]);
      expect(formOf(pushed)).toMatchObject({
        response_type: 'code',
        redirect_uri: `${app.origin}/auth/callback`,
        scope: expect.stringContaining('openid'),
        code_challenge_method: 'S256',
        login_hint: 'alice@contoso.example',
        prompt: 'login',
      });
    }),
  '2.1-no-request-uri': () =>
    pushing(async (app) => {
      expect((await setOut(app, '?request_uri=urn:x&request=y')).pushed[0]?.form.has('request_uri')).toBe(false);
    }),
  '2.2-opaque': async () => {
    await pushing(async (app) => {
      for (const request_uri of ['urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2', 'https://op.example/r?a=b&c=d#e', 'ü']) {
        ground.op.clientAnswers.set('/par', { status: 201, body: { request_uri, expires_in: 60 } });
        expect(parametersOf((await setOut(app)).address).request_uri).toBe(request_uri);
      }
    });
    for (const body of [{}, { request_uri: '' }, { request_uri: ['urn:x'] }, undefined]) {
      await goesNowhere({ status: 201, body }, 503);
    }
  },
  '2.3-errors': async () => {
    await goesNowhere({ status: 400, body: { error: 'invalid_request' } }, 502);
    await goesNowhere({ status: 401, body: { error: 'invalid_client' } }, 502);
    await goesNowhere({ status: 413 }, 502);
    await goesNowhere({ status: 429 }, 503);
  },
  '4-address': () =>
    pushing(async (app) => {
      const { address } = await setOut(app, '?loginHint=alice@contoso.example');
      expect(parametersOf(address)).toEqual({ client_id: app.clientId, request_uri: expect.stringMatching(/^urn:/) });
    }),
  '4-once': () =>
    pushing(async (app) => {
      const uris = [];
      for (let count = 0; count < 3; count += 1) uris.push(parametersOf((await setOut(app)).address).request_uri);
      expect(new Set(uris).size).toBe(3);
    }),
  '5-required': () =>
    pushing(
      async (app) => {
        expect((await setOut(app)).pushed).toHaveLength(1);
        const off = await ground.world.startApp({ AUTH_PAR: 'off' });
        const { answer, address, pushed } = await setOut(off);
        await off.host.stop();
        expect([answer.status, address, pushed]).toEqual([502, null, []]);
      },
      { require_pushed_authorization_requests: true },
    ),
  '7.5-swapping': () =>
    pushing(async (app) => {
      const [one, other] = [formOf((await setOut(app)).pushed), formOf((await setOut(app)).pushed)];
      for (const name of ['code_challenge', 'state', 'nonce']) {
        expect(one[name]).toMatch(/^[\w-]{43}$/);
        expect(one[name]).not.toBe(other[name]);
      }
    }),
});
