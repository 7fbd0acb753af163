import { expect } from '@jest/globals';
import { registration } from '../../../local/stage/applications.ts';
import { Browser } from '../../http/support/browser.ts';
import { type ScriptedGround, withMetadata } from '../../http/support/ground.ts';
import { attemptSet, cookiesSet } from '../../http/support/headers.ts';
import { comeBack } from '../../http/support/scripted-sign-in.ts';
import { storedRows } from '../../http/support/stored.ts';
import type { Checks } from '../conforms.ts';
import { authorizationRequest, expectNobodySignedIn, expectSignedIn } from '../support/ground.ts';
import { expectHttpsAlone } from './https-alone.ts';

const BITS_256 = /^[A-Za-z0-9_-]{43}$/;

/** That an OP with this endpoint, which is by http and not on loopback, is not used. */
async function expectUnused(ground: ScriptedGround, endpoint: 'authorization_endpoint' | 'token_endpoint') {
  const metadata = { [endpoint]: 'http://op.example/endpoint' };
  const status = await withMetadata(ground, metadata, async (app) => {
    return (await new Browser().navigate(`${app.origin}/auth/signin`)).status;
  });
  expect(status).toBe(503);
}

/** OpenID Connect Core 1.0 sections 3.1.2 to 3.1.2.7: the authentication request, and the response to it. */
export function requestChecks(ground: ScriptedGround): Checks {
  const parameters = async (query = '') => (await authorizationRequest(ground.app, query)).searchParams;
  return {
    '3.1.2-tls': () => expectUnused(ground, 'authorization_endpoint'),
    '3.1.2.1-scope': async () => {
      expect((await parameters()).get('scope')?.split(' ')).toContain('openid');
    },
    '3.1.2.1-response-type': async () => {
      expect((await parameters()).getAll('response_type')).toEqual(['code']);
    },
    '3.1.2.1-client-id': async () => {
      expect((await parameters()).getAll('client_id')).toEqual([ground.app.clientId]);
    },
    '3.1.2.1-redirect-uri': async () => {
      expect((await parameters()).getAll('redirect_uri')).toEqual(registration(ground.app).redirectUris);
    },
    '3.1.2.1-https': expectHttpsAlone,
    '3.1.2.1-state': async () => {
      const answer = await new Browser().navigate(`${ground.app.origin}/auth/signin`);
      expect(new URL(answer.headers.location ?? '').searchParams.get('state')).toMatch(BITS_256);
      expect(cookiesSet(answer)).toEqual([attemptSet()]);
    },
    '3.1.2.1-response-mode': async () => {
      expect((await parameters()).get('response_mode')).toBe('query');
    },
    '3.1.2.1-nonce': async () => {
      const nonces = [(await parameters()).get('nonce'), (await parameters()).get('nonce')];
      for (const nonce of nonces) expect(nonce).toMatch(BITS_256);
      expect(nonces[0]).not.toBe(nonces[1]);
    },
    '3.1.2.1-id-token-hint': async () => {
      const asked = await parameters('?prompt=none&loginHint=alice@contoso.example');
      expect([asked.get('prompt'), asked.get('login_hint')]).toEqual(['none', 'alice@contoso.example']);
      expect(asked.has('id_token_hint')).toBe(false);
    },
    '3.1.2.7-response': async () => {
      const before = await storedRows(ground.world);
      for (const query of ['?code=c', '?code=c&state=', `?code=c&state=${'A'.repeat(43)}`, '?code=c&code=d&state=s']) {
        const answer = await new Browser().navigate(`${ground.app.origin}/auth/callback${query}`);
        await expectNobodySignedIn(ground, answer, before);
      }
      const unknown = { session_state: 'of-no-meaning', some_parameter: 'unknown' };
      expectSignedIn((await comeBack(ground.op, ground.app, new Browser(), unknown)).answer);
    },
    '3.1.3-tls': () => expectUnused(ground, 'token_endpoint'),
    '15.5.2-nonce': async () => {
      // The thief has the victim's authorization response, as it stands in a URL, and an attempt of its own.
      const [thief, victim] = [new Browser(), new Browser()];
      await authorizationRequest(ground.app, '', thief);
      const state = (await authorizationRequest(ground.app, '', victim)).searchParams.get('state') ?? '';
      const before = await storedRows(ground.world);
      const query = new URLSearchParams({ code: 'of-the-victim', state });
      const answer = await thief.navigate(`${ground.app.origin}/auth/callback?${query}`, 'http://login.localhost');
      await expectNobodySignedIn(ground, answer, before);
    },
    '16.11-implicit': async () => {
      const browser = new Browser();
      const request = await authorizationRequest(ground.app, '', browser);
      const state = request.searchParams.get('state') ?? '';
      const before = await storedRows(ground.world);
      const query = new URLSearchParams({ id_token: 'an.id.token', access_token: 'an-access-token', state });
      const answer = await browser.navigate(`${ground.app.origin}/auth/callback?${query}`, 'http://login.localhost');
      await expectNobodySignedIn(ground, answer, before);
    },
  };
}
