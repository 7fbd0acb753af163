import { describe, expect, it } from '@jest/globals';
import { createBudget } from '../../../shared/ambient/budget.ts';
import { createTestAmbient, TEST_EPOCH } from '../../support/ambient.ts';

const SIZE = { burst: 3, perMinute: 60 };
const drain = (budget: { take(): boolean }): number => {
  let taken = 0;
  while (budget.take()) taken += 1;
  return taken;
};

describe('a budget', () => {
  it('gives its burst at once, and no more', () => {
    expect(drain(createBudget(SIZE, createTestAmbient().monotonic))).toBe(3);
  });

  it('fills again as time passes, one by one, and never beyond the burst', () => {
    const ambient = createTestAmbient();
    const budget = createBudget(SIZE, ambient.monotonic);
    drain(budget);
    ambient.advance(999);
    expect(budget.take()).toBe(false);
    ambient.advance(1);
    expect([budget.take(), budget.take()]).toEqual([true, false]);
    ambient.advance(3_600_000);
    expect(drain(budget)).toBe(3);
  });

  it('counts every part of a time, however often it is asked', () => {
    const ambient = createTestAmbient();
    const budget = createBudget(SIZE, ambient.monotonic);
    drain(budget);
    let taken = 0;
    for (let step = 0; step < 600; step += 1) {
      ambient.advance(100);
      if (budget.take()) taken += 1;
    }
    expect(taken).toBeGreaterThanOrEqual(59);
    expect(taken).toBeLessThanOrEqual(60);
  });

  it('does not go by the wall clock, which may be set', () => {
    const ambient = createTestAmbient();
    const budget = createBudget(SIZE, ambient.monotonic);
    drain(budget);
    ambient.setWallClock(TEST_EPOCH + 3_600_000);
    expect(budget.take()).toBe(false);
  });

  it('takes back what was taken for nothing, up to the burst', () => {
    const budget = createBudget(SIZE, createTestAmbient().monotonic);
    budget.giveBack();
    expect(drain(budget)).toBe(3);
    budget.giveBack();
    expect(drain(budget)).toBe(1);
  });
});
