import { createHash, generateKeyPairSync } from 'node:crypto';
import { expect } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import { attemptCookieOf } from '../http/support/forge.ts';
import { scriptedGround, withMetadata } from '../http/support/ground.ts';
import { expectPage } from '../http/support/headers.ts';
import { comeBack } from '../http/support/scripted-sign-in.ts';
import { storedRows } from '../http/support/stored.ts';
import { selfSignedPem } from '../shared/settings/certificate.ts';
import { problemsWith, settingsWith } from '../shared/settings/environment.ts';
import { expectHttpsAlone } from './checks/https-alone.ts';
import { conforms } from './conforms.ts';
import { rfc9700 } from './specs/rfc9700.ts';
import { authorizationRequest, expectNobodySignedIn, expectSignedIn, signsIn } from './support/ground.ts';

const ground = scriptedGround();
const OP_PAGE = 'http://login.localhost';
const ELSEWHERE = [
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  'javascript:alert(1)',
  '/%09/evil.example',
];

/** Sets out; gives the callback's URL with a code, not yet visited. */
async function setOut(browser = new Browser(), query = '') {
  const request = await authorizationRequest(ground.app, query, browser);
  ground.op.expect(request.href);
  const parameters = new URLSearchParams({ code: 'a-code', state: request.searchParams.get('state') ?? '' });
  return { browser, request, callback: `${ground.app.origin}/auth/callback?${parameters}` };
}

/** Holds that a browser that comes so is not signed in, and that the code goes nowhere. */
async function isRefused(browser: Browser, callback: string): Promise<void> {
  const [before, requests] = [await storedRows(ground.world), ground.op.tokenRequests.length];
  await expectNobodySignedIn(ground, await browser.navigate(callback, OP_PAGE), before);
  expect(ground.op.tokenRequests).toHaveLength(requests);
}

const noOpenRedirector = async () => {
  for (const returnTo of ELSEWHERE) {
    const query = new URLSearchParams({ returnTo });
    const answer = await new Browser().navigate(`${ground.app.origin}/auth/signin?${query}`);
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
  }
  const unasked = new URLSearchParams({ returnTo: ELSEWHERE[0] ?? '', redirect_uri: ELSEWHERE[0] ?? '' });
  for (const path of ['/auth/signed-out', '/auth/signout', '/auth/callback', '/']) {
    const answer = await new Browser().navigate(`${ground.app.origin}${path}?${unasked}`);
    expect(answer.headers.location).toBeUndefined();
  }
};
const usesCode = async () => {
  const { searchParams } = await authorizationRequest(ground.app);
  expect(searchParams.get('response_type')).toBe('code');
};
const usedOnce = async () => {
  const { browser, callback } = await setOut();
  const copy = browser.copy();
  expectSignedIn(await browser.navigate(callback, OP_PAGE));
  await isRefused(copy, callback);
  await isRefused(browser, callback);
};
const boundToItsBrowser = async () => {
  const { callback } = await setOut();
  const thief = (await setOut()).browser;
  await isRefused(thief, callback);
  await isRefused(new Browser(), callback);
};
const issuerIsCompared = async () => {
  const requests = ground.op.tokenRequests.length;
  const { answer } = await comeBack(ground.op, ground.app, new Browser(), { iss: 'https://login.evil.example/v2.0' });
  expectPage(answer, 400, 'The answer came from another sign-in service');
  expect(ground.op.tokenRequests).toHaveLength(requests);
};

conforms(rfc9700, {
  '2.1-open-redirector': noOpenRedirector,
  '2.1-csrf': async () => {
    await isRefused(new Browser(), `${ground.app.origin}/auth/callback?code=of-the-attacker&state=${'A'.repeat(43)}`);
    await boundToItsBrowser();
  },
  '2.1-state': usedOnce,
  '2.1-iss': issuerIsCompared,
  '2.1.1-injection': boundToItsBrowser,
  '2.1.1-pkce': async () => {
    const { browser, request, callback } = await setOut();
    expectSignedIn(await browser.navigate(callback, OP_PAGE));
    const verifier = ground.op.tokenRequests.at(-1)?.get('code_verifier') ?? '';
    expect(verifier).toMatch(/^[A-Za-z0-9_-]{43,128}$/);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    expect(request.searchParams.get('code_challenge')).toBe(challenge);
  },
  '2.1.1-transaction': async () => {
    const [one, other] = [await setOut(), await setOut()];
    for (const name of ['code_challenge', 'nonce', 'state']) {
      expect(one.request.searchParams.get(name)).not.toBe(other.request.searchParams.get(name));
    }
    await isRefused(other.browser, one.callback);
  },
  '2.1.1-s256': async () => {
    expect((await authorizationRequest(ground.app)).searchParams.get('code_challenge_method')).toBe('S256');
  },
  '2.1.2-code': usesCode,
  '2.4-password': async () => {
    await signsIn(ground);
    const grants = new Set(ground.op.tokenRequests.map((form) => form.get('grant_type')));
    expect([...grants].filter((grant) => grant !== 'authorization_code' && grant !== 'refresh_token')).toEqual([]);
  },
  '2.5-asymmetric': () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = `${privateKey.export({ type: 'pkcs8', format: 'pem' })}${selfSignedPem(privateKey)}`;
    const { credential } = settingsWith({ AUTH_CLIENT_SECRET: undefined, AUTH_CLIENT_CERTIFICATE: pem }).op;
    expect(credential.kind).toBe('certificate');
  },
  '2.6-metadata': async () => {
    const endpoint = `${new URL(ground.op.issuer).origin}/moved/authorize`;
    const request = await withMetadata(ground, { authorization_endpoint: endpoint }, authorizationRequest);
    expect(request.origin + request.pathname).toBe(endpoint);
  },
  '2.6-tls-api': () => {
    const api = { baseUrl: 'http://graph.example/v1.0', scopes: ['User.Read'], allow: ['GET /me'] };
    expect(problemsWith({ DOWNSTREAM_APIS: JSON.stringify({ graph: api }) })).toEqual({
      DOWNSTREAM_APIS: expect.stringMatching(/must be https/),
    });
  },
  '2.6-response': expectHttpsAlone,
  '4.1.3-open-redirector': noOpenRedirector,
  '4.1.3-code': usesCode,
  '4.2.4-third-party': async () => {
    const { browser, callback } = await setOut();
    expect((await browser.navigate(callback, OP_PAGE)).text).toBe('');
    const refused = await browser.navigate(callback, OP_PAGE);
    expect(refused.headers['content-security-policy']).toMatch(/^default-src 'none'/);
    const links = [...refused.text.matchAll(/(?:href|src|action)="([^"]*)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(new URL(link, ground.app.origin).origin).toBe(ground.app.origin);
  },
  '4.2.4-state': usedOnce,
  '4.3.2-query': async () => {
    const browser = new Browser();
    await signsIn(ground, undefined, browser);
    const headers = { 'x-csrf': '1' };
    expect((await browser.fetch(`${ground.app.origin}/api/odd/items/1?a=b`, { headers })).status).toBe(200);
    const received = ground.world.odd.received.at(-1);
    expect([received?.target, received?.headers.authorization?.slice(0, 14)]).toEqual([
      '/base/items/1?a=b',
      'Bearer opaque-',
    ]);
  },
  '4.4.2.1-iss': issuerIsCompared,
  '4.5.3.2-nonce': async () => {
    const before = await storedRows(ground.world);
    ground.op.idToken = (good) => ground.op.sign({ ...good, nonce: 'of-another-attempt' });
    await expectNobodySignedIn(ground, (await comeBack(ground.op, ground.app)).answer, before);
  },
  '4.7.1-state': async () => {
    const { searchParams } = await authorizationRequest(ground.app);
    for (const name of ['state', 'nonce']) expect(searchParams.get(name)).toMatch(/^[A-Za-z0-9_-]{43}$/);
  },
  '4.7.1-tampering': async () => {
    const { browser, request, callback } = await setOut(new Browser(), '?returnTo=/here');
    expect(request.searchParams.get('state')).not.toContain('here');
    const name = attemptCookieOf(callback);
    const cookie = browser.cookie(ground.app.origin, name) ?? '';
    const middle = Math.floor(cookie.length / 2);
    const altered = cookie.slice(0, middle) + (cookie[middle] === 'A' ? 'B' : 'A') + cookie.slice(middle + 1);
    const host = new URL(ground.app.origin).hostname;
    browser.jar.store(host, [`${name}=${altered}; Path=/; Secure; HttpOnly; SameSite=Lax`]);
    await isRefused(browser, callback);
    // An attempt's cookie under the name of another attempt is none.
    const other = await setOut(new Browser(), '?returnTo=/there');
    const theirs = other.browser.cookie(ground.app.origin, attemptCookieOf(other.callback)) ?? '';
    browser.jar.store(host, [`${name}=${theirs}; Path=/; Secure; HttpOnly; SameSite=Lax`]);
    await isRefused(browser, callback);
  },
  '4.11.1-open-redirector': noOpenRedirector,
});
