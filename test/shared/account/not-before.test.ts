import { beforeEach, describe, expect, it } from '@jest/globals';
import { createAccountCodec } from '../../../shared/account/account.ts';
import { admit } from '../../../shared/account/admit.ts';
import { writeTombstone } from '../../../shared/account/tombstone.ts';
import { checkSession } from '../../../shared/session/check.ts';
import { listSessions } from '../../../shared/session/list.ts';
import { endListedSession } from '../../../shared/signout/end-listed.ts';
import { readSession } from '../../../shared/tokens/session-reading.ts';
import { testApplication } from '../../support/application.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  beforeOnce,
  createTestStore,
  recordOperations,
  type TestStore,
  target,
} from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

/** The same instance, told that nothing counts that began before. */
const told = (notBefore: number): TestStore => ({ ...store, sessionsNotBefore: notBefore });

describe('with an instant before which no session counts', () => {
  it('a session that began before is signed out, at the look of every call, and nothing is written for it', async () => {
    const ticket = await signIn(store);
    store.ambient.advance(MINUTE);
    const seen = recordOperations(store);
    expect(await checkSession(told(store.ambient.now()), ticket, 60)).toEqual({ outcome: 'signed-out' });
    expect(seen.map(({ name }) => name)).toEqual(['read']);
    expect(await checkSession(store, ticket, 60)).toMatchObject({ outcome: 'live' });
  });

  it('it is by when its sign-in set out, whenever it came in', async () => {
    const startedAt = store.ambient.now();
    store.ambient.advance(5 * MINUTE);
    const ticket = await signIn(store, { startedAt });
    expect(await checkSession(told(startedAt + MINUTE), ticket, 60)).toEqual({ outcome: 'signed-out' });
    expect(await checkSession(told(startedAt - MINUTE), ticket, 60)).toMatchObject({ outcome: 'live' });
  });

  it('clocks that differ are within it: in doubt it began before', async () => {
    const ticket = await signIn(store);
    const startedAt = store.ambient.now();
    expect(await checkSession(told(startedAt - 1_999), ticket, 60)).toEqual({ outcome: 'signed-out' });
    expect(await checkSession(told(startedAt - 2_000), ticket, 60)).toMatchObject({ outcome: 'live' });
  });

  it('its refresh token is not redeemed, not even by a refresh that was under way', async () => {
    const ticket = await signIn(store);
    const codec = createAccountCodec(store.keyring, ALICE);
    for (const extent of ['own', 'whole'] as const) {
      expect(await readSession(told(store.ambient.now()), codec, ticket, extent)).toMatchObject({
        outcome: 'signed-out',
      });
      expect(await readSession(store, codec, ticket, extent)).toMatchObject({ record: expect.anything() });
    }
  });

  it('it is in no list, and cannot be ended as one of a list', async () => {
    const old = await signIn(store);
    store.ambient.advance(HOUR);
    const notBefore = store.ambient.now() - MINUTE;
    const young = await signIn(store);
    expect(await listSessions(told(notBefore), old, 600)).toEqual({ outcome: 'signed-out' });
    const listed = await listSessions(told(notBefore), young, 600);
    expect(listed).toMatchObject({ sessions: [{ id: young.sessionId, current: true }] });
    const { application } = testApplication({}, told(notBefore));
    const settings = { ...application.settings, sessionIdleMinutes: 600 };
    const end = (id: string) => endListedSession({ ...application, settings }, young, id, store.ambient.now());
    expect(await end(old.sessionId)).toEqual({ outcome: 'unknown' });
  });

  it('a sign-in that set out before is refused, as by a sign-out of everybody, and leaves no row of its account', async () => {
    const { admission } = signinOf(store);
    store.ambient.advance(MINUTE);
    const notBefore = store.ambient.now();
    const refused = { outcome: 'signed-out-meanwhile', signedOutAt: notBefore };
    expect(await admit(told(notBefore), admission)).toEqual(refused);
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('a sign-out of the same person since then refuses all the same, as of its own time', async () => {
    const { admission } = signinOf(store);
    store.ambient.advance(MINUTE);
    const signedOutAt = store.ambient.now();
    await writeTombstone(store, target('sid', 'sid-1'), signedOutAt);
    const refused = { outcome: 'signed-out-meanwhile', signedOutAt };
    expect(await admit(told(signedOutAt - HOUR), admission)).toEqual(refused);
  });

  it('one that sets out afterwards is let in, beside what is not swept yet', async () => {
    const old = await signIn(store);
    store.ambient.advance(MINUTE);
    const notBefore = store.ambient.now();
    store.ambient.advance(MINUTE);
    const { admission, ticket } = signinOf(store);
    expect(await admit(told(notBefore), admission)).toEqual({ outcome: 'admitted' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(old, ticket));
    expect(await checkSession(told(notBefore), ticket, 60)).toMatchObject({ outcome: 'live' });
  });

  it('a sign-in of before that another instance lets in, which has not heard, is refused where it was heard', async () => {
    const { admission, ticket } = signinOf(store);
    store.ambient.advance(MINUTE);
    const notBefore = store.ambient.now();
    beforeOnce(store, { table: 'accounts', name: 'merge' }, async () => store.ambient.advance(MINUTE));
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    expect(await checkSession(told(notBefore), ticket, 60)).toEqual({ outcome: 'signed-out' });
  });
});
