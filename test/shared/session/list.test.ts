import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkSession } from '../../../shared/session/check.ts';
import { listSessions } from '../../../shared/session/list.ts';
import { renewSession } from '../../../shared/session/renew.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { signIn } from '../../support/signins.ts';
import {
  ALICE,
  BOB,
  createTestStore,
  failing,
  recordOperations,
  type TestStore,
  withKeys,
} from '../../support/store.ts';

const IDLE_MINUTES = 60;
let store: TestStore;
let ticket: SessionTicket;
beforeEach(async () => {
  store = createTestStore();
  ticket = await signIn(store);
});

const list = (of = ticket, as = store) => listSessions(as, of, IDLE_MINUTES);
async function ids(of = ticket, as = store): Promise<string[]> {
  const listed = await list(of, as);
  if (listed.outcome !== 'listed') throw new Error(listed.outcome);
  return listed.sessions.map(({ id }) => id);
}
async function use(used: SessionTicket): Promise<void> {
  const checked = await checkSession(store, used, IDLE_MINUTES);
  if (checked.outcome === 'live') await renewSession(store, checked.session);
}

describe('the list of sessions', () => {
  it('has those of this account alone, by one point read', async () => {
    await signIn(store, { account: BOB, sid: 'sid-2' });
    const phone = await signIn(store, { sid: 'sid-3' });
    const seen = recordOperations(store);
    expect((await ids()).toSorted()).toEqual([ticket.sessionId, phone.sessionId].toSorted());
    expect(seen).toMatchObject([{ table: 'accounts', name: 'read', partitionKey: ALICE }]);
  });

  it('has the one used last first, whenever it signed in', async () => {
    store.ambient.advance(MINUTE);
    const phone = await signIn(store, { sid: 'sid-2' });
    expect(await ids()).toEqual([phone.sessionId, ticket.sessionId]);
    store.ambient.advance(10 * MINUTE);
    await use(ticket);
    expect(await ids()).toEqual([ticket.sessionId, phone.sessionId]);
  });

  it('is in the same order for whoever asks, also of sessions used at once', async () => {
    const others = [await signIn(store), await signIn(store), await signIn(store)];
    const order = await ids();
    for (const other of others) expect(await ids(other)).toEqual(order);
  });

  it('leaves out what has gone unused for too long, or has come to its end, though it is stored still', async () => {
    store.ambient.advance(50 * MINUTE);
    const phone = await signIn(store, { sid: 'sid-2' });
    store.ambient.advance(10 * MINUTE);
    expect(await ids(phone)).toEqual([phone.sessionId]);
    store.ambient.advance(8 * HOUR);
    expect(await list(phone)).toEqual({ outcome: 'signed-out' });
  });

  it('says nothing beyond id, device, times, and which one asks', async () => {
    const listed = await list();
    if (listed.outcome !== 'listed') throw new Error(listed.outcome);
    const keys = ['current', 'device', 'endsAt', 'id', 'idleEndsAt', 'lastUsedAt', 'signedInAt'];
    expect(listed.sessions.map((session) => Object.keys(session).toSorted())).toEqual([keys]);
    expect(listed.sessions).toMatchObject([{ device: 'Firefox on Linux', current: true }]);
  });

  it('leaves out a session under a key that is not here, and lists the others', async () => {
    const rolled = withKeys(store, ['k2', 'k1']);
    const phone = await signIn(rolled, { sid: 'sid-2' });
    expect(await ids(ticket, store)).toEqual([ticket.sessionId]);
    expect((await ids(ticket, rolled)).toSorted()).toEqual([ticket.sessionId, phone.sessionId].toSorted());
    expect(await list(phone, store)).toEqual({ outcome: 'signed-out', unreadable: 'unknown-key' });
  });

  it('is for nobody with another secret, and for nobody whose session has ended', async () => {
    expect(await list({ ...ticket, secret: 'guessed' })).toEqual({ outcome: 'signed-out' });
    const next = await signIn(store, { replaces: ticket.sessionId });
    expect(await list()).toEqual({ outcome: 'signed-out' });
    expect(await ids(next)).toEqual([next.sessionId]);
  });

  it('is not to be had while storage does not answer', async () => {
    failing(store, { table: 'accounts' });
    expect(await list()).toEqual({ outcome: 'unavailable', reason: 'test-outage' });
  });
});
