import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { Browser } from '../http/support/browser.ts';
import { scriptedGround } from '../http/support/ground.ts';
import { expectProblem } from '../http/support/headers.ts';
import type { Claims } from '../http/support/scripted-op.ts';
import { comeBack } from '../http/support/scripted-sign-in.ts';
import { storedRows } from '../http/support/stored.ts';
import { type Answer, send } from '../http/support/wire.ts';
import { expectHttpsAlone } from './checks/https-alone.ts';
import { conforms } from './conforms.ts';
import { backChannelLogout } from './specs/back-channel-logout.ts';
import { expectSignedIn, signsIn, withDeadStorage } from './support/ground.ts';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const PATH = '/auth/backchannel-logout';
const ground = scriptedGround();
const seconds = () => Math.floor(Date.now() / 1_000);

/** Somebody who is signed in: their browser, and the claims by which a logout token can name them. */
async function signedIn() {
  const browser = new Browser();
  return { browser, claims: await signsIn(ground, undefined, browser) };
}

/** A logout token for them that is good but for these changes; an undefined claim is left out. */
function tokenFor({ iss, aud, sub, sid }: Claims, changes: Claims = {}, header: Record<string, string> = {}) {
  const now = seconds();
  const claims = {
    iss,
    aud,
    sub,
    sid,
    iat: now,
    exp: now + 120,
    jti: randomUUID(),
    events: { [EVENT]: {} },
    ...changes,
  };
  return ground.op.sign(claims, { typ: 'logout+jwt', ...header });
}

function post(
  logoutToken: string,
  more: Readonly<Record<string, string>> = {},
  { origin } = ground.app,
): Promise<Answer> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ logout_token: logoutToken, ...more }).toString();
  return send(`${origin}${PATH}`, { method: 'POST', headers, body });
}
const isIn = async ({ browser }: { readonly browser: Browser }): Promise<boolean> =>
  (await browser.fetch(`${ground.app.origin}/auth/session`)).status === 200;

type MakeToken = (claims: Claims) => Promise<string> | string;

/** Holds that a token so made is refused as section 2.8 has it, and ends nothing. */
async function isRefused(make: MakeToken): Promise<void> {
  const visitor = await signedIn();
  const answer = await post(await make(visitor.claims));
  expect([answer.status, answer.headers['content-type']]).toEqual([400, expect.stringMatching(/^application\/json/)]);
  expect(answer.json()).toMatchObject({ error: 'invalid_request' });
  expect(await isIn(visitor)).toBe(true);
}
const isRefusedWith = (changes: Claims, header?: Record<string, string>) =>
  isRefused((claims) => tokenFor(claims, changes, header));

/** Holds that a token so made ends the session that it names. */
async function ends(make: MakeToken, more: Readonly<Record<string, string>> = {}): Promise<void> {
  const visitor = await signedIn();
  expect((await post(await make(visitor.claims), more)).status).toBe(200);
  expect(await isIn(visitor)).toBe(false);
}
/** The address to be registered. */
const address = () => new URL(PATH, ground.app.origin);

conforms(backChannelLogout, {
  '2.2-absolute': async () => {
    expect(address().href).toBe(`${ground.app.origin}${PATH}`);
    expect((await send(address().href, { method: 'POST' })).status).toBe(400);
  },
  '2.2-fragment': () => expect(address().hash).toBe(''),
  '2.2-https': expectHttpsAlone,
  '2.4-claims-required': async () => {
    for (const claim of ['iss', 'aud', 'iat', 'exp', 'jti', 'events']) await isRefusedWith({ [claim]: undefined });
  },
  '2.4-event': async () => {
    for (const events of [{}, { [EVENT]: true }, { [EVENT]: [] }, { [EVENT]: null }, { 'urn:another': {} }, EVENT]) {
      await isRefusedWith({ events });
    }
    await ends((claims) => tokenFor(claims, { events: { [EVENT]: { member: 1 }, 'urn:another': {} } }));
  },
  '2.4-sub-or-sid': async () => {
    await isRefusedWith({ sub: undefined, sid: undefined });
    await ends((claims) => tokenFor(claims));
    await ends((claims) => tokenFor(claims, { sub: undefined }));
    await ends((claims) => tokenFor(claims, { sid: undefined }));
  },
  '2.4-nonce': () => isRefusedWith({ nonce: 'any' }),
  '2.4-unknown-claims': () => ends((claims) => tokenFor(claims, { 'https://op.example/claim': ['of no meaning'] })),
  '2.4-signed': async () => {
    const claimsOf = ({ iss, aud, sub, sid }: Claims) => ({
      ...{ iss, aud, sub, sid, iat: seconds(), exp: seconds() + 120, jti: randomUUID() },
      events: { [EVENT]: {} },
    });
    await isRefused((claims) => ground.op.signAsStranger(claimsOf(claims)));
    await isRefused((claims) => ground.op.signWithPublicKey(claimsOf(claims)));
    await isRefused(() => 'no-token');
  },
  '2.4-typ': async () => {
    for (const typ of ['JWT', 'at+jwt', 'secevent+jwt']) await isRefusedWith({}, { typ });
    await ends((claims) => tokenFor(claims, {}, { typ: 'application/logout+jwt' }));
  },
  '2.5-parameters': () => ends((claims) => tokenFor(claims), { some_parameter: 'of no meaning', state: 'x' }),
  '2.6-validated': async () => {
    await isRefusedWith({ iss: 'https://login.evil.example/v2.0' });
    await isRefusedWith({ aud: 'another-client' });
    await isRefusedWith({ exp: seconds() - 60 });
    await isRefusedWith({ iat: seconds() + 600, exp: seconds() + 900 });
    await ends((claims) => tokenFor(claims));
  },
  '2.6-alg': async () => {
    const narrow = await ground.world.startApp({ AUTH_SIGNING_ALGORITHMS: 'ES256' });
    const visitor = await signedIn();
    const answer = await post(await tokenFor(visitor.claims, { aud: narrow.clientId }), {}, narrow);
    await narrow.host.stop();
    expect(answer.status).toBe(400);
    await ends((claims) => tokenFor(claims));
  },
  '2.6-alg-none': async () => {
    for (const alg of ['none', 'NONE']) {
      const iat = seconds();
      await isRefused(({ iss, aud, sub, sid }) =>
        ground.op.leaveUnsigned(
          { iss, aud, sub, sid, iat, exp: iat + 120, jti: randomUUID(), events: { [EVENT]: {} } },
          alg,
        ),
      );
    }
  },
  '2.6-replay': async () => {
    const visitor = await signedIn();
    const token = await tokenFor(visitor.claims, { iat: seconds() - 60 });
    // The session is younger than the token: what was said a minute ago was not said of it.
    for (const _ of [1, 2]) expect((await post(token)).status).toBe(200);
    expect(await isIn(visitor)).toBe(true);
  },
  '2.7-refresh-tokens': async () => {
    const visitor = await signedIn();
    const ofVisitor = async () =>
      (await storedRows(ground.world)).accounts.filter(({ partitionKey }) =>
        partitionKey.startsWith(String(visitor.claims.oid)),
      );
    expect(await ofVisitor()).toHaveLength(1);
    await post(await tokenFor(visitor.claims));
    expect(await ofVisitor()).toEqual([]);
  },
  '2.7-offline-access': async () => {
    const visitor = await signedIn();
    await post(await tokenFor(visitor.claims));
    const { accounts } = await storedRows(ground.world);
    expect(accounts.filter(({ partitionKey }) => partitionKey.startsWith(String(visitor.claims.oid)))).toEqual([]);
  },
  '2.7-sub': async () => {
    const { claims, browser } = await signedIn();
    const phone = new Browser();
    // The same person at another device, in another session of the OP.
    const { sub, oid } = claims;
    ground.op.idToken = (good) => ground.op.sign({ ...good, sub, oid });
    ground.op.tokenResponse = {
      client_info: Buffer.from(JSON.stringify({ uid: oid, utid: claims.tid })).toString('base64url'),
    };
    expectSignedIn((await comeBack(ground.op, ground.app, phone)).answer);
    expect((await post(await tokenFor(claims, { sid: undefined }))).status).toBe(200);
    expect([await isIn({ browser }), await isIn({ browser: phone })]).toEqual([false, false]);
  },
  '2.8-ok': async () => {
    const { claims } = await signedIn();
    const token = await tokenFor(claims);
    for (const _ of ['at first', 'again']) expect((await post(token)).status).toBe(200);
    expect((await post(await tokenFor(claims, { sub: 'of-nobody', sid: 'of-nobody' }))).status).toBe(200);
  },
  '2.8-invalid': () => isRefusedWith({ exp: seconds() - 60 }),
  '2.8-failed': async () => {
    const stranded = await withDeadStorage(ground.world);
    const { claims } = await signedIn();
    const answer = await post(await tokenFor(claims, { aud: stranded.clientId }), {}, stranded);
    await stranded.host.stop();
    expectProblem(answer, 503, 'signout_queued');
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
  },
  '2.8-error': async () => {
    const answer = await post('no-token');
    expect(answer.headers['content-type']).toMatch(/^application\/json/);
    expect(answer.json()).toMatchObject({ error: expect.stringMatching(/^[a-z_]+$/) });
  },
  '2.8-no-store': async () => {
    const { claims } = await signedIn();
    for (const answer of [await post(await tokenFor(claims)), await post('no-token')]) {
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  },
});
