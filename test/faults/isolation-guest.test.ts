import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountKey } from '../../shared/account/account-key.ts';
import { Browser, locationOf } from '../http/support/browser.ts';
import { type ScriptedOp, startScriptedOp } from '../http/support/scripted-op.ts';
import { RAISE_MILLISECONDS, type RunningApp } from '../http/support/world.ts';
import { type Ground, raiseGround } from './support/ground.ts';
import { during } from './support/isolation.ts';
import { storedAccount } from './support/stored-account.ts';
import { readSession, signOutOwn } from './support/visitor.ts';

let ground: Ground;
let op: ScriptedOp;
let app: RunningApp;
beforeAll(async () => {
  op = await startScriptedOp();
  ground = await raiseGround();
  app = await ground.startApp(op.settings);
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await ground.stop();
  await op.close();
});

/** Comes back from the OP, which says the same `oid`, subject and name each time, and this home account id. */
async function signInAs(uid: string, utid: string, person: { readonly sub: string; readonly oid: string }) {
  const browser = new Browser();
  const request = locationOf(await browser.navigate(`${app.origin}/auth/signin`));
  op.expect(request?.href ?? '');
  op.idToken = (good) => op.sign({ ...good, ...person, sid: randomUUID() });
  op.tokenResponse = { client_info: Buffer.from(JSON.stringify({ uid, utid })).toString('base64url') };
  const query = new URLSearchParams({ code: 'a-code', state: request?.searchParams.get('state') ?? '' });
  const answer = await browser.navigate(`${app.origin}/auth/callback?${query}`, new URL(op.issuer).origin);
  expect(answer.headers.location).toBe('/');
  return { browser, account: accountKey(`${uid}.${utid}`, app.clientId) };
}

describe('the home and the guest identity of one person', () => {
  it('are two accounts: what is done for one names nothing of the other, and signs nobody else out', async () => {
    const [uid, homeTenant, guestTenant] = [randomUUID(), randomUUID(), randomUUID()];
    const person = { sub: randomUUID(), oid: uid };
    const home = await signInAs(uid, homeTenant, person);
    const requests = await during(ground, async () => {
      const guest = await signInAs(uid, guestTenant, person);
      expect((await readSession(app, guest.browser)).status).toBe(200);
      const call = { headers: { 'x-csrf': '1' } };
      expect((await guest.browser.fetch(`${app.origin}/api/odd/items/1`, call)).status).toBe(200);
      await signOutOwn(app, guest.browser);
      expect(await storedAccount(ground.storage, guest.account)).toBeNull();
    });
    expect(requests.filter(({ text }) => text.includes(`${uid}.${guestTenant}`))).not.toEqual([]);
    expect(requests.filter(({ text }) => text.includes(homeTenant))).toEqual([]);
    expect((await readSession(app, home.browser)).status).toBe(200);
    expect(await storedAccount(ground.storage, home.account)).not.toBeNull();
  });
});
