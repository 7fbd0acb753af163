import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Application } from '../../../shared/application/application.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { attemptSignOut, retrySignOut } from '../../../shared/signout/retry.ts';
import type { SignOut } from '../../../shared/signout/sign-out.ts';
import { testApplication } from '../../support/application.ts';
import { cacheWith, namesIn } from '../../support/refresh-tokens.ts';
import { type SigninCase, signIn } from '../../support/signins.ts';
import { ALICE, BOB, failing, losingAnswer, recordOperations, type TestStore, target } from '../../support/store.ts';

type Reach = 'token' | 'session' | 'account' | 'off';
const at = (revocation: Reach) => testApplication({ protocol: 'oidc', revocation });
let { application, store, script, queue } = at('session');
beforeEach(() => {
  ({ application, store, script, queue } = at('session'));
});

const enter = (name: string, more: SigninCase = {}, into: TestStore = store): Promise<SessionTicket> =>
  signIn(into, { cache: cacheWith(name), sid: `sid-of-${name}`, ...more });
const doors = (ticket: SessionTicket): readonly (readonly [string, SignOut])[] => {
  const when = { receivedAt: store.ambient.now() } as const;
  const { account, sessionId } = ticket;
  const index = target('sid', 'sid-of-laptop');
  return [
    ['own', { ...when, kind: 'own', ticket, proved: null, door: 'own', scope: 'account' }],
    ['own, by session', { ...when, kind: 'own', ticket, proved: null, door: 'own', scope: 'session' }],
    ['sessions', { ...when, kind: 'session', account, sessionId, door: 'sessions', scope: 'session' }],
    ['front-channel', { ...when, kind: 'target', index, door: 'front-channel', scope: 'account' }],
    [
      'front-channel, in a flood',
      { ...when, kind: 'target', index, unburied: true, door: 'front-channel', scope: 'account' },
    ],
    ['back-channel, by session', { ...when, kind: 'target', index, door: 'back-channel', scope: 'session' }],
    [
      'operator',
      { ...when, kind: 'account', account, index: target('account', account), door: 'operator', scope: 'account' },
    ],
  ];
};
const NAMES = doors({} as SessionTicket).map(([name]) => name);
const doorOf = (name: string, ticket: SessionTicket): SignOut => {
  const [, signOut] = doors(ticket).find(([one]) => one === name) ?? [];
  if (signOut === undefined) throw new Error('no such door');
  return signOut;
};
const revoked = (): string[] => namesIn(script.revoked);

describe.each(NAMES)('a sign-out by the door %s', (name) => {
  it('has revoked what it ended when it is answered, and nothing of anybody else', async () => {
    const laptop = await enter('laptop');
    await enter('bob', { account: BOB });
    expect(await attemptSignOut(application, doorOf(name, laptop))).toMatchObject({
      outcome: 'signed-out',
      receipt: { sessions: 1, revocations: { revoked: 1, failed: 0 } },
    });
    expect(revoked()).toEqual(['laptop']);
  });

  it('asks storage for no more than where nothing is revoked', async () => {
    const calls: string[][] = [];
    for (const reach of ['off', 'session', 'token', 'account'] as const) {
      const fresh = at(reach);
      store = fresh.store;
      const ticket = await enter('laptop', {}, fresh.store);
      const operations = recordOperations(fresh.store);
      await attemptSignOut(fresh.application, doorOf(name, ticket));
      calls.push(operations.map(({ table, name: done }) => `${table}.${done}`));
    }
    expect(calls[0]?.length).toBeGreaterThan(1);
    for (const each of calls) expect(each).toEqual(calls[0]);
  });

  it('that storage interrupts revokes nothing, is queued, and revokes when the queue finishes it', async () => {
    const laptop = await enter('laptop');
    failing(store, { table: 'accounts', name: 'remove' });
    expect(await attemptSignOut(application, doorOf(name, laptop))).toMatchObject({ outcome: 'queued' });
    expect(revoked()).toEqual([]);
    store.tables.before = undefined;
    expect(await retrySignOut(application, queue.take())).toMatchObject({
      outcome: 'done',
      receipt: { revocations: { revoked: 1, failed: 0 } },
    });
    expect(revoked()).toEqual(['laptop']);
  });
});

describe('what is revoked', () => {
  it('is what a deletion took whose answer was lost', async () => {
    const laptop = await enter('laptop');
    losingAnswer(store, { table: 'accounts', name: 'remove' });
    await attemptSignOut(application, doorOf('own', laptop));
    await retrySignOut(application, queue.take());
    // Nobody can tell any more what was there: the second look finds nothing, and revokes nothing that it does not know.
    expect(revoked()).toEqual([]);
  });

  it('is all that the last of several tries took', async () => {
    const laptop = await enter('laptop');
    let joined = false;
    store.tables.before = async ({ table, name }) => {
      if (joined || table !== 'accounts' || name !== 'remove') return undefined;
      joined = true;
      await enter('phone', { startedAt: store.ambient.now() - 5_000 });
      return undefined;
    };
    await attemptSignOut(application, doorOf('own', laptop));
    expect(revoked()).toEqual(['laptop', 'phone']);
  });

  it.each([
    ['token', ['laptop']],
    ['session', ['laptop']],
    ['account', []],
  ] as const)('where a revocation reaches the %s, beside another OP session that stands: %j', async (reach, names) => {
    ({ application, store, script } = at(reach));
    const laptop = await enter('laptop');
    await enter('phone');
    await attemptSignOut(application, doorOf('sessions', laptop));
    expect(revoked()).toEqual(names);
  });

  it.each([
    ['token', ['laptop']],
    ['session', []],
    ['account', []],
  ] as const)(
    'where a revocation reaches the %s, beside another session of the same OP session: %j',
    async (reach, names) => {
      ({ application, store, script } = at(reach));
      const laptop = await enter('laptop');
      await enter('tab', { sid: 'sid-of-laptop' });
      await attemptSignOut(application, doorOf('sessions', laptop));
      expect(revoked()).toEqual(names);
    },
  );

  it('is nothing beside a session of which the OP does not say of which OP session it is', async () => {
    const laptop = await enter('laptop');
    await enter('tab', { sid: null });
    await attemptSignOut(application, doorOf('sessions', laptop));
    expect(revoked()).toEqual([]);
  });

  it('is nothing where it is switched off, and the receipt says nothing of it', async () => {
    ({ application, store, script } = at('off'));
    const attempted = await attemptSignOut(application, doorOf('own', await enter('laptop')));
    expect(attempted).toMatchObject({ outcome: 'signed-out', receipt: { sessions: 1 } });
    expect(attempted).not.toHaveProperty('receipt.revocations');
    expect(revoked()).toEqual([]);
  });
});

describe('an OP that cannot be had', () => {
  it('keeps no sign-out from being done, and is not asked for where nothing ended', async () => {
    const laptop = await enter('laptop');
    let asked = 0;
    const op: Application['op'] = {
      get: async () => {
        asked += 1;
        return { outcome: 'op-unavailable', reason: 'test-outage' };
      },
    };
    const without = { ...application, op };
    expect(await attemptSignOut(without, doorOf('own', laptop))).toMatchObject({
      outcome: 'signed-out',
      receipt: { sessions: 1, revocations: { revoked: 0, failed: 1 } },
    });
    expect(asked).toBe(1);
    expect(await attemptSignOut(without, doorOf('front-channel', laptop))).toMatchObject({ receipt: { sessions: 0 } });
    expect(asked).toBe(1);
    expect(store.tables.rows('accounts').map(({ partitionKey }) => partitionKey)).not.toContain(ALICE);
  });
});
