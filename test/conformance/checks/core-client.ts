import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { User } from '../../../local/op/op.ts';
import { Browser } from '../../http/support/browser.ts';
import type { ScriptedGround } from '../../http/support/ground.ts';
import { letPass } from '../../http/support/let-pass.ts';
import { comeBack } from '../../http/support/scripted-sign-in.ts';
import { storedRows } from '../../http/support/stored.ts';
import type { RunningApp } from '../../http/support/world.ts';
import { selfSignedPem } from '../../shared/settings/certificate.ts';
import { problemsWith } from '../../shared/settings/environment.ts';
import type { Checks } from '../conforms.ts';
import { expectNobodySignedIn, expectSignedIn, signsIn } from '../support/ground.ts';

const REVALIDATE_MILLISECONDS = 60 * 60_000;

interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** A private key, and the certificate that nobody but itself vouches for. */
function selfSigned(commonName?: string): KeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    cert: selfSignedPem(privateKey, commonName),
  };
}

/** OpenID Connect Core 1.0 sections 3.1.3, 5.7, 9, 12 and 16: the client at the token endpoint, and what it does with what it gets. */
export function clientChecks(ground: ScriptedGround): Checks {
  /** An application whose credential is a certificate, for all that ask; it ends with the world. */
  let certified: Promise<RunningApp> | undefined;
  const startCertified = (): Promise<RunningApp> => {
    const { key, cert } = selfSigned();
    return ground.world.startApp({ AUTH_CLIENT_SECRET: undefined, AUTH_CLIENT_CERTIFICATE: `${key}${cert}` });
  };
  /** Its token request of one more sign-in. */
  const withCertificate = async (): Promise<{ readonly form: URLSearchParams; readonly clientId: string }> => {
    certified ??= startCertified();
    const { origin, clientId } = await certified;
    expectSignedIn((await comeBack(ground.op, { origin })).answer);
    return { form: ground.op.tokenRequests.at(-1) ?? new URLSearchParams(), clientId };
  };
  const assertionOf = (form: URLSearchParams) => decodeJwt(form.get('client_assertion') ?? '');
  const call = (app: RunningApp, browser: Browser) =>
    browser.fetch(`${app.origin}/api/odd/items/1`, { headers: { 'x-csrf': '1' } });

  /** Signs in, then has the session's hour pass, so that the next call confirms it by a refresh. */
  const refreshes = async (browser: Browser) => {
    const claims = await signsIn(ground, undefined, browser);
    await letPass(ground.world, ground.app, { oid: claims.oid } as User, REVALIDATE_MILLISECONDS);
    const before = ground.op.tokenRequests.length;
    const answer = await call(ground.app, browser);
    return { claims, answer, forms: ground.op.tokenRequests.slice(before) };
  };

  return {
    '3.1.3.1-client': async () => {
      await signsIn(ground);
      const form = ground.op.tokenRequests.at(-1);
      expect([form?.get('client_id'), form?.get('client_secret')]).toEqual([
        ground.app.clientId,
        ground.app.clientSecret,
      ]);
    },
    '3.1.3.5-response': async () => {
      for (const response of [{ id_token: undefined }, { id_token: 'no-token' }, { error: 'invalid_grant' }]) {
        const before = await storedRows(ground.world);
        ground.op.tokenResponse = response;
        await expectNobodySignedIn(ground, (await comeBack(ground.op, ground.app)).answer, before);
      }
      ground.op.tokenResponse = { 'https://op.example/member': 'of no meaning' };
      await signsIn(ground);
    },
    '5.7-identifier': async () => {
      const [one, other] = [new Browser(), new Browser()];
      const before = (await storedRows(ground.world)).accounts.length;
      await signsIn(ground, undefined, one);
      await signsIn(ground, undefined, other);
      // Both have the user name that the scripted OP gives to all.
      expect((await storedRows(ground.world)).accounts).toHaveLength(before + 2);
      await one.submit(`${ground.app.origin}/auth/signout`, {}, ground.app.origin);
      expect((await other.fetch(`${ground.app.origin}/auth/session`)).status).toBe(200);
    },
    '9-claims': async () => {
      const { form, clientId } = await withCertificate();
      expect(assertionOf(form)).toMatchObject({
        iss: clientId,
        sub: clientId,
        aud: expect.any(String),
        jti: expect.stringMatching(/./),
        exp: expect.any(Number),
      });
    },
    '9-once': async () => {
      const [one, other] = [await withCertificate(), await withCertificate()];
      expect(assertionOf(one.form).jti).not.toBe(assertionOf(other.form).jti);
    },
    '9-aud': async () => {
      const { form } = await withCertificate();
      expect(assertionOf(form).aud).toBe(`${new URL(ground.op.issuer).origin}/token`);
    },
    '9-parameters': async () => {
      const { form } = await withCertificate();
      expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
      expect([form.getAll('client_assertion').length, form.has('client_secret')]).toEqual([1, false]);
    },
    '12.1-client': async () => {
      const { forms } = await refreshes(new Browser());
      expect(forms.map((form) => [form.get('grant_type'), form.get('client_id'), form.get('client_secret')])).toEqual([
        ['refresh_token', ground.app.clientId, ground.app.clientSecret],
      ]);
    },
    '12.2-id-token': async () => {
      const browser = new Browser();
      // The scripted OP answers each token request for somebody else, with another `sub`.
      const { claims, forms, answer } = await refreshes(browser);
      expect([forms.length, answer.status]).toEqual([1, 401]);
      expect((await browser.fetch(`${ground.app.origin}/auth/session`)).status).toBe(401);
      const { accounts } = await storedRows(ground.world);
      expect(accounts.filter(({ partitionKey }) => partitionKey.startsWith(String(claims.oid)))).toEqual([]);
    },
    '16.4-access-token': async () => {
      const browser = new Browser();
      await signsIn(ground, undefined, browser);
      const seen = [await browser.fetch(`${ground.app.origin}/auth/session`), await call(ground.app, browser)];
      const token = ground.world.odd.received.at(-1)?.headers.authorization?.replace('Bearer ', '') ?? '';
      expect(token).toMatch(/^opaque-/);
      const all = seen.map(({ text, headers }) => text + JSON.stringify(headers)).join();
      expect(all + [...browser.jar.all(new URL(ground.app.origin).hostname).values()].join()).not.toContain(token);
    },
    '16.17-tls': () => {
      expect(problemsWith({ AUTH_METADATA_URL: 'http://op.example/.well-known/openid-configuration' })).toEqual({
        AUTH_METADATA_URL: expect.stringMatching(/https/),
      });
    },
    '16.17-certificate': async () => {
      let served = 0;
      const server = createServer(selfSigned('127.0.0.1'), () => {
        served += 1;
      });
      const refused = once(server, 'tlsClientError');
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const app = await ground.world.startApp({ AUTH_METADATA_URL: `https://127.0.0.1:${port}/metadata` });
      expect((await new Browser().navigate(`${app.origin}/auth/signin`)).status).toBe(503);
      await refused;
      expect(served).toBe(0);
      await app.host.stop();
      server.close();
      await once(server, 'close');
    },
  };
}
