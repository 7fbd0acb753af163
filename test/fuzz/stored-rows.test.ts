import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { admit } from '../../shared/account/admit.ts';
import { checkSession } from '../../shared/session/check.ts';
import { signOutTarget } from '../../shared/signout/sign-out-target.ts';
import { expiryBucket } from '../../shared/store/expiry-buckets.ts';
import type { Properties } from '../../shared/store/table.ts';
import { parseNote } from '../../shared/sweep/note.ts';
import { sweep } from '../../shared/sweep/sweep.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { signIn, signinOf } from '../support/signins.ts';
import { ALICE, accountProperties, createTestStore, target } from '../support/store.ts';
import { anyProperties, anyProperty, anyText, RUNS, setCursor } from './support/arbitraries.ts';

const IDLE_MINUTES = 12 * 60;
const INDEX = target('sid', 'sid-1');
const YEARS = { min: new Date('1601-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z') };

const rowKey = (...meaningful: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...meaningful),
    fc.stringMatching(/^[0-9a-f]{32}$/),
    fc.stringMatching(/^[A-Za-z0-9~._ -]{1,40}$/),
  );
const account = fc.oneof(
  fc.constant<string>(ALICE),
  anyText(30).map((text) => text.toWellFormed()),
);
const indexes = fc.oneof(fc.constantFrom<string>(INDEX, `${INDEX} ${INDEX}`, ''), fc.string({ maxLength: 80 }));

const time = fc.oneof(fc.date({ ...YEARS, noInvalidDate: true }), anyProperty);

/** An index row or tombstone as no code of ours writes it, and now and then as it does. */
const indexRow = fc.record({
  rowKey: rowKey('tombstone', '0'.repeat(32)),
  properties: fc.tuple(anyProperties('account', 'startedAt', 'receivedAt'), fc.option(account), fc.option(time)).map(
    ([any, name, at]): Properties => ({
      ...any,
      ...(name !== null && { account: name }),
      ...(at !== null && { startedAt: at, receivedAt: at }),
    }),
  ),
});
const note = fc.record({
  rowKey: rowKey('attempt~1', `tombstone~${INDEX}`, `session~${'0'.repeat(32)}`, 'session~', 'session', 'cursor'),
  properties: fc
    .tuple(anyProperties('account', 'indexes', 'shell', 'index'), fc.option(account), fc.option(indexes))
    .map(
      ([any, name, list]): Properties => ({
        ...any,
        ...(name !== null && { account: name }),
        ...(list !== null && { indexes: list }),
      }),
    ),
});
const uniqueRows = <R extends { readonly rowKey: string }>(row: fc.Arbitrary<R>): fc.Arbitrary<R[]> =>
  fc.uniqueArray(row, { selector: (one) => one.rowKey, maxLength: 6 });

describe('whatever lies in an index partition', () => {
  it('a sign-out ends the session that it names, or says that it could not', () =>
    fc.assert(
      fc.asyncProperty(uniqueRows(indexRow), async (rows) => {
        const store = createTestStore();
        const ticket = await signIn(store);
        for (const { rowKey, properties } of rows) {
          await store.tables.sids.create({ partitionKey: INDEX, rowKey }, properties);
        }
        const { outcome } = await signOutTarget(store, INDEX, store.ambient.now(), 'account');
        expect((await checkSession(store, ticket, IDLE_MINUTES)).outcome).toBe('signed-out');
        expect(['signed-out', 'unavailable']).toContain(outcome);
        expect(accountProperties(store, ALICE)).toBeNull();
      }),
      RUNS,
    ));

  it('a sign-out ends the session of a row that does not say when it began', async () => {
    const store = createTestStore();
    const { sessionId } = await signIn(store, { sid: null });
    await store.tables.sids.create({ partitionKey: INDEX, rowKey: sessionId }, { account: ALICE, startedAt: 'soon' });
    const signedOut = await signOutTarget(store, INDEX, store.ambient.now(), 'account');
    expect(signedOut).toEqual({ outcome: 'signed-out', accounts: [ALICE], sessions: 1, tokenCaches: 1 });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('a sign-in is let in, or refused for a sign-out that there may have been', () =>
    fc.assert(
      fc.asyncProperty(uniqueRows(indexRow), async (rows) => {
        const store = createTestStore();
        const tombstone = rows.some(({ rowKey }) => rowKey === 'tombstone');
        for (const { rowKey, properties } of rows) {
          await store.tables.sids.create({ partitionKey: INDEX, rowKey }, properties);
        }
        const { outcome } = await admit(store, signinOf(store).admission);
        expect(tombstone ? ['admitted', 'signed-out-meanwhile'] : ['admitted']).toContain(outcome);
      }),
      RUNS,
    ));
});

describe('whatever lies among the expiries', () => {
  const cursor = fc.option(anyProperties('bucket'), { freq: 1 });

  it('a run of the sweep ends, and takes no living session with it', () =>
    fc.assert(
      fc.asyncProperty(uniqueRows(note), uniqueRows(indexRow), cursor, async (notes, rows, at) => {
        const store = createTestStore();
        const partitionKey = expiryBucket(store.ambient.now());
        for (const { rowKey, properties } of rows) {
          await store.tables.sids.create({ partitionKey: INDEX, rowKey }, properties);
        }
        for (const { rowKey, properties } of notes) {
          await store.tables.expiries.create({ partitionKey, rowKey }, properties);
        }
        if (at === null) await setCursor(store);
        else await store.tables.expiries.create({ partitionKey: 'cursor', rowKey: 'sweep' }, at);
        store.ambient.advance(2 * HOUR);
        const ticket = await signIn(store, { sid: 'sid-2' });
        expect((await sweep(store)).outcome).toBe('swept');
        expect((await checkSession(store, ticket, IDLE_MINUTES)).outcome).toBe('live');
        store.ambient.advance(2 * HOUR + 30 * MINUTE);
        expect((await sweep(store)).outcome).toBe('swept');
        expect((await checkSession(store, ticket, IDLE_MINUTES)).outcome).toBe('live');
      }),
      RUNS,
    ));

  it('a note names only rows that can exist', () => {
    fc.assert(
      fc.property(note, ({ rowKey, properties }) => {
        const parsed = parseNote({ partitionKey: 'p', rowKey, etag: 'e', properties });
        if (parsed.kind === 'tombstone') expect(parsed.index).toMatch(/^[0-9a-f]{64}$/);
        if (parsed.kind !== 'session') return;
        expect(parsed.account).toMatch(/^[A-Za-z0-9._@=~-]{1,512}$/);
        expect(parsed.sessionId).toMatch(/^[0-9a-f]{32}$/);
        for (const index of parsed.indexes) expect(index).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });

  it.each(['9999-12-31T23', '2026-11-21T11'])(
    'a cursor that stands at %s, in time to come, stops no run',
    async (bucket) => {
      const store = createTestStore();
      await store.tables.expiries.create({ partitionKey: 'cursor', rowKey: 'sweep' }, { bucket });
      await signIn(store);
      store.ambient.advance(12 * HOUR);
      await sweep(store);
      store.ambient.advance(HOUR);
      await sweep(store);
      expect(accountProperties(store, ALICE)).toBeNull();
    },
  );
});
