import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkSession } from '../../../shared/session/check.ts';
import { describeSession } from '../../../shared/session/describe.ts';
import { renewSession } from '../../../shared/session/renew.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { MINUTE } from '../../support/records.ts';
import { scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
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
  ticket = await signIn(store, { cache: scriptedCache() });
});

const check = (of = ticket, as = store) => checkSession(as, of, IDLE_MINUTES);
const live = async () => {
  const checked = await check();
  if (checked.outcome !== 'live') throw new Error(checked.outcome);
  return checked.session;
};

describe('a session', () => {
  it('is live while it stands, and told by one point read', async () => {
    const seen = recordOperations(store);
    expect(await check()).toMatchObject({ outcome: 'live', session: { record: { sid: 'sid-1' }, leased: false } });
    expect(seen).toMatchObject([{ table: 'accounts', name: 'read', partitionKey: ALICE }]);
  });

  it('is signed out where the account is gone', async () => {
    await signOutOwn(store, ticket, store.ambient.now(), 'account');
    expect(await check()).toEqual({ outcome: 'signed-out' });
  });

  it('is signed out where it has ended and another of the account stands', async () => {
    await signIn(store, { replaces: ticket.sessionId });
    expect(await check()).toEqual({ outcome: 'signed-out' });
  });

  it('is signed out for a cookie with another secret', async () => {
    expect(await check({ ...ticket, secret: 'guessed' })).toEqual({ outcome: 'signed-out' });
  });

  it('is signed out when it has gone unused for long enough', async () => {
    store.ambient.advance(IDLE_MINUTES * MINUTE - 1);
    expect(await check()).toMatchObject({ outcome: 'live' });
    store.ambient.advance(1);
    expect(await check()).toEqual({ outcome: 'signed-out' });
  });

  it('is signed out at its absolute end, however much it is used', async () => {
    for (let minutes = 0; minutes < 8 * 60; minutes += 30) {
      await renewSession(store, await live());
      store.ambient.advance(30 * MINUTE);
    }
    expect(await check()).toEqual({ outcome: 'signed-out' });
  });

  it('is neither live nor signed out where storage does not answer', async () => {
    failing(store, { table: 'accounts' });
    expect(await check()).toEqual({ outcome: 'unavailable', reason: 'test-outage' });
  });

  it('is signed out, and not deleted, for an instance that does not know its key', async () => {
    const checked = await check(ticket, withKeys(store, ['k2']));
    expect(checked).toEqual({ outcome: 'signed-out', unreadable: 'unknown-key' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
  });

  it('counts as vouched for from its sign-in, and then from its last refresh', async () => {
    const signedInAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    expect((await live()).vouchedAt).toBe(signedInAt);
    await acquireAccessToken(store, scriptedTokenClient(store.ambient), createTokenMemory(), ticket, []);
    const refreshedAt = store.ambient.now();
    store.ambient.advance(MINUTE);
    expect((await live()).vouchedAt).toBe(refreshedAt);
  });

  it('is live under keys that were rotated since', async () => {
    expect(await check(ticket, withKeys(store, ['k2', 'k1']))).toMatchObject({ outcome: 'live' });
  });

  it('is described without its sid, subject and secret', async () => {
    const description = describeSession(await live(), IDLE_MINUTES);
    expect(description).toEqual({
      user: { name: 'Alice Example', username: 'alice@contoso.example' },
      session: {
        id: ticket.sessionId,
        signedInAt: '2026-11-21T09:00:00.000Z',
        lastUsedAt: '2026-11-21T09:00:00.000Z',
        idleEndsAt: '2026-11-21T10:00:00.000Z',
        endsAt: '2026-11-21T17:00:00.000Z',
        device: 'Firefox on Linux',
      },
    });
    for (const secret of ['sid-1', 'sub-1', 'hint-1', ticket.secret]) {
      expect(JSON.stringify(description)).not.toContain(secret);
    }
  });
});
