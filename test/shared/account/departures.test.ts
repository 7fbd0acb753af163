import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import type { Departure } from '../../../shared/account/departures.ts';
import { endInAccount } from '../../../shared/account/end.ts';
import { SESSIONS_MAX } from '../../../shared/account/make-room.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { HOUR } from '../../support/records.ts';
import { cacheWith, namesIn } from '../../support/refresh-tokens.ts';
import { type SigninCase, signIn, signinOf } from '../../support/signins.ts';
import { ALICE, createTestStore, failing, losingAnswer, type TestStore, withKeys } from '../../support/store.ts';

let store: TestStore;
let told: Departure[];
beforeEach(() => {
  told = [];
  store = { ...createTestStore(), departed: (departure) => void told.push(departure) };
});

const enter = (name: string, more: SigninCase = {}, into = store): Promise<SessionTicket> =>
  signIn(into, { cache: cacheWith(name), sid: `sid-of-${name}`, ...more });
const everything = () => ({ receivedAt: store.ambient.now(), scope: 'account' as const, names: () => true });
const departed = () => told.map(({ tokens, standing }) => ({ names: namesIn(tokens), standing }));

describe('a sign-in tells', () => {
  it('of the session whose place it takes, and that itself stands', async () => {
    const before = await enter('before');
    await enter('phone');
    await enter('after', { replaces: before.sessionId });
    expect(departed()).toEqual([{ names: ['before'], standing: ['sid-of-phone', 'sid-of-after'] }]);
  });

  it('of one whose write was done and whose answer was lost', async () => {
    const before = await enter('before');
    losingAnswer(store, { table: 'accounts', name: 'replace' });
    await enter('after', { replaces: before.sessionId });
    expect(departed()).toEqual([{ names: ['before'], standing: ['sid-of-after'] }]);
  });

  it('of the oldest session, that makes way', async () => {
    for (let count = 0; count < SESSIONS_MAX; count += 1) {
      store.ambient.advance(1_000);
      await enter(`device-${count}`);
    }
    expect(told).toEqual([]);
    store.ambient.advance(1_000);
    await enter('one-more');
    expect(departed().map(({ names }) => names)).toEqual([['device-0']]);
  });

  it('of nothing that it did not write', async () => {
    const before = await enter('before');
    failing(store, { table: 'accounts', name: 'replace' });
    const { admission } = signinOf(store, { cache: cacheWith('after'), replaces: before.sessionId });
    expect(await admit(store, admission)).toMatchObject({ outcome: 'unavailable' });
    expect(told).toEqual([]);
  });
});

describe('the end of an account tells', () => {
  it('of all its sessions that can be read, once', async () => {
    await enter('laptop');
    await enter('phone');
    await enter('unread', {}, withKeys(store, ['k2']));
    expect(await endInAccount(store, ALICE, everything())).toMatchObject({ outcome: 'ended', sessions: 3 });
    expect(departed()).toEqual([{ names: ['laptop', 'phone'], standing: [] }]);
    expect(await endInAccount(store, ALICE, everything())).toEqual({ outcome: 'nothing', deleted: true });
    expect(told).toHaveLength(1);
  });

  it('of nothing where the write fails', async () => {
    await enter('laptop');
    failing(store, { table: 'accounts', name: 'remove' });
    expect(await endInAccount(store, ALICE, everything())).toMatchObject({ outcome: 'unavailable' });
    expect(told).toEqual([]);
  });
});

describe('the sweep tells', () => {
  it('of what has expired, when it is gone', async () => {
    await enter('laptop');
    await sweep(store);
    expect(told).toEqual([]);
    store.ambient.advance(12 * HOUR);
    await sweep(store);
    expect(departed()).toEqual([{ names: ['laptop'], standing: [] }]);
  });
});
