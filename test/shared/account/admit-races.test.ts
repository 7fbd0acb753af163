import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import { ALICE, accountProperties, beforeOnce, createTestStore, type TestStore, target } from '../../support/store.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const signOut = (sid = 'sid-1', receivedAt = store.ambient.now()) =>
  signOutTarget(store, target('sid', sid), receivedAt, 'account');

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

  it('is refused where it was held up for so long that the sweep has taken the tombstone away', async () => {
    const { admission } = signinOf(store);
    store.ambient.advance(MINUTE);
    await signOut();
    store.ambient.advance(3 * HOUR);
    await sweep(store);
    expect(store.tables.rows('sids')).toEqual([]);
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
    expect(accountProperties(store, ALICE)).toBeNull();
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
