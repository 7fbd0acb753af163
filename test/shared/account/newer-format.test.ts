import { beforeEach, describe, expect, it } from '@jest/globals';
import { cacheProperty, createAccountCodec, sessionProperty } from '../../../shared/account/account.ts';
import type { Lease } from '../../../shared/account/lease-record.ts';
import { makeSessionId, type SessionId } from '../../../shared/account/session-record.ts';
import { checkSession } from '../../../shared/session/check.ts';
import { renewSession } from '../../../shared/session/renew.ts';
import { openTicket, type SessionTicket, sealTicket } from '../../../shared/session/ticket.ts';
import { signOutOwn } from '../../../shared/signout/sign-out-own.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { expiryBucket } from '../../../shared/store/expiry-buckets.ts';
import type { Properties } from '../../../shared/store/table.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { acquireAccessToken } from '../../../shared/tokens/access-token.ts';
import { createTokenMemory } from '../../../shared/tokens/token-memory.ts';
import { HOUR, MINUTE, sessionRecord } from '../../support/records.ts';
import { scriptedCache, scriptedTokenClient } from '../../support/scripted-token-client.ts';
import { signIn } from '../../support/signins.ts';
import { ALICE, accountProperties, createTestStore, type TestStore, target } from '../../support/store.ts';
import { bytesOf, tamper, withByte } from '../../support/tamper.ts';

const IDLE_MINUTES = 60;
const NEVER_IDLE_MINUTES = 24 * 60;

let store: TestStore;
/** A session in the format of this version, and one that a newer version has written beside it. */
let own: SessionTicket;
let newer: SessionTicket;
let newerProperties: Properties;
beforeEach(async () => {
  store = createTestStore();
  newer = await signIn(store, { sid: 'sid-newer', cache: scriptedCache() });
  own = await signIn(store, { sid: 'sid-own', cache: scriptedCache() });
  await tamper(store, ALICE, (properties) => {
    const names = [sessionProperty, cacheProperty].map((name) => name(newer.sessionId));
    newerProperties = Object.fromEntries(
      names.map((name) => [name, withByte(bytesOf(properties, name), 0, (version) => version + 1)]),
    );
    return { ...properties, ...newerProperties };
  });
});

const check = (ticket: SessionTicket) => checkSession(store, ticket, IDLE_MINUTES);
/** The newer session's properties as they stand. */
function standing(): Properties {
  const row = store.tables.rows('accounts').find(({ partitionKey }) => partitionKey === ALICE);
  return Object.fromEntries(Object.entries(row?.properties ?? {}).filter(([name]) => name.endsWith(newer.sessionId)));
}

describe('a session that a newer version has written', () => {
  it('signs nobody in here', async () => {
    expect(await check(newer)).toEqual({ outcome: 'signed-out', unreadable: 'newer-format' });
    const client = scriptedTokenClient(store.ambient);
    expect(await acquireAccessToken(store, client, createTokenMemory(), newer, [])).toMatchObject({
      outcome: 'signed-out',
    });
    expect(client.redemptions()).toBe(0);
    expect(standing()).toEqual(newerProperties);
  });

  it('is left as it is by renewals, refreshes and the end of the session beside it, and by sign-ins', async () => {
    store.ambient.advance(6 * MINUTE);
    const checked = await check(own);
    if (checked.outcome !== 'live') throw new Error(checked.outcome);
    await renewSession(store, checked.session);
    expect(standing()).toEqual(newerProperties);
    const client = scriptedTokenClient(store.ambient);
    expect(await acquireAccessToken(store, client, createTokenMemory(), own, [])).toMatchObject({ refreshed: true });
    expect(standing()).toEqual(newerProperties);
    await signIn(store, { sid: 'sid-third', replaces: own.sessionId });
    expect(standing()).toEqual(newerProperties);
    client.failure = { outcome: 'grant-dead', reason: 'invalid_grant' };
    const again = await signIn(store, { sid: 'sid-fourth', cache: scriptedCache() });
    await acquireAccessToken(store, client, createTokenMemory(), again, []);
    expect((await check(again)).outcome).toBe('signed-out');
    expect(standing()).toEqual(newerProperties);
  });

  it('is left by a sign-out that names another session alone', async () => {
    const signedOut = await signOutTarget(store, target('sid', 'sid-own'), store.ambient.now(), 'session');
    expect(signedOut).toEqual({ outcome: 'signed-out', accounts: [ALICE], sessions: 1, tokenCaches: 1 });
    expect(standing()).toEqual(newerProperties);
  });

  it('is ended where it may be of the OP session that signs out, which only its record could say', async () => {
    const signedOut = await signOutOwn(store, own, store.ambient.now(), 'session');
    expect(signedOut).toMatchObject({ outcome: 'signed-out', sessions: 2, deleted: true });
  });

  it.each([
    ['by its sid', () => signOutTarget(store, target('sid', 'sid-newer'), store.ambient.now(), 'account')],
    [
      'by the sid of the one beside it',
      () => signOutTarget(store, target('sid', 'sid-own'), store.ambient.now(), 'account'),
    ],
    ['with the cookie of the one beside it', () => signOutOwn(store, own, store.ambient.now(), 'account')],
    ['with its own cookie', () => signOutOwn(store, newer, store.ambient.now(), 'account')],
  ])('is ended by a sign-out of the account %s: to delete takes no format', async (_, signOut) => {
    expect(await signOut()).toMatchObject({ outcome: 'signed-out', sessions: 2 });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is left by the sweep until the account has expired, and then goes with it', async () => {
    const last = await signIn(store, { sid: 'sid-own' });
    await tamper(store, ALICE, (properties) => ({
      ...properties,
      expiresOn: new Date(store.ambient.now() + 20 * HOUR),
    }));
    store.ambient.advance(10 * HOUR);
    await sweep(store);
    expect(standing()).toEqual(newerProperties);
    expect((await checkSession(store, last, NEVER_IDLE_MINUTES)).outcome).toBe('signed-out');
    for (let hours = 0; hours < 13; hours += 1) {
      store.ambient.advance(HOUR);
      await sweep(store);
    }
    expect(accountProperties(store, ALICE)).toBeNull();
  });
});

describe('what a newer version adds to the formats of this one', () => {
  it('to a record and a lease is passed over', async () => {
    const id: SessionId = makeSessionId(store.ambient.randomBytes);
    const codec = createAccountCodec(store.keyring, ALICE);
    const later = { ...sessionRecord(), assurance: 'mfa' };
    const lease = { holder: 'h', until: 1, redeemedAt: 2, failure: null };
    const entity = {
      partitionKey: ALICE,
      rowKey: 'account',
      etag: 'e',
      properties: { ...codec.sealSession(id, later), ...codec.sealLease(id, { ...lease, instance: 'i-1' } as Lease) },
    };
    expect(codec.openSession(entity, id)).toMatchObject({ outcome: 'opened', value: sessionRecord() });
    expect(codec.openLease(entity, id)).toMatchObject({ outcome: 'opened', value: lease });
  });

  it('to the cookie is passed over', () => {
    const content = JSON.stringify([own.account, own.sessionId, own.secret, own.tombstone, 'more', { and: 'more' }]);
    const place = { purpose: 'session-cookie', subject: '', location: ['__Host-session'] } as const;
    const cookie = Buffer.from(store.keyring.seal(place, Buffer.from(content))).toString('base64url');
    expect(openTicket(store.keyring, cookie)).toEqual(own);
    expect(openTicket(store.keyring, sealTicket(store.keyring, own))).toEqual(own);
  });

  it('to the account, index rows and tombstones is passed over, and stays', async () => {
    await tamper(store, ALICE, (properties) => ({ ...properties, x_added: 'by a newer version' }));
    const index = target('sid', 'sid-own');
    for (const row of store.tables.rows('sids').filter(({ partitionKey }) => partitionKey === index)) {
      await store.tables.sids.merge(row, { added: 1 }, row.etag);
    }
    await signIn(store, { sid: 'sid-third', replaces: own.sessionId });
    expect(accountProperties(store, ALICE)).toContain('x_added');
    const signedOut = await signOutTarget(store, index, store.ambient.now(), 'session');
    expect(signedOut.outcome).toBe('signed-out');
    expect(accountProperties(store, ALICE)).toContain('x_added');
  });

  it('to the expiries, a kind of note that this one does not know, is left to the newer one', async () => {
    const partitionKey = expiryBucket(store.ambient.now());
    await store.tables.expiries.create({ partitionKey, rowKey: 'event~1' }, { added: 'by a newer version' });
    store.ambient.advance(12 * HOUR);
    await sweep(store);
    expect(store.tables.rows('expiries').map(({ rowKey }) => rowKey)).toContain('event~1');
  });
});
