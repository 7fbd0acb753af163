import { beforeEach, describe, expect, it } from '@jest/globals';
import { NO_HINTS } from '../../../shared/oidc/authorization-url.ts';
import { type Attempt, startAttempt } from '../../../shared/signin/attempt.ts';
import { consumeAttempt } from '../../../shared/signin/consume-attempt.ts';
import type { LocalPath } from '../../../shared/signin/return-to.ts';
import { createTestStore, failing, losingAnswer, type TestStore } from '../../support/store.ts';

import { callsOf } from '../sweep/support.ts';

let store: TestStore;
let attempt: Attempt;
beforeEach(() => {
  store = createTestStore();
  attempt = startAttempt(store.ambient, {
    returnTo: '/' as LocalPath,
    scopes: [],
    replaces: null,
    hints: NO_HINTS,
    again: false,
  });
});

const consume = (which = attempt) => consumeAttempt(store, which);

describe('a sign-in attempt', () => {
  it('counts once, whichever instance meets it', async () => {
    expect(await consume()).toBe('consumed');
    expect(await consume()).toBe('already-used');
  });

  it('counts once of many at the same time', async () => {
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => consume()));
    expect(outcomes.filter((outcome) => outcome === 'consumed')).toHaveLength(1);
  });

  it('does not use up another', async () => {
    await consume();
    expect(await consume(startAttempt(store.ambient, attempt))).toBe('consumed');
  });

  it('is stored as a hash of its state, where the sweep finds it when it has expired', async () => {
    await consume();
    const [row] = store.tables.rows('expiries');
    expect(row?.partitionKey).toBe('2026-11-21T09');
    expect(row?.rowKey).toMatch(/^attempt~[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(attempt.state);
  });

  it('is not used where storage does not answer', async () => {
    failing(store, { table: 'expiries' });
    expect(await consume()).toMatchObject({ outcome: 'unavailable' });
  });

  it('is one call, and a second one only where its row is there already', async () => {
    const calls = callsOf(store);
    await consume();
    expect(calls).toEqual(['expiries.create']);
    await consume();
    expect(calls).toEqual(['expiries.create', 'expiries.create', 'expiries.read']);
  });

  it('counts for the callback whose repeated create finds its own row, and for no other', async () => {
    const { tables } = store;
    tables.before = async ({ partitionKey, rowKey = '', properties = {} }) => {
      tables.before = undefined;
      await tables.expiries.create({ partitionKey, rowKey }, properties);
      return undefined;
    };
    expect(await consume()).toBe('consumed');
    expect(await consume()).toBe('already-used');
  });

  it('is not used where nobody can tell whose row it is', async () => {
    await consume();
    failing(store, { table: 'expiries', name: 'read' });
    expect(await consume()).toMatchObject({ outcome: 'unavailable' });
  });

  it('whose answer was lost is used: in doubt, a code is redeemed once too seldom', async () => {
    losingAnswer(store, { table: 'expiries' });
    expect(await consume()).toMatchObject({ outcome: 'unavailable' });
    expect(await consume()).toBe('already-used');
  });
});
