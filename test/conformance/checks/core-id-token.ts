import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect } from '@jest/globals';
import { SignJWT } from 'jose';
import { Browser } from '../../http/support/browser.ts';
import { changed, type ScriptedGround } from '../../http/support/ground.ts';
import { expectPage } from '../../http/support/headers.ts';
import { type Claims, type MakeIdToken, swapClaims } from '../../http/support/scripted-op.ts';
import { comeBack } from '../../http/support/scripted-sign-in.ts';
import { storedRows } from '../../http/support/stored.ts';
import { selfSignedPem } from '../../shared/settings/certificate.ts';
import type { Checks } from '../conforms.ts';
import {
  authorizationRequest,
  expectNobodySignedIn,
  expectSignedIn,
  isNotTrusted,
  signsIn,
} from '../support/ground.ts';

const seconds = () => Math.floor(Date.now() / 1_000);

/** A stranger's signature under the name of a key that the OP has, with the stranger's key, or where it is, in the header. */
async function withOwnKey(claims: Claims, by: 'jwk' | 'jku' | 'x5c' | 'x5u'): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const certificate = selfSignedPem(privateKey).replace(/-----[^-]*-----|\s/g, '');
  const values = {
    jwk: createPublicKey(privateKey).export({ format: 'jwk' }),
    jku: 'https://evil.example/keys',
    x5c: [certificate],
    x5u: 'https://evil.example/certificate',
  };
  const header = { alg: 'RS256', kid: 'scripted', typ: 'JWT', [by]: values[by] };
  return new SignJWT({ ...claims }).setProtectedHeader(header).sign(privateKey);
}

/** OpenID Connect Core 1.0 sections 2, 3.1.3.7 and 16: the ID token, step by step. */
export function idTokenChecks(ground: ScriptedGround): Checks {
  const refuses = (make: MakeIdToken) => isNotTrusted(ground, make);
  const refusesWith = (changes: Claims) => refuses(changed(ground, changes));
  /** `nonce` is looked at before all else, where the code is redeemed: no page of its own. */
  const signsNobodyIn = async (make: MakeIdToken) => {
    const before = await storedRows(ground.world);
    ground.op.idToken = make;
    await expectNobodySignedIn(ground, (await comeBack(ground.op, ground.app)).answer, before);
  };
  const otherNonce = async () => {
    await signsNobodyIn(changed(ground, { nonce: 'A'.repeat(43) }));
    await signsNobodyIn(changed(ground, { nonce: undefined }));
  };
  const signatureHolds = () => refuses((good) => swapClaims(ground.op.sign(good), { ...good, sub: 'somebody-else' }));

  return {
    '2-claims-required': async () => {
      for (const claim of ['iss', 'sub', 'aud', 'exp', 'iat']) await refusesWith({ [claim]: undefined });
    },
    '2-aud': () => refusesWith({ aud: 'another-client' }),
    '2-exp': async () => {
      await refusesWith({ exp: seconds() - 60 });
      await signsIn(ground, (good) => ground.op.sign({ ...good, exp: seconds() + 60 }));
    },
    '2-nonce': otherNonce,
    '2-azp': () => refusesWith({ azp: 'another-client' }),
    '2-unknown-claims': async () => {
      await signsIn(ground, changed(ground, { 'https://op.example/claim': { of: ['no', 'meaning'] } }));
    },
    '2-signed': async () => {
      await refuses(async (good) => ground.op.leaveUnsigned(good));
      await refuses(async (good) => ground.op.leaveUnsigned(good, 'NONE'));
    },
    '2-header-keys': async () => {
      for (const by of ['jwk', 'jku', 'x5c', 'x5u'] as const) await refuses((good) => withOwnKey(good, by));
    },
    '3.1.3.7-validated': async () => {
      const browser = new Browser();
      const { preferred_username } = await signsIn(ground, undefined, browser);
      const session = await browser.fetch(`${ground.app.origin}/auth/session`);
      expect(session.json()).toMatchObject({ user: { username: preferred_username } });
    },
    '3.1.3.7-iss': () => refusesWith({ iss: 'https://login.evil.example/v2.0' }),
    '3.1.3.7-aud': async () => {
      await refusesWith({ aud: 'another-client' });
      await refusesWith({ aud: ['another-client', 'one-more'] });
      await signsIn(ground, (good) => ground.op.sign({ ...good, aud: [good.aud] }));
    },
    '3.1.3.7-other-audiences': async () => {
      await refuses((good) => ground.op.sign({ ...good, aud: [good.aud, 'another'] }));
      await refuses((good) => ground.op.sign({ ...good, aud: [good.aud, 'another'], azp: 'another' }));
      await signsIn(ground, (good) => ground.op.sign({ ...good, aud: [good.aud, 'another'], azp: good.aud }));
    },
    '3.1.3.7-azp': async () => {
      await refusesWith({ azp: 'another-client' });
      await signsIn(ground, (good) => ground.op.sign({ ...good, azp: good.aud }));
    },
    '3.1.3.7-signature': signatureHolds,
    '3.1.3.7-keys': async () => {
      await refuses((good) => ground.op.signAsStranger(good));
      await refuses((good) => ground.op.sign(good, { kid: 'of-no-key-of-the-op' }));
    },
    '3.1.3.7-alg': async () => {
      await signsIn(ground);
      await refuses(async (good) => ground.op.signWithPublicKey(good));
      const narrow = await ground.world.startApp({ AUTH_SIGNING_ALGORITHMS: 'ES256' });
      ground.op.idToken = (good) => ground.op.sign(good);
      expectPage((await comeBack(ground.op, narrow)).answer, 403, 'The sign-in was not trusted');
      await narrow.host.stop();
    },
    '3.1.3.7-exp': () => refusesWith({ exp: seconds() - 60 }),
    '3.1.3.7-nonce': otherNonce,
    '3.1.3.7-replay': async () => {
      const browser = new Browser();
      const request = await authorizationRequest(ground.app, '', browser);
      ground.op.expect(request.href);
      const query = new URLSearchParams({ code: 'a-code', state: request.searchParams.get('state') ?? '' });
      const callback = `${ground.app.origin}/auth/callback?${query}`;
      // Whoever holds a copy of the cookies could come with the same attempt, and so with its nonce, once more.
      const copy = browser.copy();
      expectSignedIn(await browser.navigate(callback, 'http://login.localhost'));
      const before = await storedRows(ground.world);
      await expectNobodySignedIn(ground, await copy.navigate(callback, 'http://login.localhost'), before);
    },
    '16.3-signature': signatureHolds,
    '16.6-signature': () => refuses((good) => ground.op.signAsStranger(good)),
    '16.15-issuer': async () => {
      await refuses((good) => ground.op.sign({ ...good, iss: `${good.iss}/` }));
      await refuses((good) => ground.op.sign({ ...good, iss: String(good.iss).toUpperCase() }));
    },
  };
}
