import { describe, expect, it } from '@jest/globals';
import { generateSigningKey, publishKeys } from '../support/signing-op.ts';
import { CAEP, RISC, SSF, setClaims, signSet } from '../support/transmitter.ts';
import { expectAccepted, REVOKED, securityEventsGround } from './support/security-events.ts';
import { accountRow, storedRows } from './support/stored.ts';
import { AUTHORIZATION } from './support/transmitter.ts';

const { world, app, transmitter, signedIn, session, subOf, make, give } = securityEventsGround();

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
    expectAccepted(await give(await make(type, subOf(laptop), payload)));
    const after = await storedRows(world);
    expect(after.accounts).toEqual(
      before.accounts.filter(({ partitionKey }) => !partitionKey.startsWith(laptop.person.oid)),
    );
    expect(await Promise.all([laptop, phone, other].map(({ browser }) => session(browser)))).toEqual([401, 401, 200]);
  });

  it('ends whom an address names, in any case', async () => {
    const arrived = await signedIn();
    const subject = { format: 'email', email: arrived.person.upn.toUpperCase() };
    expectAccepted(await give(await make(`${RISC}account-disabled`, subject)));
    expect(await accountRow(world, arrived.person, app)).toBeUndefined();
  });

  it('ends the OP session that a complex subject names', async () => {
    const arrived = await signedIn();
    const subject = { format: 'complex', user: subOf(arrived), session: { format: 'opaque', id: arrived.sid } };
    expectAccepted(await give(await make(REVOKED, subject)));
    expect(await accountRow(world, arrived.person, app)).toBeUndefined();
  });

  it('twice is as good as once, and a replay ends nothing that is newer', async () => {
    const arrived = await signedIn();
    const earlier = { iat: Math.floor(Date.now() / 1_000) - 60 };
    const old = await make(REVOKED, subOf(arrived), {}, earlier);
    const now = await make(REVOKED, subOf(arrived), {}, { jti: 'jti-1' });
    expectAccepted(await give(old));
    expect(await session(arrived.browser)).toBe(200);
    for (const set of [now, now]) expectAccepted(await give(set));
    expect(await session(arrived.browser)).toBe(401);
  });

  it('an event of a minute ago ends nothing that began since, however new its token', async () => {
    const arrived = await signedIn();
    const before = await storedRows(world);
    const event_timestamp = Math.floor(Date.now() / 1_000) - 60;
    expectAccepted(await give(await make(REVOKED, subOf(arrived), { event_timestamp })));
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
    expectAccepted(await give(await make(type, subject, payload)));
    expect(await storedRows(world)).toEqual(before);
    expect(await session(arrived.browser)).toBe(200);
  });

  it('answers alike whether somebody is known or not', async () => {
    const arrived = await signedIn();
    const unknown = { ...subOf(arrived), sub: 'unknown' };
    const [known, nobody] = [await give(await make(REVOKED, subOf(arrived))), await give(await make(REVOKED, unknown))];
    const own = { date: '', 'x-ms-invocation-id': '' };
    expect([{ ...nobody.headers, ...own }, nobody.status]).toEqual([{ ...known.headers, ...own }, known.status]);
  });

  it('meets a key that came by rotation', async () => {
    const arrived = await signedIn();
    const next = await generateSigningKey('transmitter-2');
    publishKeys(transmitter.server, transmitter.key, next);
    const set = await signSet(setClaims(Date.now(), REVOKED, { sub_id: subOf(arrived) }), next);
    // An unknown key asks for the keys at most once a second.
    let answer = await give(set);
    for (let tries = 0; answer.status === 400 && tries < 200; tries += 1) answer = await give(set);
    expectAccepted(answer);
    expect(await session(arrived.browser)).toBe(401);
  });

  it('writes of it into the log what ended, and neither subject nor token', async () => {
    const arrived = await signedIn();
    const set = await make(REVOKED, subOf(arrived));
    await give(set);
    await app.host.line(/"signout.completed","door":"security-events",.*"sessions":1/);
    const lines = app.host.lines.join('\n');
    for (const secret of [subOf(arrived).sub, arrived.person.oid, arrived.person.upn, set, AUTHORIZATION])
      expect(lines).not.toContain(secret);
  });
});
