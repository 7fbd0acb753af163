import { beforeEach, describe, expect, it } from '@jest/globals';
import { SESSIONS_MAX } from '../../../shared/account/make-room.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { propertiesWith, signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, type TestStore } from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

describe('a sign-in over the limit', () => {
  const fill = async (count: number): Promise<SessionTicket[]> => {
    const tickets: SessionTicket[] = [];
    for (let sessions = 0; sessions < count; sessions += 1) {
      store.ambient.advance(1_000);
      tickets.push(await signIn(store, { sid: `sid-${sessions}` }));
    }
    return tickets;
  };

  it('is let in as the 64th beside all others, and as the 65th makes the oldest one leave with its tokens', async () => {
    const tickets = await fill(SESSIONS_MAX);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(...tickets));
    const newest = await signIn(store);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(...tickets.slice(1), newest));
  });

  it('takes the place of the session that it replaces, and no other leaves', async () => {
    const tickets = await fill(SESSIONS_MAX);
    const replaced = tickets[30];
    const newest = await signIn(store, { replaces: replaced?.sessionId ?? null });
    const staying = tickets.filter((ticket) => ticket !== replaced);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(...staying, newest));
  });

  it('makes room where the caches are large: the account stays within what one entity holds', async () => {
    const cache = () => Buffer.from(store.ambient.randomBytes(45_000)).toString('latin1');
    const tickets: SessionTicket[] = [];
    for (let sessions = 0; sessions < 25; sessions += 1) {
      store.ambient.advance(1_000);
      tickets.push(await signIn(store, { sid: `sid-${sessions}`, cache: cache() }));
    }
    const standing = accountProperties(store, ALICE) ?? [];
    const count = standing.filter((name) => name.startsWith('s_')).length;
    expect(count).toBeGreaterThan(10);
    expect(standing).toEqual(propertiesWith(...tickets.slice(-count)));
  });
});
