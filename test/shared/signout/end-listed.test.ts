import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { sealWork } from '../../../shared/durable/work-message.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { endListedSession } from '../../../shared/signout/end-listed.ts';
import { retrySignOut } from '../../../shared/signout/retry.ts';
import { SIGN_OUT_WORK } from '../../../shared/signout/retry-message.ts';
import type { SignOut } from '../../../shared/signout/sign-out.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { testApplication } from '../../support/application.ts';
import { MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  beforeOnce,
  failing,
  losingAnswer,
  recordOperations,
  withKeys,
} from '../../support/store.ts';

let { application, store, queue } = testApplication();
let laptop: SessionTicket;
let phone: SessionTicket;
beforeEach(async () => {
  ({ application, store, queue } = testApplication());
  laptop = await signIn(store);
  phone = await signIn(store, { sid: 'sid-2' });
});

const end = (id: string = phone.sessionId, asker = laptop) =>
  endListedSession(application, asker, id, store.ambient.now());
const left = () => accountProperties(store, ALICE);
const storageIsBack = () => {
  store.tables.before = undefined;
};
const deliver = () => retrySignOut(application, queue.take());

describe('the end of another session', () => {
  it('takes that one and its tokens, and leaves whoever asked', async () => {
    const receipt = { door: 'sessions', sessions: 1, tokenCaches: 1, tries: 0 };
    expect(await end()).toMatchObject({ outcome: 'ended', own: false, receipt });
    expect(left()).toEqual(propertiesWith(laptop));
  });

  it('takes no other session of the same OP session with it', async () => {
    const second = await signIn(store, { sid: 'sid-2' });
    await end();
    expect(left()).toEqual(propertiesWith(laptop, second));
  });

  it('buries nobody: a sign-in under way elsewhere goes on', async () => {
    const tablet = signinOf(store, { sid: 'sid-2' });
    await end();
    expect(await admit(store, tablet.admission)).toEqual({ outcome: 'admitted' });
  });

  it('takes what takes its place between two looks', async () => {
    const again = signinOf(store, { sid: 'sid-2', replaces: phone.sessionId });
    beforeOnce(store, { table: 'accounts', name: 'replace' }, () => admit(store, again.admission));
    expect(await end()).toMatchObject({ outcome: 'ended', receipt: { sessions: 1 } });
    expect(left()).toEqual(propertiesWith(laptop));
  });

  it('leaves a sign-in that set out after it came in, though that took the place of the named one', async () => {
    const receivedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    const again = signinOf(store, { sid: 'sid-2', replaces: phone.sessionId });
    beforeOnce(store, { table: 'accounts', name: 'replace' }, () => admit(store, again.admission));
    await endListedSession(application, laptop, phone.sessionId, receivedAt);
    expect(left()).toEqual(propertiesWith(laptop, again.ticket));
  });

  it('needs no key for the named one', async () => {
    const rolled = withKeys(store, ['k2', 'k1']);
    const tablet = await signIn(rolled, { sid: 'sid-3' });
    expect(await end(tablet.sessionId)).toMatchObject({ outcome: 'ended' });
    expect(left()).toEqual(propertiesWith(laptop, phone));
  });

  it('is done, and says so, where its answer was lost', async () => {
    losingAnswer(store, { table: 'accounts', name: 'replace' });
    expect(await end()).toMatchObject({ outcome: 'queued' });
    expect(left()).toEqual(propertiesWith(laptop));
    store.tables.after = undefined;
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    expect(left()).toEqual(propertiesWith(laptop));
  });
});

describe('an id that names no live session of the account', () => {
  it('costs the same one read whatever it is, and no write', async () => {
    const bob = await signIn(store, { account: BOB, sid: 'sid-3' });
    await signOutOwn(store, phone, store.ambient.now(), 'session');
    const before = store.tables.rows('accounts');
    const seen = recordOperations(store);
    for (const id of [bob.sessionId, phone.sessionId, '0'.repeat(32), 'x', '', '__proto__']) {
      expect(await end(id)).toEqual({ outcome: 'unknown' });
      expect(seen.splice(0)).toMatchObject([{ table: 'accounts', name: 'read', partitionKey: ALICE }]);
    }
    expect(store.tables.rows('accounts')).toEqual(before);
  });

  it('is also that of a session whose time is over, though it is stored still', async () => {
    store.ambient.advance(50 * MINUTE);
    const tablet = await signIn(store, { sid: 'sid-3' });
    store.ambient.advance(10 * MINUTE);
    expect(await end(phone.sessionId, tablet)).toEqual({ outcome: 'unknown' });
    expect(await end(phone.sessionId, laptop)).toEqual({ outcome: 'signed-out' });
  });
});

describe('its own id', () => {
  it('ends the sessions of its OP session, refuses what is under way there, and leaves the others', async () => {
    const orphan = signinOf(store);
    await signIn(store);
    expect(await end(laptop.sessionId)).toMatchObject({ outcome: 'ended', own: true, receipt: { sessions: 2 } });
    expect(left()).toEqual(propertiesWith(phone));
    expect(await admit(store, orphan.admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
  });
});

describe('while storage fails', () => {
  it.each([
    ['the account cannot be read', { table: 'accounts', name: 'read' }],
    ['the account cannot be written', { table: 'accounts', name: 'replace' }],
  ] as const)('where %s, the end is queued, and follows by itself', async (_, operation) => {
    failing(store, operation);
    expect(await end()).toMatchObject({ outcome: 'queued', own: false });
    expect(left()).toEqual(propertiesWith(laptop, phone));
    storageIsBack();
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { door: 'sessions', sessions: 1, tries: 1 } });
    expect(left()).toEqual(propertiesWith(laptop));
  });

  it('nobody is believed for it: a dead cookie ends nothing from the queue, nor a forged secret', async () => {
    await signOutOwn(store, laptop, store.ambient.now(), 'session');
    const before = store.tables.rows('accounts');
    failing(store, { table: 'accounts' });
    expect(await end(phone.sessionId, laptop)).toMatchObject({ outcome: 'queued' });
    expect(await end(laptop.sessionId, { ...phone, secret: 'guessed' })).toMatchObject({ outcome: 'queued' });
    storageIsBack();
    for (let each = 0; each < 2; each += 1) {
      expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    }
    expect(store.tables.rows('accounts')).toEqual(before);
  });

  it('whoever was signed in when they asked is believed, though another tab has signed in anew since', async () => {
    failing(store, { table: 'accounts' });
    await end();
    storageIsBack();
    const again = await signIn(store, { replaces: laptop.sessionId });
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 1 } });
    expect(left()).toEqual(propertiesWith(again));
  });

  it('proved once is proved: a later try ends it though whoever asked has signed out since', async () => {
    failing(store, { table: 'accounts' });
    await end();
    failing(store, { table: 'accounts', name: 'replace' });
    expect(await deliver()).toMatchObject({ outcome: 'again' });
    storageIsBack();
    await signOutOwn(store, laptop, store.ambient.now(), 'session');
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 1 } });
    expect(left()).toBeNull();
  });

  it('a late try leaves what signed in after it came in', async () => {
    failing(store, { table: 'accounts' });
    await end();
    storageIsBack();
    store.ambient.advance(MINUTE);
    const again = await signIn(store, { sid: 'sid-2', replaces: phone.sessionId });
    await deliver();
    expect(left()).toEqual(propertiesWith(laptop, again));
  });

  it.each([null, 'somebody', {}])(
    'whose message names as the one who asks %j is left to an instance that knows better',
    async (asker) => {
      failing(store, { table: 'accounts' });
      await end();
      storageIsBack();
      const { sealed: _, ...message } = JSON.parse(queue.take());
      const { account, sessionId } = phone;
      const signOut = { kind: 'session', account, sessionId, asker, door: 'sessions', receivedAt: 0, scope: 'session' };
      const sealed = sealWork(store.keyring, SIGN_OUT_WORK, signOut as unknown as SignOut);
      const retried = await retrySignOut(application, JSON.stringify({ ...message, sealed }));
      expect(retried).toMatchObject({ outcome: 'passed-on' });
      expect(left()).toEqual(propertiesWith(laptop, phone));
    },
  );

  it('without a queue says that nothing is done', async () => {
    queue.up = false;
    failing(store, { table: 'accounts' });
    expect(await end()).toMatchObject({ outcome: 'unfinished' });
    expect(await end('x')).toMatchObject({ outcome: 'unavailable' });
  });

  it('that comes back at once, and with nothing to end, is said as it is', async () => {
    failing(store, { table: 'accounts', name: 'read' }, 1);
    expect(await end('0'.repeat(32))).toEqual({ outcome: 'unavailable', reason: 'test-outage' });
    expect(left()).toEqual(propertiesWith(laptop, phone));
  });
});
