import { beforeEach, describe, expect, it } from '@jest/globals';
import { accountKey } from '../../../shared/account/account-key.ts';
import { SWEEP_LIMITS, sweep } from '../../../shared/sweep/sweep.ts';
import { MINUTE } from '../../support/records.ts';
import { signIn } from '../../support/signins.ts';
import { CLIENT_ID, createTestStore, failing, type TestStore } from '../../support/store.ts';
import { noteKinds, SETTLES_WITHIN, useAttempt } from './support.ts';

let store: TestStore;
beforeEach(() => {
  store = createTestStore();
});

async function useAttempts(count: number): Promise<void> {
  for (let attempt = 0; attempt < count; attempt += 1) await useAttempt(store, String(attempt));
}

/** So many have a session that SESSIONS_NOT_BEFORE refuses, and so many attempts are due. */
async function fill(accounts: number, attempts: number): Promise<TestStore> {
  for (let at = 0; at < accounts; at += 1) await signIn(store, { account: accountKey(`person-${at}`, CLIENT_ID) });
  await useAttempts(attempts);
  store.ambient.advance(MINUTE);
  const sessionsNotBefore = store.ambient.now();
  store.ambient.advance(SETTLES_WITHIN);
  return { ...store, sessionsNotBefore };
}

const attempts = (): number => noteKinds(store).filter((kind) => kind === 'attempt').length;

describe('a walk of SESSIONS_NOT_BEFORE that takes more than one run', () => {
  it('does not keep what is due from being swept in any of them', async () => {
    const instance = await fill(80, 80);
    const limits = { ...SWEEP_LIMITS, notes: 32, page: 16 };
    for (const left of [64, 48, 32]) {
      expect(await sweep(instance, limits)).toMatchObject({ outcome: 'more', counts: { sessions: 16, notes: 16 } });
      expect([store.tables.rows('accounts').length, attempts()]).toEqual([left, left]);
    }
  });

  it('has of a run what the sweep does not need, and leaves it what the walk does not need', async () => {
    const instance = await fill(40, 8);
    const limits = { ...SWEEP_LIMITS, notes: 32, page: 16 };
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'more', counts: { sessions: 24, notes: 8 } });
    await useAttempts(40);
    store.ambient.advance(SETTLES_WITHIN);
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'more', counts: { sessions: 16, notes: 16 } });
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'swept', counts: { sessions: 0, notes: 24 } });
  });

  it('shares a run’s time with what is due, and the run is over in time', async () => {
    const instance = await fill(80, 80);
    store.tables.after = ({ name }) => {
      if (name === 'remove') store.ambient.advance(1_000);
      return undefined;
    };
    const began = store.ambient.monotonic();
    const limits = { ...SWEEP_LIMITS, milliseconds: 32_000 };
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'more', counts: { sessions: 16, notes: 16 } });
    expect(store.ambient.monotonic() - began).toBe(32_000);
  });

  it('does not hide from a run’s outcome that storage broke off what is due', async () => {
    const instance = await fill(80, 80);
    failing(store, { table: 'expiries', name: 'list' });
    const limits = { ...SWEEP_LIMITS, notes: 32, page: 16 };
    expect(await sweep(instance, limits)).toMatchObject({ outcome: 'unavailable', counts: { sessions: 16, notes: 0 } });
  });
});
