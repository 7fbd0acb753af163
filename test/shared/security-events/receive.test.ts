import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import type { Application } from '../../../shared/application/application.ts';
import { receiveSet } from '../../../shared/security-events/receive.ts';
import type { Transmitter } from '../../../shared/security-events/security-event-token.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { retrySignOut } from '../../../shared/signout/retry.ts';
import { testApplication } from '../../support/application.ts';
import type { ScriptedQueue } from '../../support/scripted-queue.ts';
import type { SigningKey } from '../../support/signing-op.ts';
import { propertiesWith, signinOf } from '../../support/signins.ts';
import { ALICE, accountProperties, failing, ISSUER, type TestStore, target } from '../../support/store.ts';
import { CAEP, type SetClaims, setClaims, signSet, testTransmitter } from '../../support/transmitter.ts';

const MINUTE = 60_000;

let application: Application;
let store: TestStore;
let queue: ScriptedQueue;
let script: ReturnType<typeof testApplication>['script'];
let transmitter: Transmitter;
let key: SigningKey;
beforeEach(async () => {
  ({ application, store, queue, script } = testApplication());
  ({ transmitter, key } = await testTransmitter());
});

/** Signs Alice in, to be found by her `sub` too. */
async function signInAlice(sid: string): Promise<SessionTicket> {
  const { admission, ticket } = signinOf(store, { sid });
  const sub = target('sub', 'alice');
  await admit(store, {
    ...admission,
    indexes: [...admission.indexes, sub],
    tombstones: [...admission.tombstones, sub],
  });
  return ticket;
}

const token = (changes: SetClaims = {}) => {
  const sub_id = { format: 'iss_sub', iss: ISSUER, sub: 'alice' };
  return signSet(setClaims(store.ambient.now(), `${CAEP}session-revoked`, { sub_id, ...changes }), key);
};
const receive = (set: string) => receiveSet(application, transmitter, set, store.ambient.now());

describe('a security event', () => {
  it('ends what began before it, and leaves a receipt', async () => {
    await signInAlice('sid-1');
    store.ambient.advance(MINUTE);
    expect(await receive(await token())).toMatchObject({
      outcome: 'signed-out',
      receipt: { door: 'security-events', sessions: 1, tokenCaches: 1, accounts: [expect.any(String)], tries: 0 },
    });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('that comes late, or twice, leaves what began after it', async () => {
    await signInAlice('sid-1');
    store.ambient.advance(MINUTE);
    const set = await token();
    store.ambient.advance(MINUTE);
    const younger = await signInAlice('sid-2');
    for (const sessions of [1, 0]) expect(await receive(set)).toMatchObject({ receipt: { sessions } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(younger));
  });

  it.each([
    ['a day ahead', (now: number) => now / 1_000 + 86_400],
    ['in microseconds', (now: number) => now * 1_000],
  ])('whose time is %s leaves what began after it was signed, when it comes again', async (_what, eventTime) => {
    await signInAlice('sid-1');
    store.ambient.advance(MINUTE);
    const event_timestamp = eventTime(store.ambient.now());
    const set = await token({ events: { [`${CAEP}session-revoked`]: { event_timestamp } } });
    expect(await receive(set)).toMatchObject({ receipt: { sessions: 1 } });
    store.ambient.advance(MINUTE);
    const younger = await signInAlice('sid-2');
    store.ambient.advance(MINUTE);
    expect(await receive(set)).toMatchObject({ receipt: { sessions: 0 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(younger));
  });

  it('about one session ends that one alone where the scope says so', async () => {
    application = { ...application, settings: { ...application.settings, signoutScopeRemote: 'session' } };
    const [, phone] = [await signInAlice('sid-1'), await signInAlice('sid-2')];
    store.ambient.advance(MINUTE);
    const sub_id = { format: 'complex', session: { format: 'opaque', id: 'sid-1' } };
    expect(await receive(await token({ sub_id }))).toMatchObject({ receipt: { sessions: 1 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(phone));
    expect(await receive(await token())).toMatchObject({ receipt: { sessions: 1 } });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it("about somebody of another OP's touches no row", async () => {
    await signInAlice('sid-1');
    const { rows } = store.tables;
    const before = [rows('accounts'), rows('sids')];
    const sub_id = { format: 'iss_sub', iss: 'https://evil.example', sub: 'alice' };
    expect(await receive(await token({ sub_id }))).toEqual({ outcome: 'ignored', reason: 'foreign-subject' });
    expect([rows('accounts'), rows('sids')]).toEqual(before);
  });
});

describe('a security event that storage interrupts', () => {
  it('is not acknowledged, and the queue finishes it as of its own time', async () => {
    await signInAlice('sid-1');
    store.ambient.advance(MINUTE);
    failing(store, { table: 'accounts' });
    expect(await receive(await token())).toMatchObject({ outcome: 'queued' });
    store.tables.before = undefined;
    store.ambient.advance(MINUTE);
    const younger = await signInAlice('sid-2');
    expect(await retrySignOut(application, queue.take())).toMatchObject({ outcome: 'done', receipt: { sessions: 1 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(younger));
  });

  it('with the queue away too is unfinished', async () => {
    await signInAlice('sid-1');
    failing(store, { table: 'accounts' });
    queue.up = false;
    expect(await receive(await token())).toMatchObject({ outcome: 'unfinished' });
  });

  it('is unfinished while the OP cannot say its name', async () => {
    script.up = false;
    expect(await receive(await token())).toEqual({ outcome: 'unfinished', reason: 'test-outage' });
  });
});
