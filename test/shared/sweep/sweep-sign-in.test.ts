import { beforeEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT_ROW_KEY } from '../../../shared/account/account.ts';
import { admit } from '../../../shared/account/admit.ts';
import { writeIndexRows } from '../../../shared/account/index-rows.ts';
import { makeSessionId } from '../../../shared/account/session-record.ts';
import { signOutTarget } from '../../../shared/signout/sign-out-target.ts';
import { sweep } from '../../../shared/sweep/sweep.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import { ALICE, accountProperties, beforeOnce, createTestStore, type TestStore, target } from '../../support/store.ts';
import { createShell, cursorOf, noteKinds, notes, SESSION_LIFE, SETTLES_WITHIN, stored } from './support.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

const KEY = { partitionKey: ALICE, rowKey: ACCOUNT_ROW_KEY };
const whenDue = () => store.ambient.advance(SESSION_LIFE + SETTLES_WITHIN);
const indexRows = () => store.tables.rows('sids').map(({ rowKey }) => rowKey);

describe('an index row', () => {
  const index = target('sid', 'sid-1');
  const writeRow = (startedAt: number, endsAt: number) => {
    const sessionId = makeSessionId(store.ambient.randomBytes);
    return writeIndexRows(store, [index], { sessionId, account: ALICE, startedAt }, endsAt);
  };

  it('of a sign-in that never came to its end goes', async () => {
    await writeRow(store.ambient.now(), store.ambient.now() + SESSION_LIFE);
    whenDue();
    expect(await sweep(store)).toMatchObject({ counts: { indexRows: 1, notes: 1 } });
    expect(stored(store)).toBe(0);
  });

  it('that is young stays, even where its note is long due: its sign-in may be on its way', async () => {
    const now = store.ambient.now();
    await writeRow(now - MINUTE, now - 5 * HOUR);
    await sweep(store);
    expect(indexRows()).toHaveLength(1);
    expect(notes(store)).toMatchObject([{ partitionKey: '2026-11-21T09' }]);
    store.ambient.advance(SETTLES_WITHIN);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });

  it('that does not say how old it is stays', async () => {
    await writeRow(store.ambient.now(), store.ambient.now());
    const [row] = store.tables.rows('sids');
    if (row) await store.tables.sids.replace(row, { account: ALICE }, row.etag);
    whenDue();
    await sweep(store);
    expect(indexRows()).toHaveLength(1);
    expect(noteKinds(store)).toEqual(['session']);
  });

  it('that was changed between the look and the deletion stays', async () => {
    await writeRow(store.ambient.now(), store.ambient.now());
    whenDue();
    beforeOnce(store, { table: 'sids', name: 'remove' }, async () => {
      const [row] = store.tables.rows('sids');
      if (row) await store.tables.sids.merge(row, {}, row.etag);
    });
    await sweep(store);
    expect([indexRows(), noteKinds(store), cursorOf(store)]).toMatchObject([
      { length: 1 },
      ['session'],
      '2026-11-21T09',
    ]);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });
});

describe('an empty account', () => {
  /** A sign-in that died after its shell, and whose note is due. */
  async function orphan(): Promise<void> {
    const { admission } = signinOf(store);
    const { indexes, sessionId, record } = admission;
    const signin = { sessionId, account: ALICE, startedAt: record.startedAt };
    await writeIndexRows(store, indexes, signin, record.endsAt);
    await createShell(store, ALICE);
    whenDue();
  }

  it('goes at the second look, when its ETag shows that it was there at the first', async () => {
    await orphan();
    await sweep(store);
    expect([accountProperties(store, ALICE), noteKinds(store)]).toEqual([[], ['session']]);
    store.ambient.advance(SETTLES_WITHIN);
    expect(await sweep(store)).toMatchObject({ counts: { accounts: 1, sessions: 0, indexRows: 1 } });
    expect(stored(store)).toBe(0);
  });

  it('stays when it was made anew meanwhile: that one may be of a sign-in in flight', async () => {
    await orphan();
    await sweep(store);
    store.ambient.advance(SETTLES_WITHIN);
    const [shell] = store.tables.rows('accounts');
    await store.tables.accounts.remove(KEY, shell?.etag ?? '');
    await createShell(store, ALICE);
    await sweep(store);
    expect(accountProperties(store, ALICE)).toEqual([]);
    store.ambient.advance(SETTLES_WITHIN);
    await sweep(store);
    expect(stored(store)).toBe(0);
  });

  it('stays with the session that it received between the look and the deletion', async () => {
    await orphan();
    await sweep(store);
    store.ambient.advance(SETTLES_WITHIN);
    let young: Awaited<ReturnType<typeof signIn>> | undefined;
    beforeOnce(store, { table: 'accounts', name: 'remove' }, async () => {
      young = await signIn(store, { sid: 'sid-2' });
    });
    await sweep(store);
    expect(young && propertiesWith(young)).toEqual(accountProperties(store, ALICE));
  });
});

describe('a sweep in the middle of a sign-in', () => {
  it('at any call takes nothing from it: it is let in, and a sign-out finds it', async () => {
    for (let at = 0; ; at += 1) {
      store = createTestStore();
      await sweep(store);
      await signIn(store);
      whenDue();
      const { admission, ticket } = signinOf(store, { sid: 'sid-2' });
      let count = 0;
      store.tables.before = async () => {
        count += 1;
        if (count !== at + 1) return undefined;
        store.tables.before = undefined;
        await sweep(store);
        return undefined;
      };
      expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
      store.tables.before = undefined;
      await sweep(store);
      expect(accountProperties(store, ALICE)).toEqual(propertiesWith(ticket));
      const signedOut = await signOutTarget(store, target('sid', 'sid-2'), store.ambient.now(), 'account');
      expect(signedOut).toMatchObject({ outcome: 'signed-out', sessions: 1 });
      expect(accountProperties(store, ALICE)).toBeNull();
      if (count <= at) break;
    }
  });
});
