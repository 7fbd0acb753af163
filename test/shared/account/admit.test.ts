import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { HOUR } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  createTestStore,
  failing,
  losingAnswer,
  type TestStore,
  target,
} from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const signOut = (sid = 'sid-1', receivedAt = store.ambient.now()) =>
  signOutTarget(store, target('sid', sid), receivedAt, 'account');

describe('a sign-in', () => {
  it('leaves a session with its tokens, and an index row by which a sign-out finds it', async () => {
    const ticket = await signIn(store);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
    expect(store.tables.rows('sids')).toMatchObject([
      { partitionKey: target('sid', 'sid-1'), rowKey: ticket.sessionId, properties: { account: ALICE } },
    ]);
  });

  it('is noted for the sweep', async () => {
    const { sessionId } = await signIn(store);
    expect(store.tables.rows('expiries').map(({ rowKey }) => rowKey)).toContain(`session~${sessionId}`);
  });

  it('joins the sessions that stand, and leaves other accounts alone', async () => {
    const bob = await signIn(store, { account: BOB, sid: 'sid-2' });
    const [one, other] = [await signIn(store), await signIn(store, { sid: 'sid-3' })];
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(one, other));
    expect(accountProperties(store, BOB)).toEqual(propertiesWith(bob));
  });

  it('never shortens the time at which the sweep may come', async () => {
    const long = signinOf(store);
    const endsAt = store.ambient.now() + 100 * HOUR;
    await admit(store, { ...long.admission, record: { ...long.admission.record, endsAt } });
    await signIn(store);
    expect(store.tables.rows('accounts')[0]?.properties.expiresOn).toEqual(new Date(endsAt));
  });

  it('writes no token anywhere in the clear', async () => {
    await signIn(store, { cache: '{"RefreshToken":{"r":{"secret":"refresh-token-1"}}}' });
    const rows = [...store.tables.rows('accounts'), ...store.tables.rows('sids'), ...store.tables.rows('expiries')];
    const bytes = rows.flatMap(({ properties }) => Object.values(properties)).map((value) => Buffer.from(`${value}`));
    for (const secret of ['refresh-token-1', 'sid-1', 'Alice Example']) {
      expect(Buffer.concat(bytes).includes(secret)).toBe(false);
    }
  });
});

describe('two sign-ins at once', () => {
  it('both complete, in one account', async () => {
    const [one, other] = [signinOf(store), signinOf(store, { sid: 'sid-2' })];
    const outcomes = await Promise.all([admit(store, one.admission), admit(store, other.admission)]);
    expect(outcomes).toEqual([{ outcome: 'admitted' }, { outcome: 'admitted' }]);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(one.ticket, other.ticket));
  });
});

describe('a sign-in in a browser that has a session', () => {
  it('ends that one in the same write', async () => {
    const before = await signIn(store);
    const after = await signIn(store, { replaces: before.sessionId });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(after));
  });

  it('does not mind where that one has ended since', async () => {
    const before = await signIn(store, { sid: 'sid-2' });
    await signOut('sid-2');
    store.ambient.advance(3_000);
    const after = await signIn(store, { replaces: before.sessionId });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(after));
  });
});

it('a sign-in is not admitted into an account that is full of what no session’s leaving would free', async () => {
  const ticket = await signIn(store);
  for (let each = 0; each < 15; each += 1) {
    const [row] = store.tables.rows('accounts');
    if (row) await store.tables.accounts.merge(row, { [`nobodys_${each}`]: new Uint8Array(64 * 1024) }, row.etag);
  }
  const before = accountProperties(store, ALICE);
  const cache = JSON.stringify({ RefreshToken: { r: { secret: randomBytes(60_000).toString('latin1') } } });
  expect(await admit(store, signinOf(store, { sid: 'sid-2', cache }).admission)).toEqual({ outcome: 'too-large' });
  expect(accountProperties(store, ALICE)).toEqual(before);
  expect(before).toEqual(expect.arrayContaining(propertiesWith(ticket)));
});

describe('a sign-in while storage fails', () => {
  it.each([
    ['the index', { table: 'sids', name: 'create' }],
    ['the sweep’s note', { table: 'expiries', name: 'create' }],
    ['reading the account', { table: 'accounts', name: 'read' }],
    ['making the shell', { table: 'accounts', name: 'create' }],
    ['reading tombstones', { table: 'sids', name: 'read' }],
    ['writing the session', { table: 'accounts', name: 'merge' }],
  ] as const)('is not admitted where %s fails, and leaves no session', async (_, operation) => {
    failing(store, operation);
    expect(await admit(store, signinOf(store).admission)).toMatchObject({ outcome: 'unavailable' });
    expect(accountProperties(store, ALICE) ?? []).toEqual([]);
  });

  it('recognises its own write where the answer was lost, and does not write again', async () => {
    const { admission, ticket } = signinOf(store);
    losingAnswer(store, { table: 'accounts', name: 'merge' });
    let writes = 0;
    store.tables.before = ({ table, name }) => {
      if (table === 'accounts' && name === 'merge') writes += 1;
      return undefined;
    };
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    expect(writes).toBe(1);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
  });
  it('tries a write of which storage says nothing twice, then gives up: a person waits', async () => {
    let writes = 0;
    store.tables.before = ({ table, name }) => {
      if (table !== 'accounts' || name !== 'merge') return undefined;
      writes += 1;
      return { outcome: 'unavailable', reason: 'deadline' };
    };
    expect(await admit(store, signinOf(store).admission)).toEqual({ outcome: 'unavailable', reason: 'deadline' });
    expect(writes).toBe(2);
  });
});
