import { expect } from '@jest/globals';
import { localWorld } from '../http/support/ground.ts';
import { expectProblem } from '../http/support/headers.ts';
import { type Arrived, bringIn } from '../http/support/sign-in.ts';
import { accountRow } from '../http/support/stored.ts';
import { deliver, localTransmitter, subjectOf } from '../http/support/transmitter.ts';
import type { Answer } from '../http/support/wire.ts';
import { generateSigningKey } from '../support/signing-op.ts';
import { CAEP, RISC, setClaims, signSet } from '../support/transmitter.ts';
import { conforms } from './conforms.ts';
import { rfc8935 } from './specs/rfc8935.ts';
import { withDeadStorage } from './support/ground.ts';

const DISABLED = `${RISC}account-disabled`;
/** Section 2.4, table 1. */
const CODES = [
  'invalid_request',
  'invalid_key',
  'invalid_issuer',
  'invalid_audience',
  'authentication_failed',
  'access_denied',
];

const transmitter = localTransmitter();
const world = localWorld(() => transmitter.settings);

const signedIn = () => bringIn(world);
const setOf = (visitor: Arrived, changes = {}, type = DISABLED, at = world.app) =>
  transmitter.make(type, subjectOf(world, visitor, at), {}, changes);
const isGone = async ({ person }: Arrived) => (await accountRow(world, person, world.app)) === undefined;

/** Each way in which a SET can be wrong, made about somebody. */
const WRONG: Readonly<Record<string, (visitor: Arrived) => Promise<string>>> = {
  invalid_request: async () => 'no-set',
  invalid_key: async (visitor) => {
    const claims = setClaims(Date.now(), DISABLED, { sub_id: subjectOf(world, visitor, world.app) });
    return signSet(claims, { ...(await generateSigningKey('transmitter-1')) });
  },
  invalid_issuer: (visitor) => setOf(visitor, { iss: 'https://events.evil.example' }),
  invalid_audience: (visitor) => setOf(visitor, { aud: 'https://another.example' }),
};

/** Holds of each wrong SET that it ends nothing, and whatever else there is to hold of its answer. */
async function ofEachRefusal(hold: (answer: Answer, err: string, visitor: Arrived) => void): Promise<void> {
  const visitor = await signedIn();
  for (const [err, make] of Object.entries(WRONG)) hold(await deliver(world.app, await make(visitor)), err, visitor);
  expect(await isGone(visitor)).toBe(false);
}

conforms(rfc8935, {
  '2-validated': async () => {
    await ofEachRefusal((answer, err) => expect([answer.status, answer.json().err]).toEqual([400, err]));
    const visitor = await signedIn();
    expect((await deliver(world.app, await setOf(visitor))).status).toBe(202);
    expect(await isGone(visitor)).toBe(true);
  },
  '2-immediately': async () => {
    expect((await deliver(world.app, await setOf(await signedIn()))).status).toBe(202);
  },
  '2-no-processing': async () => {
    const visitor = await signedIn();
    expect((await deliver(world.app, await setOf(visitor))).status).toBe(202);
    expect(await isGone(visitor)).toBe(true);
    const stranded = await withDeadStorage(world);
    expectProblem(await deliver(stranded, await setOf(visitor, {}, DISABLED, stranded)), 503, 'signout_queued');
    await stranded.host.stop();
  },
  '2-repeated': async () => {
    const set = await setOf(await signedIn());
    const answers = [await deliver(world.app, set), await deliver(world.app, set)];
    expect(answers.map(({ status, text }) => [status, text])).toEqual([
      [202, ''],
      [202, ''],
    ]);
  },
  '2-retransmission': async () => {
    const visitor = await signedIn();
    await deliver(world.app, await setOf(visitor, {}, `${CAEP}session-revoked`));
    expect(await isGone(visitor)).toBe(true);
    expect((await visitor.browser.fetch(`${world.app.origin}/auth/session`)).status).toBe(401);
  },
  '2.2-accepted': async () => {
    expect((await deliver(world.app, await setOf(await signedIn()))).status).toBe(202);
  },
  '2.2-empty': async () => {
    const answer = await deliver(world.app, await setOf(await signedIn()));
    expect([answer.status, answer.bytes.length]).toEqual([202, 0]);
  },
  '2.3-bad-request': () => ofEachRefusal(({ status }) => expect(status).toBe(400)),
  '2.3-json': () =>
    ofEachRefusal((answer, err) => {
      expect(answer.headers['content-type']).toBe('application/json');
      expect(answer.json()).toEqual({ err, description: expect.stringMatching(/./) });
    }),
  '2.3-language': () => ofEachRefusal(({ headers }) => expect(headers['content-language']).toMatch(/^en\b/)),
  '2.3-english': () =>
    ofEachRefusal((answer) =>
      expect(answer.json().description).toMatch(/^[\x20-\x7e]+ (?:is|which|not) [\x20-\x7e]+\.$/),
    ),
  '2.4-codes': () => ofEachRefusal((answer) => expect(CODES).toContain(answer.json().err)),
  '5.3-confidential': () =>
    ofEachRefusal(({ text, headers }, _err, visitor) => {
      expect(text + JSON.stringify(headers)).not.toContain(subjectOf(world, visitor, world.app).sub);
    }),
});
