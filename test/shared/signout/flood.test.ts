import { beforeEach, describe, expect, it } from '@jest/globals';
import { admit } from '../../../shared/account/admit.ts';
import { SETTLED_MINUTES } from '../../../shared/account/attempt-life.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../../../shared/ambient/clock-skew.ts';
import type { Application } from '../../../shared/application/application.ts';
import { createFloodBudgets, FLOOD_BUDGET_SIZES } from '../../../shared/signout/flood-budgets.ts';
import { signOutFrontChannel } from '../../../shared/signout/front-channel.ts';
import { retrySignOut } from '../../../shared/signout/retry.ts';
import { OP_METADATA, testApplication } from '../../support/application.ts';
import { HOUR, MINUTE } from '../../support/records.ts';
import { propertiesWith, signIn, signinOf } from '../../support/signins.ts';
import { ALICE, accountProperties, beforeOnce, failing } from '../../support/store.ts';

let { application, store, queue } = testApplication();
let operations: string[] = [];
beforeEach(() => {
  ({ application, store, queue } = testApplication());
  operations = [];
});

/** An instance with that much left of its budgets, and nothing that comes back within a test. */
function left({ tombstones = 0, reserve = 0, messages = 0 }: Partial<Record<string, number>>): Application {
  const size = (burst: number) => ({ burst, perMinute: 0 });
  const sizes = { tombstones: size(tombstones), reserve: size(reserve), messages: size(messages) };
  return { ...application, floodBudgets: createFloodBudgets(store.ambient.monotonic, sizes) };
}
const signOut = (instance: Application, sid: string) =>
  signOutFrontChannel(instance, OP_METADATA, sid, store.ambient.now());
const deliver = (instance: Application = application) => retrySignOut(instance, queue.take());
const tombstones = () => store.tables.rows('sids').filter(({ rowKey }) => rowKey === 'tombstone');
/** What is asked of storage from here on, in order. */
function record(): void {
  store.tables.before = ({ table, name, rowKey }) => {
    operations.push(`${name} ${table}${rowKey === 'tombstone' ? ' tombstone' : ''}`);
    return undefined;
  };
}

describe('a front-channel sign-out within the budget', () => {
  it('is buried before anything is looked up', async () => {
    record();
    expect(await signOut(application, 'unknown')).toMatchObject({ outcome: 'signed-out' });
    expect(operations[0]).toBe('create sids tombstone');
    expect(tombstones()).toHaveLength(1);
  });

  it('costs nothing of it where it ended something', async () => {
    const instance = left({ tombstones: 1 });
    for (const sid of ['sid-1', 'sid-2', 'sid-3']) {
      await signIn(store, { sid });
      expect(await signOut(instance, sid)).toMatchObject({ outcome: 'signed-out', receipt: { sessions: 1 } });
    }
    await signOut(instance, 'unknown');
    expect(await signOut(instance, 'unknown too')).toMatchObject({ outcome: 'unfinished' });
  });
});

describe('a front-channel sign-out over the budget', () => {
  it('looks first, and is carried out whole where a sign-in is found: no flood loses a real one', async () => {
    await signIn(store);
    record();
    expect(await signOut(left({}), 'sid-1')).toMatchObject({ outcome: 'signed-out', receipt: { sessions: 1 } });
    expect(operations.slice(0, 2)).toEqual(['list sids', 'read sids tombstone']);
    expect(operations).toContain('create sids tombstone');
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(queue.messages).toEqual([]);
  });

  it('writes its tombstone from the reserve where nobody is found: a sign-in under way is refused', async () => {
    const { admission } = signinOf(store);
    const instance = left({ reserve: 1 });
    expect(await signOut(instance, 'sid-1')).toMatchObject({ outcome: 'signed-out', receipt: { sessions: 0 } });
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is refused as not done, and writes nothing, beyond all budgets', async () => {
    expect(await signOut(left({}), 'unknown')).toEqual({ outcome: 'unfinished', reason: 'flood' });
    expect([store.tables.rows('sids'), store.tables.rows('expiries'), queue.messages]).toEqual([[], [], []]);
  });

  it('of one sid a thousand times over is one row, and uses up neither reserve nor messages', async () => {
    const instance = left({ tombstones: 1, reserve: 1, messages: 1 });
    for (let times = 0; times < 1_000; times += 1) {
      expect(await signOut(instance, 'unknown')).toMatchObject({ outcome: 'signed-out' });
      store.ambient.advance(1);
    }
    expect([store.tables.rows('sids').length, store.tables.rows('expiries').length]).toEqual([1, 1]);
    expect(tombstones()[0]?.properties.receivedAt).toEqual(new Date(store.ambient.now() - 1));
    expect([instance.floodBudgets.reserve.take(), instance.floodBudgets.messages.take()]).toEqual([true, true]);
  });

  it('pays for a tombstone that has to be noted in another hour', async () => {
    const instance = left({ tombstones: 1 });
    await signOut(instance, 'unknown');
    store.ambient.advance(HOUR);
    expect(await signOut(instance, 'unknown')).toMatchObject({ outcome: 'unfinished' });
    expect(store.tables.rows('expiries')).toHaveLength(1);
  });

  it('waits in the queue where storage cannot say whether anybody is known', async () => {
    await signIn(store);
    failing(store, { table: 'sids', name: 'list' });
    expect(await signOut(left({ reserve: 9, messages: 1 }), 'sid-1')).toMatchObject({ outcome: 'queued' });
    store.tables.before = undefined;
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 1 } });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('is finished from the queue, without any budget, where a sign-in is found and storage fails after that', async () => {
    await signIn(store);
    failing(store, { table: 'accounts', name: 'remove' });
    expect(await signOut(left({}), 'sid-1')).toMatchObject({ outcome: 'queued' });
    store.tables.before = undefined;
    expect(await deliver(left({}))).toMatchObject({ outcome: 'done', receipt: { sessions: 1 } });
  });

  it.each(Array.from({ length: 4 }, (_, before) => before))(
    'is never told as done while a sign-in that began before is let in, wherever that comes in: before step %i',
    async (step) => {
      const { admission } = signinOf(store);
      let steps = 0;
      store.tables.before = async () => {
        steps += 1;
        if (steps !== step + 1) return undefined;
        store.tables.before = undefined;
        await admit(store, admission);
        return undefined;
      };
      const attempted = await signOut(left({ reserve: 1 }), 'sid-1');
      store.tables.before = undefined;
      expect(attempted).toMatchObject({ outcome: 'signed-out' });
      expect(accountProperties(store, ALICE)).toBeNull();
    },
  );
});

describe('a sign-out that a flood has put into the queue', () => {
  const queued = async (sid = 'sid-1') => {
    expect(await signOut(left({ messages: 1 }), sid)).toMatchObject({ outcome: 'queued', reason: 'flood' });
  };
  const settle = () => store.ambient.advance(SETTLED_MINUTES * MINUTE + CLOCK_SKEW_MILLISECONDS);

  it('writes no tombstone, at no try, and is done when no sign-in can be under way any more', async () => {
    await queued();
    let tries = 0;
    let last = await deliver();
    for (; last.outcome === 'again'; tries += 1) {
      store.ambient.advance((queue.messages[0]?.delaySeconds ?? 0) * 1_000);
      last = await deliver();
    }
    expect(last).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    expect(store.ambient.now() - (last.outcome === 'done' ? last.receipt.receivedAt : 0)).toBeGreaterThan(
      SETTLED_MINUTES * MINUTE,
    );
    expect(tries).toBeLessThan(16);
    expect([store.tables.rows('sids'), store.tables.rows('expiries')]).toEqual([[], []]);
  });

  it('ends what was let in meanwhile and began before, and refuses it from then on', async () => {
    const { admission } = signinOf(store);
    const late = signinOf(store);
    await queued();
    store.ambient.advance(MINUTE);
    expect(await admit(store, admission)).toEqual({ outcome: 'admitted' });
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 1, tries: 1 } });
    expect(accountProperties(store, ALICE)).toBeNull();
    expect(await admit(store, late.admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
  });

  it('ends one that had only its index row by then', async () => {
    const { admission } = signinOf(store);
    await queued();
    let delivered: unknown;
    beforeOnce(store, { table: 'accounts', name: 'merge' }, async () => {
      delivered = await deliver();
    });
    expect(await admit(store, admission)).toMatchObject({ outcome: 'signed-out-meanwhile' });
    expect(delivered).toMatchObject({ outcome: 'done' });
    expect(accountProperties(store, ALICE)).toBeNull();
  });

  it('leaves who began after it came in', async () => {
    await queued();
    store.ambient.advance(MINUTE);
    const young = await signIn(store);
    expect(await deliver()).toMatchObject({ outcome: 'again' });
    settle();
    expect(await deliver()).toMatchObject({ outcome: 'done', receipt: { sessions: 0 } });
    expect(accountProperties(store, ALICE)).toEqual(propertiesWith(young));
  });

  it('is not done by a look that storage did not answer, however late', async () => {
    await queued();
    settle();
    failing(store, { table: 'sids', name: 'list' });
    expect(await deliver()).toMatchObject({ outcome: 'again' });
  });

  it('is a message whose size does not depend on what was sent', async () => {
    await queued('s');
    await queued('s'.repeat(512));
    const [short, long] = queue.messages.map(({ message }) => message.length);
    expect(Math.abs((long ?? 0) - (short ?? 0))).toBeLessThan(8);
    expect(long).toBeLessThan(1_024);
  });
});

describe('what a flood costs an instance in an hour', () => {
  it('is what the budgets say, and no more', async () => {
    const { tombstones: first, reserve, messages } = FLOOD_BUDGET_SIZES;
    const minutes = 60;
    for (let at = 0; at < minutes * 60; at += 1) {
      for (let burst = 0; burst < 10; burst += 1) await signOut(application, `unknown-${at}-${burst}`);
      store.ambient.advance(1_000);
    }
    const most = ({ burst, perMinute }: { burst: number; perMinute: number }) => burst + minutes * perMinute;
    expect(tombstones().length).toBeLessThanOrEqual(most(first) + most(reserve));
    expect(store.tables.rows('expiries').length).toBeLessThanOrEqual(most(first) + most(reserve));
    expect(queue.messages.length).toBeLessThanOrEqual(most(messages));
    expect(tombstones().length).toBeGreaterThan(minutes * first.perMinute);
  }, 60_000);
});
