import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { SESSIONS_MAX } from '../../../shared/account/make-room.ts';
import type { SessionTicket } from '../../../shared/session/ticket.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import {
  ALICE,
  accountProperties,
  BOB,
  beforeOnce,
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

describe('a sign-in that a sign-out overtakes', () => {
  it('is refused where its attempt began before the sign-out of its sid, and leaves no account row', async () => {
    const { admission } = signinOf(store);
    store.ambient.advance(MINUTE);
    await signOut();
    expect(await admit(store, admission)).toEqual({
      outcome: 'signed-out-meanwhile',
      signedOutAt: store.ambient.now(),
    });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is refused where its attempt began within the two seconds that clocks may differ', async () => {
    await signOut();
    store.ambient.advance(1_999);
    expect(await admit(store, signinOf(store).admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
    store.ambient.advance(1);
    expect(await admit(store, signinOf(store).admission)).toMatchObject({ outcome: 'admitted' });
  });

  it('is refused by a sign-out of its account, too', async () => {
    const { admission } = signinOf(store);
    await signOutTarget(store, target('account', ALICE), store.ambient.now(), 'account');
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
  });

  it('is let in where the sign-out was of another OP session', async () => {
    const { admission } = signinOf(store);
    await signOut('sid-2');
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
  });

  it('leaves the sessions that stand, though it is refused', async () => {
    const standing = await signIn(store, { sid: 'sid-2' });
    const { admission } = signinOf(store);
    await signOut();
    await admit(store, admission);
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(standing));
  });

  it.each([
    ['its index row is written', { table: 'sids', name: 'create' }],
    ['it reads the account', { table: 'accounts', name: 'read' }],
    ['it makes its shell', { table: 'accounts', name: 'create' }],
    ['it reads the tombstones', { table: 'sids', name: 'read' }],
    ['it writes its session', { table: 'accounts', name: 'merge' }],
  ] as const)('leaves nothing behind where the sign-out comes right before %s', async (_, moment) => {
    const { admission } = signinOf(store);
    beforeOnce(store, moment, () => signOut());
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is made to look again by a sign-out that touches its account, where another session stands', async () => {
    const standing = await signIn(store, { sid: 'sid-2' });
    const { admission } = signinOf(store);
    beforeOnce(store, { table: 'accounts', name: 'merge' }, () => signOut());
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(standing));
  });

  it('of another OP session completes, with its own new tokens only', async () => {
    await signIn(store, { sid: 'sid-2' });
    store.ambient.advance(MINUTE);
    const { admission, ticket } = signinOf(store);
    beforeOnce(store, { table: 'accounts', name: 'merge' }, () => signOut('sid-2'));
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
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

  it('recognises its own write where the answer was lost', async () => {
    const { admission, ticket } = signinOf(store);
    losingAnswer(store, { table: 'accounts', name: 'merge' });
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
  });
});
