import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Browser, locationOf } from './support/browser.ts';
import { scriptedGround } from './support/ground.ts';
import { expectProblem, SAFE_HEADERS } from './support/headers.ts';
import { OPERATOR_AUDIENCE, operate, operatorClaims, tenantOf } from './support/operator.ts';
import { sessionIdsIn, storedRows } from './support/stored.ts';
import type { Answer } from './support/wire.ts';

const HOME_TENANT = 'cccccccc-3333-4333-8333-333333333333';

const ground = scriptedGround((op) => ({ OPERATOR_AUDIENCE, OPERATOR_TENANT: tenantOf(op.issuer) }));
const { world } = ground;
let token: string;
beforeEach(async () => {
  token = await ground.op.sign(operatorClaims(ground.op));
});

/** Somebody who is a guest in this tenant: an object id here, another at home. */
interface Guest {
  readonly here: string;
  readonly home: string;
  readonly homeAccountId: string;
}
function newGuest(): Guest {
  const home = randomUUID();
  return { here: randomUUID(), home, homeAccountId: `${home}.${HOME_TENANT}` };
}

/** Brings a guest as far as the callback. */
async function arrive({ here, home }: Guest, browser = new Browser()) {
  const setOut = await browser.navigate(`${ground.app.origin}/auth/signin`);
  const request = locationOf(setOut)?.href ?? '';
  const state = new URL(request).searchParams.get('state') ?? '';
  const come = () => {
    ground.op.expect(request);
    ground.op.idToken = (good) => ground.op.sign({ ...good, sub: `sub-${here}`, oid: here, name: 'Gwen Guest' });
    const info = JSON.stringify({ uid: home, utid: HOME_TENANT });
    ground.op.tokenResponse = { client_info: Buffer.from(info).toString('base64url') };
    const url = `${ground.app.origin}/auth/callback?${new URLSearchParams({ code: 'a-code', state })}`;
    return browser.navigate(url, new URL(ground.op.issuer).origin);
  };
  return { browser, come };
}
async function signedIn(guest: Guest): Promise<Browser> {
  const { browser, come } = await arrive(guest);
  const answer = await come();
  if (answer.headers.location !== '/') throw new Error(`not signed in: ${answer.status}`);
  return browser;
}
const rowOf = async ({ home }: Guest) =>
  (await storedRows(world)).accounts.find(({ partitionKey }) => partitionKey.startsWith(`${home}.`));
const sessionStatus = async (browser: Browser) => (await browser.fetch(`${ground.app.origin}/auth/session`)).status;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
function expectReceipt(answer: Answer, sessions: number): void {
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({ ...SAFE_HEADERS, 'content-type': 'application/json; charset=utf-8' });
  expect(answer.setCookies).toEqual([]);
  expect(answer.json()).toEqual({
    door: 'operator',
    receivedAt: expect.stringMatching(ISO),
    goneAt: expect.stringMatching(ISO),
    accounts: [expect.stringMatching(/^[0-9a-f]{16}$/)],
    sessions,
    tokenCaches: sessions,
    tries: 0,
  });
}

/** How an operator may name one guest. */
const NAMES: [string, (guest: Guest) => string][] = [
  ['home account id', ({ homeAccountId }) => `accounts/${homeAccountId}`],
  ['home account id, percent-encoded', ({ homeAccountId }) => `accounts/${homeAccountId.replace('.', '%2E')}`],
  ['object id here', ({ here }) => `users/${here}`],
  ['object id here, in upper case', ({ here }) => `users/${here.toUpperCase()}`],
  ['object id at home', ({ home }) => `users/${home}`],
];

describe.each(NAMES)('an operator, by the %s', (_what, name) => {
  it('ends a guest on all devices, and nobody else', async () => {
    const [guest, other] = [newGuest(), newGuest()];
    const devices = [await signedIn(guest), await signedIn(guest)];
    const bystander = await signedIn(other);
    const before = await rowOf(other);
    expectReceipt(await operate(ground.app, 'POST', `${name(guest)}/signout`, token), 2);
    expect(await rowOf(guest)).toBeUndefined();
    for (const device of devices) expect(await sessionStatus(device)).toBe(401);
    expect(await rowOf(other)).toEqual(before);
    expect(await sessionStatus(bystander)).toBe(200);
  });

  it('is told of the second sign-out that nothing stood', async () => {
    const guest = newGuest();
    await signedIn(guest);
    await operate(ground.app, 'POST', `${name(guest)}/signout`, token);
    expectProblem(await operate(ground.app, 'POST', `${name(guest)}/signout`, token), 404, 'nothing_to_end');
    expectProblem(await operate(ground.app, 'GET', name(guest), token), 404, 'nothing_stands');
  });

  it('sees what stands, without changing it, and not who', async () => {
    const guest = newGuest();
    await signedIn(guest);
    const before = await storedRows(world);
    const answer = await operate(ground.app, 'GET', name(guest), token);
    expect(await storedRows(world)).toEqual(before);
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject(SAFE_HEADERS);
    const session = {
      device: expect.any(String),
      signedInAt: expect.stringMatching(ISO),
      lastUsedAt: expect.stringMatching(ISO),
      idleEndsAt: expect.stringMatching(ISO),
      endsAt: expect.stringMatching(ISO),
      inForce: true,
    };
    const account = expect.stringMatching(/^[0-9a-f]{16}$/);
    expect(answer.json()).toEqual({ accounts: [{ account, sessions: [session], unreadable: 0 }], complete: true });
    for (const secret of [guest.here, guest.home, 'Gwen', ...sessionIdsIn(await rowOf(guest))]) {
      expect(answer.text).not.toContain(secret);
    }
  });

  it('keeps out a sign-in under way, though nothing stood yet', async () => {
    const guest = newGuest();
    const { browser, come } = await arrive(guest);
    const answer = await operate(ground.app, 'POST', `${name(guest)}/signout`, token);
    expect(expectProblem(answer, 404, 'nothing_to_end').detail).toContain('under way has to start over');
    const arriving = await come();
    expect(locationOf(arriving)?.pathname).toBe('/authorize');
    expect(await rowOf(guest)).toBeUndefined();
    expect(await sessionStatus(browser)).toBe(401);
  }, 15_000);
});

describe('an account that nobody has', () => {
  it.each(['accounts/nobody.nowhere', 'users/nobody', 'accounts/%2e%2e%5c'])('%s is answered 404', async (path) => {
    expectProblem(await operate(ground.app, 'GET', path, token), 404, 'nothing_stands');
    expectProblem(await operate(ground.app, 'POST', `${path}/signout`, token), 404, 'nothing_to_end');
  });
});

describe('the log', () => {
  it('has the receipt, and who asked as a keyed hash alone', async () => {
    const guest = newGuest();
    await signedIn(guest);
    const claims = operatorClaims(ground.op);
    await operate(ground.app, 'POST', `users/${guest.here}/signout`, await ground.op.sign(claims));
    await ground.app.host.line(/"event":"signout.completed","door":"operator",.*"sessions":1/);
    const lines = ground.app.host.lines.join('\n');
    expect(lines).toMatch(/"event":"operator.admitted","operator":"[0-9a-f]{16}"/);
    for (const value of [claims.sub, claims.oid, guest.here, guest.home]) expect(lines).not.toContain(String(value));
  });
});
