import { beforeEach, describe, expect, it } from '@jest/globals';
import { checkSession } from '../../../shared/session/check.ts';
import { RENEWAL_MINUTES, renewSession } from '../../../shared/session/renew.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import type { Operation } from '../../memory-table/memory-table.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  beforeOnce,
  createTestStore,
  failing,
  recordOperations,
  type TestStore,
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

describe('a renewal', () => {
  it('moves the idle end, and nothing else', async () => {
    const before = await live();
    store.ambient.advance(RENEWAL_MINUTES * MINUTE);
    await renewSession(store, await live());
    expect((await live()).record).toEqual({ ...before.record, lastUsedAt: store.ambient.now() });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
  });

  it('is written at most once in five minutes', async () => {
    store.ambient.advance(RENEWAL_MINUTES * MINUTE - 1);
    const session = await live();
    const seen = recordOperations(store);
    await renewSession(store, session);
    expect(seen).toEqual([]);
  });

  it('is skipped where somebody has written since: no refresh loses its token to it', async () => {
    store.ambient.advance(RENEWAL_MINUTES * MINUTE);
    const session = await live();
    const client = scriptedTokenClient(store.ambient);
    await acquireAccessToken(store, client, createTokenMemory(), ticket, []);
    const refreshed = store.tables.rows('accounts');
    await renewSession(store, session);
    expect(store.tables.rows('accounts')).toEqual(refreshed);
  });

  it('is skipped while somebody redeems the refresh token', async () => {
    store.ambient.advance(RENEWAL_MINUTES * MINUTE);
    const client = scriptedTokenClient(store.ambient);
    let leased: boolean | undefined;
    let writes: Operation[] = [];
    client.during = async () => {
      const session = await live();
      leased = session.leased;
      writes = recordOperations(store);
      await renewSession(store, session);
      store.tables.before = undefined;
    };
    await acquireAccessToken(store, client, createTokenMemory(), ticket, []);
    expect([leased, writes]).toEqual([true, []]);
  });

  it('brings nothing back where a sign-out came between', async () => {
    store.ambient.advance(RENEWAL_MINUTES * MINUTE);
    beforeOnce(store, { table: 'accounts', name: 'merge' }, () =>
      signOutOwn(store, ticket, store.ambient.now(), 'account'),
    );
    await renewSession(store, await live());
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('that fails harms nobody', async () => {
    store.ambient.advance(RENEWAL_MINUTES * MINUTE);
    failing(store, { name: 'merge' });
    await renewSession(store, await live());
    expect(await check()).toMatchObject({ outcome: 'live' });
  });

  it('keeps a session in use alive past its idle time', async () => {
    for (let calls = 0; calls < 12; calls += 1) {
      store.ambient.advance(10 * MINUTE);
      await renewSession(store, await live());
    }
    expect(store.ambient.monotonic()).toBe(2 * HOUR);
    expect(await check()).toMatchObject({ outcome: 'live' });
  });
});
