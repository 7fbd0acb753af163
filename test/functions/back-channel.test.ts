import { beforeEach, describe, expect, it } from '@jest/globals';
import { backChannelTriggers } from '../../functions/doors/back-channel.ts';
import { type Admission, admit } from '../../shared/account/admit.ts';
import { retrySignOut } from '../../shared/signout/retry.ts';
import { OWN_KEYS, signParts } from '../hostile/support/forge.ts';
import { formOf } from '../hostile/support/form-envelopes.ts';
import { type Ground, raiseGround } from '../hostile/support/ground.ts';
import { TEST_EPOCH } from '../support/ambient.ts';
import { propertiesWith, signIn, signinOf } from '../support/signins.ts';
import { ALICE, accountProperties, CLIENT_ID, failing, ISSUER } from '../support/store.ts';

const EVENTS = { 'http://schemas.openid.net/event/backchannel-logout': {} };
const DAY_SECONDS = 24 * 3_600;

let ground: Ground;
beforeEach(() => {
  ground = raiseGround();
});

/** A logout token of the OP, whose clock is so far ahead of ours. @param life seconds */
function tokenOf(ahead = 0, life = 120): string {
  // Cut to the second, as OPs do.
  const iat = Math.floor((ground.store.ambient.now() + ahead) / 1_000);
  const claims = { iss: ISSUER, aud: CLIENT_ID, sid: 'sid-1', iat, exp: iat + life, jti: `jti-${iat}`, events: EVENTS };
  return signParts({ header: { typ: 'logout+jwt' }, claims }, OWN_KEYS[0]);
}
const deliver = (token: string) =>
  ground.answer(backChannelTriggers['backchannel-logout'], formOf('/auth/backchannel-logout', 'logout_token', token));
const standing = () => accountProperties(ground.store, ALICE);

describe('a logout token, whose iat is cut to the second', () => {
  it.each([0, 1, 500, 998, 999])('ends a session that set out %i ms into that second, before it', async (into) => {
    ground.store.ambient.setWallClock(TEST_EPOCH + into);
    await signIn(ground.store);
    ground.store.ambient.setWallClock(TEST_EPOCH + 999);
    expect((await deliver(tokenOf())).status).toBe(200);
    expect(standing()).toBeNull();
  });

  it.each([-2_000, -1_000, 2_000])('does so with an OP whose clock is %i ms ahead', async (ahead) => {
    ground.store.ambient.setWallClock(TEST_EPOCH + 990);
    await signIn(ground.store);
    ground.store.ambient.advance(9);
    expect((await deliver(tokenOf(ahead))).status).toBe(200);
    expect(standing()).toBeNull();
  });

  it('leaves a session that set out when clocks had passed it', async () => {
    const token = tokenOf();
    ground.store.ambient.advance(3_000);
    const ticket = await signIn(ground.store);
    expect((await deliver(token)).status).toBe(200);
    expect(standing()).toEqual(propertiesWith(ticket));
  });

  it('refuses a sign-in that set out before it and comes in after it', async () => {
    const { admission } = signinOf(ground.store);
    ground.store.ambient.advance(60_000);
    expect((await deliver(tokenOf())).status).toBe(200);
    expect(await admit(ground.store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
  });
});

describe('a logout token that comes again', () => {
  it.each([0, 1_000, 2_000])('ends nobody who was let in after it first came, its iat %i ms ahead', async (ahead) => {
    ground.store.ambient.setWallClock(TEST_EPOCH + 300);
    const token = tokenOf(ahead);
    expect((await deliver(token)).status).toBe(200);
    // The first moment at which a sign-in can set out that is not sent round again.
    let admission: Admission;
    do {
      ground.store.ambient.advance(50);
      ({ admission } = signinOf(ground.store));
    } while ((await admit(ground.store, admission)).outcome !== 'admitted');
    const before = standing();
    expect((await deliver(token)).status).toBe(200);
    expect(standing()).toEqual(before);
  });

  it('days later, ends nothing that began since and is answered 200', async () => {
    await signIn(ground.store);
    const token = tokenOf(0, 30 * DAY_SECONDS);
    expect((await deliver(token)).status).toBe(200);
    expect(standing()).toBeNull();
    ground.store.ambient.advance(DAY_SECONDS * 1_000);
    const ticket = await signIn(ground.store);
    for (let days = 1; days < 29; days += 7) {
      ground.store.ambient.advance(7 * DAY_SECONDS * 1_000);
      expect((await deliver(token)).status).toBe(200);
      expect(standing()).toEqual(propertiesWith(ticket));
    }
    ground.store.ambient.advance(7 * DAY_SECONDS * 1_000);
    expect((await deliver(token)).status).toBe(400);
  });

  it('never moves the tombstone back that a newer one has set', async () => {
    const [older] = [tokenOf(0, 600)];
    ground.store.ambient.advance(60_000);
    expect((await deliver(tokenOf())).status).toBe(200);
    const before = ground.store.tables.rows('sids');
    expect((await deliver(older)).status).toBe(200);
    expect(ground.store.tables.rows('sids')).toEqual(before);
  });
});

describe('a logout token that storage interrupts', () => {
  it('is answered 503, and finished from the queue as of its iat: whoever signed in since stays', async () => {
    await signIn(ground.store);
    const token = tokenOf();
    failing(ground.store, { table: 'accounts' });
    const answer = await deliver(token);
    expect([answer.status, answer.headers['retry-after'], answer.headers['cache-control']]).toEqual([
      503,
      '5',
      'no-store',
    ]);
    ground.store.tables.before = undefined;
    ground.store.ambient.advance(60_000);
    const ticket = await signIn(ground.store, { sid: 'sid-1' });
    expect(await retrySignOut(ground.application, ground.queue.take())).toMatchObject({
      outcome: 'done',
      receipt: { door: 'back-channel', sessions: 1, receivedAt: TEST_EPOCH },
    });
    expect(standing()).toEqual(propertiesWith(ticket));
    expect((await deliver(token)).status).toBe(200);
    expect(standing()).toEqual(propertiesWith(ticket));
  });

  it('is answered 503 where the queue fails too, and ends all when it comes again', async () => {
    await signIn(ground.store);
    const token = tokenOf();
    ground.queue.up = false;
    failing(ground.store, { table: 'sids' });
    const answer = await deliver(token);
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
    ground.store.tables.before = undefined;
    expect((await deliver(token)).status).toBe(200);
    expect(standing()).toBeNull();
  });
});

describe('while the OP does not answer', () => {
  it('a logout token is answered 503, what is none 400, and nobody is ended', async () => {
    const ticket = await signIn(ground.store);
    const token = tokenOf();
    ground.script.up = false;
    expect((await deliver(token)).status).toBe(503);
    expect((await deliver('')).status).toBe(400);
    ground.script.up = true;
    ground.script.keys = () => Promise.reject(new TypeError('fetch failed'));
    expect((await deliver(token)).status).toBe(503);
    expect(ground.takeLog()).toContain('"event":"signout.failed","door":"back-channel"');
    expect(standing()).toEqual(propertiesWith(ticket));
  });
});
