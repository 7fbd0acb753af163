import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { sealWork } from '../../../shared/durable/work-message.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { attemptSignOut, retrySignOut } from '../../../shared/signout/retry.ts';
import { SIGN_OUT_WORK } from '../../../shared/signout/retry-message.ts';
import type { SignOut } from '../../../shared/signout/sign-out.ts';
import { testApplication } from '../../support/application.ts';
import { testKeyring } from '../../support/keyring.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import { ALICE, accountProperties, beforeOnce, failing, losingAnswer, target } from '../../support/store.ts';

let { application, store, queue } = testApplication();
beforeEach(() => {
  ({ application, store, queue } = testApplication());
});

const own = (ticket: SessionTicket, scope: 'account' | 'session' = 'account'): SignOut => {
  return { kind: 'own', ticket, proved: null, door: 'own', receivedAt: store.ambient.now(), scope };
};
const bySid = (sid = 'sid-1'): SignOut => {
  const index = target('sid', sid);
  return { kind: 'target', index, door: 'front-channel', receivedAt: store.ambient.now(), scope: 'account' };
};
const storageIsBack = () => {
  store.tables.before = undefined;
};
/** What the queue's function does with the oldest message. */
const deliver = () => retrySignOut(application, queue.take());

describe('a sign-out that storage interrupts', () => {
  it.each([
    ['the account cannot be read', { table: 'accounts', name: 'read' }],
    ['the tombstone cannot be written', { table: 'sids', name: 'create' }],
    ['the note of the tombstone cannot be written', { table: 'expiries', name: 'create' }],
    ['the account cannot be deleted', { table: 'accounts', name: 'remove' }],
  ] as const)('is finished from the queue where %s', async (_, operation) => {
    const ticket = await signIn(store);
    for (const signOut of [own(ticket), bySid()]) {
      failing(store, operation);
      expect(await attemptSignOut(application, signOut)).toMatchObject({ outcome: 'queued' });
      expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    }
    storageIsBack();
    expect(await deliver()).toMatchObject({
      outcome: 'done',
      receipt: { accounts: [expect.any(String)], sessions: 1, tokenCaches: 1, tries: 1 },
    });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { accounts: [], sessions: 0 } });
    expect(queue.messages).toEqual([]);
  });

  it('goes back into the queue while storage fails, later and later, and is never given up', async () => {
    await signIn(store);
    failing(store, {});
    await attemptSignOut(application, bySid());
    const delays: number[] = [];
    for (let tries = 1; tries <= 20; tries += 1) {
      delays.push(queue.messages[0]?.delaySeconds ?? Number.NaN);
      store.ambient.advance(HOUR);
      expect(await deliver()).toMatchObject({ outcome: 'again', tries });
    }
    for (const [tries, seconds] of delays.entries()) {
      const most = Math.min(300, 2 ** tries);
      expect(seconds).toBeGreaterThanOrEqual(Math.max(1, Math.floor(most / 2)));
      expect(seconds).toBeLessThanOrEqual(most);
    }
    storageIsBack();
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { tries: 21 } });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is not promised where the queue is down, and what brought a message keeps it', async () => {
    await signIn(store);
    failing(store, {});
    await attemptSignOut(application, bySid());
    queue.up = false;
    expect(await attemptSignOut(application, bySid())).toMatchObject({ outcome: 'unfinished' });
    expect(await deliver()).toMatchObject({ outcome: 'kept' });
  });

  it('is queued where only its last answer was lost, and the retry finds it done', async () => {
    const ticket = await signIn(store);
    losingAnswer(store, { table: 'accounts', name: 'remove' });
    expect(await attemptSignOut(application, own(ticket))).toMatchObject({ outcome: 'queued' });
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('a late retry', () => {
  it('ends no newer sign-in, also one of the same OP session that joined the same account', async () => {
    const old = await signIn(store);
    failing(store, { name: 'remove' });
    await attemptSignOut(application, bySid());
    storageIsBack();
    store.ambient.advance(5 * MINUTE);
    const young = await signIn(store);
    expect(await deliver()).toMatchObject({
      outcome: 'done',
      receipt: { accounts: [expect.any(String)], sessions: 1 },
    });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
    expect(old.sessionId).not.toBe(young.sessionId);
  });

  it('leaves an account alone that has been signed out and in again meanwhile', async () => {
    const old = await signIn(store);
    failing(store, { name: 'remove' });
    await attemptSignOut(application, own(old));
    storageIsBack();
    await attemptSignOut(application, own(old));
    store.ambient.advance(5 * MINUTE);
    const young = await signIn(store);
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });

  it('does not end the account for a cookie of which storage never said that its session stood', async () => {
    const dead = await signIn(store, { sid: 'sid-0' });
    await attemptSignOut(application, own(dead));
    const living = await signIn(store);
    failing(store, { table: 'accounts', name: 'read' });
    expect(await attemptSignOut(application, own(dead))).toMatchObject({ outcome: 'queued' });
    storageIsBack();
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(living));
  });

  it('ends the session that another tab put in the place of its own while storage was away', async () => {
    const [first] = [await signIn(store), await signIn(store, { sid: 'sid-phone' })];
    const { admission } = signinOf(store, { replaces: first.sessionId });
    store.ambient.advance(3_000);
    failing(store, { table: 'accounts', name: 'read' });
    expect(await attemptSignOut(application, own(first))).toMatchObject({ outcome: 'queued' });
    storageIsBack();
    store.ambient.advance(5 * MINUTE);
    await admit(store, { ...admission, record: { ...admission.record, signedInAt: store.ambient.now() } });
    expect(await deliver()).toMatchObject({
      outcome: 'done',
      receipt: { accounts: [expect.any(String)], sessions: 2 },
    });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('ends it also where the instance that received the sign-out has a clock ahead of this one, which saw it come', async () => {
    const first = await signIn(store);
    const { admission } = signinOf(store, { replaces: first.sessionId });
    store.ambient.advance(3_000);
    failing(store, { table: 'accounts', name: 'read' });
    const receivedElsewhere = { ...own(first), receivedAt: store.ambient.now() + 1_500 };
    expect(await attemptSignOut(application, receivedElsewhere)).toMatchObject({ outcome: 'queued' });
    storageIsBack();
    store.ambient.advance(1_000);
    await admit(store, admission);
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 1 } });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('takes a session along that signs in at that moment, having set out before the sign-out', async () => {
    const startedAt = store.ambient.now();
    await signIn(store);
    failing(store, { name: 'remove' });
    await attemptSignOut(application, bySid());
    storageIsBack();
    store.ambient.advance(MINUTE);
    beforeOnce(store, { table: 'accounts', name: 'remove' }, () => signIn(store, { sid: 'sid-2', startedAt }));
    await deliver();
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('leaves its tombstone to a sweep that has not been by yet', async () => {
    await signIn(store);
    failing(store, {});
    await attemptSignOut(application, bySid());
    storageIsBack();
    store.ambient.advance(48 * HOUR);
    await deliver();
    const note = store.tables.rows('expiries').find(({ rowKey }) => rowKey.startsWith('tombstone~'));
    expect(note?.partitionKey).toBe(new Date(store.ambient.now() + 15 * MINUTE).toISOString().slice(0, 13));
  });
});

describe('a message of the queue', () => {
  const messageOf = async (signOut: SignOut): Promise<Record<string, unknown>> => {
    failing(store, {});
    await attemptSignOut(application, signOut);
    storageIsBack();
    return JSON.parse(queue.take()) as Record<string, unknown>;
  };

  it('holds nothing in clear that opens or names anything', async () => {
    const ticket = await signIn(store);
    const { sealed, ...clear } = await messageOf(own(ticket));
    expect(Object.keys(clear).toSorted()).toEqual(['application', 'queuedAt', 'tries']);
    const text = Buffer.from(String(sealed), 'base64url').toString('latin1') + JSON.stringify(clear);
    for (const secret of [ticket.secret, ticket.account, ticket.sessionId, ticket.tombstone, 'sid-1', 'client-1']) {
      expect(text).not.toContain(secret);
    }
  });

  it('is the same to it as text and as what the Functions library makes of it', async () => {
    await signIn(store);
    expect(await retrySignOut(application, await messageOf(bySid()))).toMatchObject({ outcome: 'done' });
  });

  it('is passed on where another application has sent it, and where only another instance has its key', async () => {
    const ticket = await signIn(store);
    const message = await messageOf(own(ticket));
    const foreign = await retrySignOut(application, { ...message, application: '0'.repeat(16) });
    const withoutKey = { ...application, store: { ...store, keyring: testKeyring(['k2'], store.ambient) } };
    const locked = await retrySignOut(withoutKey, message);
    expect([foreign, locked]).toEqual([
      { outcome: 'passed-on', tries: 0 },
      { outcome: 'passed-on', tries: 0 },
    ]);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    queue.messages.shift();
    expect(await deliver()).toMatchObject({ outcome: 'done' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it.each([
    ['a kind', { kind: 'planet' }],
    ['a scope', { scope: 'planet' }],
    ['a time', { asOf: 'yesterday' }],
    ['a proof without the session', { proved: { sid: null, loginHint: null } }],
    ['a proof', { proved: 'yes' }],
    ['a ticket', { ticket: ['account', 'session'] }],
  ])(
    'is passed on where it has %s that only another version knows, and nobody says that it is done',
    async (_, other) => {
      const ticket = await signIn(store, { sid: null });
      const message = await messageOf(own(ticket, 'session'));
      const signOut = { ...own(ticket, 'session'), ...other } as unknown as SignOut;
      const sealed = sealWork(store.keyring, SIGN_OUT_WORK, signOut);
      expect(await retrySignOut(application, { ...message, sealed })).toEqual({ outcome: 'passed-on', tries: 0 });
      expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    },
  );

  it('is unreadable when nobody has opened it for a day', async () => {
    const message = await messageOf(bySid());
    store.ambient.advance(25 * HOUR);
    const withoutKey = { ...application, store: { ...store, keyring: testKeyring(['k2'], store.ambient) } };
    expect(await retrySignOut(withoutKey, message)).toEqual({ outcome: 'unreadable' });
    expect(await retrySignOut(application, message)).toMatchObject({ outcome: 'done' });
  });

  it('is unreadable where somebody else made it, and ends nobody', async () => {
    const ticket = await signIn(store);
    const message = await messageOf(bySid());
    const turned = Buffer.from(String(message.sealed), 'base64url');
    turned[turned.length - 1] = (turned.at(-1) ?? 0) ^ 1;
    const forged: unknown[] = [
      { ...message, sealed: turned.toString('base64url') },
      { ...message, sealed: '' },
      { ...message, tries: 'many' },
      { ...message, queuedAt: null },
      'not json',
      '[]',
      null,
      17,
    ];
    for (const one of forged) expect(await retrySignOut(application, one)).toEqual({ outcome: 'unreadable' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    expect(queue.messages).toEqual([]);
  });
});
