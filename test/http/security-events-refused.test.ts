import { describe, expect, it } from '@jest/globals';
import { generateSigningKey, JWKS_PATH, publishKeys } from '../support/signing-op.ts';
import { setClaims, signSet } from '../support/transmitter.ts';
import { expectProblem, SAFE_HEADERS } from './support/headers.ts';
import { expectAccepted, REVOKED, securityEventsGround } from './support/security-events.ts';
import { storedRows } from './support/stored.ts';
import { AUTHORIZATION, startTransmitter } from './support/transmitter.ts';
import { type Answer, send } from './support/wire.ts';
import { RAISE_MILLISECONDS } from './support/world.ts';

const { world, app, transmitter, signedIn, session, subOf, make, give } = securityEventsGround();

function expectFailure(answer: Answer, err: string): void {
  expect({ status: answer.status, ...answer.json() }).toEqual({ status: 400, err, description: expect.any(String) });
  expect(answer.headers).toMatchObject({
    ...SAFE_HEADERS,
    'content-type': 'application/json',
    'content-language': 'en',
  });
}

describe('a delivery that fails', () => {
  const refusals: readonly [string, string, (subject: unknown) => Promise<Answer>][] = [
    [
      'another media type',
      'invalid_request',
      async (s) => give(await make(REVOKED, s), { 'content-type': 'application/jwt' }),
    ],
    [
      'a form',
      'invalid_request',
      async (s) => give(`set=${await make(REVOKED, s)}`, { 'content-type': 'application/x-www-form-urlencoded' }),
    ],
    ['no body', 'invalid_request', () => give('')],
    ['a body that is no token', 'invalid_request', () => give('{"events":{}}')],
    [
      'a body over the bound',
      'invalid_request',
      async (s) => give(await make(REVOKED, s, { more: 'x'.repeat(70_000) })),
    ],
    ['no Authorization', 'authentication_failed', async (s) => give(await make(REVOKED, s), { authorization: '' })],
    [
      'another Authorization',
      'authentication_failed',
      async (s) => give(await make(REVOKED, s), { authorization: `${AUTHORIZATION}x` }),
    ],
    ['another issuer', 'invalid_issuer', async (s) => give(await make(REVOKED, s, {}, { iss: world.op.issuer }))],
    [
      'another audience',
      'invalid_audience',
      async (s) => give(await make(REVOKED, s, {}, { aud: 'https://other.example' })),
    ],
    [
      'an exp',
      'invalid_request',
      async (s) => give(await make(REVOKED, s, {}, { exp: Math.floor(Date.now() / 1_000) + 60 })),
    ],
    ['no jti', 'invalid_request', async (s) => give(await make(REVOKED, s, {}, { jti: undefined }))],
    ['no subject', 'invalid_request', () => make(REVOKED, undefined).then((set) => give(set))],
    [
      'an iat to come',
      'invalid_request',
      async (s) => give(await make(REVOKED, s, {}, { iat: Math.floor(Date.now() / 1_000) + 3_600 })),
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
    for (const kid of [transmitter.key.kid, 'stranger'])
      expectFailure(await give(await signSet(claims, await generateSigningKey(kid))), 'invalid_key');
    expect(await session(arrived.browser)).toBe(200);
  });
});

describe('by default', () => {
  it('the door is closed', async () => {
    const arrived = await signedIn(undefined, world.app);
    expect((await give(await make(REVOKED, subOf(arrived, world.app)), {}, world.app)).status).toBe(404);
    expect(await session(arrived.browser, world.app)).toBe(200);
    expect((await send(`${world.app.origin}/health/ready`)).json().doors).not.toContain('security-events');
  });

  it(
    'an open one believes no address, no parts, and asks for no Authorization',
    async () => {
      const { SECURITY_EVENTS_AUDIENCE: _, ...settings } = transmitter.settings;
      const plain = await world.startApp({ ...settings, AUTH_SCOPES: app.environment.AUTH_SCOPES });
      expect((await send(`${plain.origin}/health/ready`)).json().doors).toContain('security-events');
      const arrived = await signedIn(undefined, plain);
      const offer = async (subject: unknown) =>
        give(await make(REVOKED, subject, {}, { aud: plain.origin }), { authorization: '' }, plain);
      expectAccepted(await offer({ format: 'email', email: arrived.person.upn }));
      expectAccepted(await offer({ format: 'complex', user: subOf(arrived, plain) }));
      expect(await session(arrived.browser, plain)).toBe(200);
      expectAccepted(await offer(subOf(arrived, plain)));
      expect(await session(arrived.browser, plain)).toBe(401);
    },
    RAISE_MILLISECONDS,
  );
});

describe('a transmitter whose keys cannot be had', () => {
  it(
    'is told to come again, and is heard then',
    async () => {
      const silent = await startTransmitter();
      silent.server.answers.delete(JWKS_PATH);
      const lost = await world.startApp(silent.settings);
      const arrived = await signedIn(undefined, lost);
      const set = await silent.make(REVOKED, subOf(arrived, lost));
      const answer = await give(set, {}, lost);
      expectProblem(answer, 503, 'signout_unfinished');
      expect(answer.headers['retry-after']).toBe('1');
      expect(await session(arrived.browser, lost)).toBe(200);
      publishKeys(silent.server, silent.key);
      expectAccepted(await give(set, {}, lost));
      expect(await session(arrived.browser, lost)).toBe(401);
      await silent.close();
    },
    RAISE_MILLISECONDS,
  );
});
