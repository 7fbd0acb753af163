import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pairwiseSub } from '../../local/op/users.ts';
import { type JsonServer, startJsonServer } from '../support/json-server.ts';
import { generateSigningKey, JWKS_PATH, publishKeys, type SigningKey } from '../support/signing-op.ts';
import {
  CAEP,
  RISC,
  type SetClaims,
  SSF,
  setClaims,
  signSet,
  TRANSMITTER_AUDIENCE,
  TRANSMITTER_ISSUER,
} from '../support/transmitter.ts';
import type { Browser } from './support/browser.ts';
import { expectProblem, SAFE_HEADERS } from './support/headers.ts';
import { type Arrived, arrive, callBack } from './support/sign-in.ts';
import { accountRow, storedRows } from './support/stored.ts';
import { type Answer, type Sent, send } from './support/wire.ts';
import { RAISE_MILLISECONDS, type RunningApp, raiseWorld, type World } from './support/world.ts';

const AUTHORIZATION = 'Bearer the-value-that-was-agreed-on';
const REVOKED = `${CAEP}session-revoked`;

let world: World;
let keys: JsonServer;
let key: SigningKey;
let app: RunningApp;
let settings: Readonly<Record<string, string>>;
beforeAll(async () => {
  [world, keys, key] = await Promise.all([raiseWorld(), startJsonServer(), generateSigningKey('transmitter-1')]);
  publishKeys(keys, key);
  settings = {
    SECURITY_EVENTS_ISSUER: TRANSMITTER_ISSUER,
    SECURITY_EVENTS_AUDIENCE: TRANSMITTER_AUDIENCE,
    SECURITY_EVENTS_JWKS_URL: `${keys.origin}${JWKS_PATH}`,
    SECURITY_EVENTS_SUBJECTS: 'iss_sub email complex',
    SECURITY_EVENTS_AUTHORIZATION: AUTHORIZATION,
    AUTH_SCOPES: `email ${world.app.environment.AUTH_SCOPES}`,
  };
  app = await world.startApp(settings);
}, RAISE_MILLISECONDS);
afterAll(async () => {
  await world.stop();
  await keys.close();
});

async function signedIn(person = world.newPerson(), at = app): Promise<Arrived> {
  const arrived = await arrive(world, person, at);
  await callBack(arrived.browser, arrived.callback);
  return arrived;
}
const subOf = ({ person }: Arrived, at = app) => ({
  format: 'iss_sub',
  iss: world.op.issuer,
  sub: pairwiseSub(person.oid, at.clientId),
});
const session = async (browser: Browser, at = app) => (await browser.fetch(`${at.origin}/auth/session`)).status;

const make = (type: string, sub_id: unknown, payload: SetClaims = {}, changes: SetClaims = {}) =>
  signSet(setClaims(Date.now(), type, { sub_id, ...changes }, payload), key);
/** As a transmitter delivers (RFC 8935 section 2.1). */
const deliver = (set: string, headers: Record<string, string> = {}, at = app, more: Sent = {}) =>
  send(`${at.origin}/events/security`, {
    method: 'POST',
    headers: {
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      authorization: AUTHORIZATION,
      ...headers,
    },
    body: set,
    ...more,
  });

function expectAccepted(answer: Answer): void {
  expect({ status: answer.status, text: answer.text, cookies: answer.setCookies }).toEqual({
    status: 202,
    text: '',
    cookies: [],
  });
  expect(answer.headers).toMatchObject(SAFE_HEADERS);
  expect(answer.headers).not.toHaveProperty('content-type');
}

function expectFailure(answer: Answer, err: string): void {
  expect({ status: answer.status, ...answer.json() }).toEqual({ status: 400, err, description: expect.any(String) });
  expect(answer.headers).toMatchObject({
    ...SAFE_HEADERS,
    'content-type': 'application/json',
    'content-language': 'en',
  });
}

describe('POST /events/security', () => {
  it.each([
    [REVOKED, {}],
    [`${CAEP}credential-change`, { credential_type: 'password', change_type: 'update' }],
    [`${RISC}account-disabled`, { reason: 'hijacking' }],
    [`${RISC}sessions-revoked`, {}],
    [`${RISC}account-purged`, {}],
  ])('%s about a person ends all of theirs, on every device, and nobody else', async (type, payload) => {
    const laptop = await signedIn();
    const [phone, other] = [await signedIn(laptop.person), await signedIn()];
    const before = await storedRows(world);
    expectAccepted(await deliver(await make(type, subOf(laptop), payload)));
    const after = await storedRows(world);
    expect(after.accounts).toEqual(
      before.accounts.filter(({ partitionKey }) => !partitionKey.startsWith(laptop.person.oid)),
    );
    expect(await Promise.all([laptop, phone, other].map(({ browser }) => session(browser)))).toEqual([401, 401, 200]);
  });

  it('ends whom an address names, in any case', async () => {
    const arrived = await signedIn();
    const subject = { format: 'email', email: arrived.person.upn.toUpperCase() };
    expectAccepted(await deliver(await make(`${RISC}account-disabled`, subject)));
    expect(await accountRow(world, arrived.person, app)).toBeUndefined();
  });

  it('ends the OP session that a complex subject names', async () => {
    const arrived = await signedIn();
    const subject = { format: 'complex', user: subOf(arrived), session: { format: 'opaque', id: arrived.sid } };
    expectAccepted(await deliver(await make(REVOKED, subject)));
    expect(await accountRow(world, arrived.person, app)).toBeUndefined();
  });

  it('twice is as good as once, and a replay ends nothing that is newer', async () => {
    const arrived = await signedIn();
    const earlier = { iat: Math.floor(Date.now() / 1_000) - 60 };
    const old = await make(REVOKED, subOf(arrived), {}, earlier);
    const now = await make(REVOKED, subOf(arrived), {}, { jti: 'jti-1' });
    expectAccepted(await deliver(old));
    expect(await session(arrived.browser)).toBe(200);
    for (const set of [now, now]) expectAccepted(await deliver(set));
    expect(await session(arrived.browser)).toBe(401);
  });

  it('an event of a minute ago ends nothing that began since, however new its token', async () => {
    const arrived = await signedIn();
    const before = await storedRows(world);
    const event_timestamp = Math.floor(Date.now() / 1_000) - 60;
    expectAccepted(await deliver(await make(REVOKED, subOf(arrived), { event_timestamp })));
    expect((await storedRows(world)).accounts.map(({ properties }) => properties)).toEqual(
      before.accounts.map(({ properties }) => properties),
    );
    expect(await session(arrived.browser)).toBe(200);
  });

  it.each([
    ['verification, with a state', `${SSF}verification`, { state: 'c3RhdGU' }],
    ['stream-updated', `${SSF}stream-updated`, { status: 'paused' }],
    ['a type that is not known', 'https://schemas.example/event-type/other', {}],
    ['a new credential', `${CAEP}credential-change`, { credential_type: 'fido2-roaming', change_type: 'create' }],
  ])('%s is accepted, and ends nothing', async (_what, type, payload) => {
    const arrived = await signedIn();
    const before = await storedRows(world);
    const subject = type.startsWith(SSF) ? { format: 'opaque', id: 'stream-1' } : subOf(arrived);
    expectAccepted(await deliver(await make(type, subject, payload)));
    expect(await storedRows(world)).toEqual(before);
    expect(await session(arrived.browser)).toBe(200);
  });

  it('answers alike whether somebody is known or not', async () => {
    const arrived = await signedIn();
    const unknown = { ...subOf(arrived), sub: 'unknown' };
    const [known, nobody] = [
      await deliver(await make(REVOKED, subOf(arrived))),
      await deliver(await make(REVOKED, unknown)),
    ];
    const own = { date: '', 'x-ms-invocation-id': '' };
    expect([{ ...nobody.headers, ...own }, nobody.status]).toEqual([{ ...known.headers, ...own }, known.status]);
  });

  it('meets a key that came by rotation', async () => {
    const arrived = await signedIn();
    const next = await generateSigningKey('transmitter-2');
    publishKeys(keys, key, next);
    const set = await signSet(setClaims(Date.now(), REVOKED, { sub_id: subOf(arrived) }), next);
    // An unknown key asks for the keys at most once a second.
    let answer = await deliver(set);
    for (let tries = 0; answer.status === 400 && tries < 200; tries += 1) answer = await deliver(set);
    expectAccepted(answer);
    expect(await session(arrived.browser)).toBe(401);
  });

  it('writes of it into the log what ended, and neither subject nor token', async () => {
    const arrived = await signedIn();
    const set = await make(REVOKED, subOf(arrived));
    await deliver(set);
    await app.host.line(/"signout.completed","door":"security-events",.*"sessions":1/);
    const lines = app.host.lines.join('\n');
    for (const secret of [subOf(arrived).sub, arrived.person.oid, arrived.person.upn, set, AUTHORIZATION])
      expect(lines).not.toContain(secret);
  });
});

describe('a delivery that fails', () => {
  const refusals: readonly [string, string, (subject: unknown) => Promise<Answer>][] = [
    [
      'another media type',
      'invalid_request',
      async (s) => deliver(await make(REVOKED, s), { 'content-type': 'application/jwt' }),
    ],
    [
      'a form',
      'invalid_request',
      async (s) => deliver(`set=${await make(REVOKED, s)}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['no body', 'invalid_request', () => deliver('')],
    ['a body that is no token', 'invalid_request', () => deliver('{"events":{}}')],
    [
      'a body over the bound',
      'invalid_request',
      async (s) => deliver(await make(REVOKED, s, { more: 'x'.repeat(70_000) })),
    ],
    ['no Authorization', 'authentication_failed', async (s) => deliver(await make(REVOKED, s), { authorization: '' })],
    [
      'another Authorization',
      'authentication_failed',
      async (s) => deliver(await make(REVOKED, s), { authorization: `${AUTHORIZATION}x` }),
    ],
    ['another issuer', 'invalid_issuer', async (s) => deliver(await make(REVOKED, s, {}, { iss: world.op.issuer }))],
    [
      'another audience',
      'invalid_audience',
      async (s) => deliver(await make(REVOKED, s, {}, { aud: 'https://other.example' })),
    ],
    [
      'an exp',
      'invalid_request',
      async (s) => deliver(await make(REVOKED, s, {}, { exp: Math.floor(Date.now() / 1_000) + 60 })),
    ],
    ['no jti', 'invalid_request', async (s) => deliver(await make(REVOKED, s, {}, { jti: undefined }))],
    ['no subject', 'invalid_request', () => make(REVOKED, undefined).then((set) => deliver(set))],
    [
      'an iat to come',
      'invalid_request',
      async (s) => deliver(await make(REVOKED, s, {}, { iat: Math.floor(Date.now() / 1_000) + 3_600 })),
    ],
  ];

  it.each(refusals)('by %s is told %s, and ends nothing', async (_what, err, attempt) => {
    const arrived = await signedIn();
    const before = await storedRows(world);
    expectFailure(await attempt(subOf(arrived)), err);
    expect(await storedRows(world)).toEqual(before);
  });

  it('by a key that is not published is told invalid_key, and ends nothing', async () => {
    const arrived = await signedIn();
    const claims = setClaims(Date.now(), REVOKED, { sub_id: subOf(arrived) });
    for (const kid of [key.kid, 'stranger'])
      expectFailure(await deliver(await signSet(claims, await generateSigningKey(kid))), 'invalid_key');
    expect(await session(arrived.browser)).toBe(200);
  });
});

describe('by default', () => {
  it('the door is closed', async () => {
    const arrived = await signedIn(undefined, world.app);
    expect((await deliver(await make(REVOKED, subOf(arrived, world.app)), {}, world.app)).status).toBe(404);
    expect(await session(arrived.browser, world.app)).toBe(200);
    expect((await send(`${world.app.origin}/health/ready`)).json().doors).not.toContain('security-events');
  });

  it(
    'an open one believes no address, no parts, and asks for no Authorization',
    async () => {
      const { SECURITY_EVENTS_SUBJECTS: _, SECURITY_EVENTS_AUTHORIZATION: __, ...plain } = settings;
      const plainApp = await world.startApp({ ...plain, SECURITY_EVENTS_AUDIENCE: undefined });
      expect((await send(`${plainApp.origin}/health/ready`)).json().doors).toContain('security-events');
      const arrived = await signedIn(undefined, plainApp);
      const aud = { aud: plainApp.origin };
      const give = async (subject: unknown) =>
        deliver(await make(REVOKED, subject, {}, aud), { authorization: '' }, plainApp);
      expectAccepted(await give({ format: 'email', email: arrived.person.upn }));
      expectAccepted(await give({ format: 'complex', user: subOf(arrived, plainApp) }));
      expect(await session(arrived.browser, plainApp)).toBe(200);
      expectAccepted(await give(subOf(arrived, plainApp)));
      expect(await session(arrived.browser, plainApp)).toBe(401);
    },
    RAISE_MILLISECONDS,
  );

  it(
    'a transmitter whose keys cannot be had is told to come again',
    async () => {
      const url = `${keys.origin}/gone`;
      const lost = await world.startApp({ ...settings, SECURITY_EVENTS_JWKS_URL: url });
      const arrived = await signedIn(undefined, lost);
      const answer = await deliver(await make(REVOKED, subOf(arrived, lost)), {}, lost);
      expectProblem(answer, 503, 'signout_unfinished');
      expect(answer.headers['retry-after']).toBe('1');
      publishKeys(keys, key);
      keys.answers.set('/gone', keys.answers.get(JWKS_PATH) ?? {});
      expectAccepted(await deliver(await make(REVOKED, subOf(arrived, lost)), {}, lost));
      expect(await session(arrived.browser, lost)).toBe(401);
    },
    RAISE_MILLISECONDS,
  );
});
