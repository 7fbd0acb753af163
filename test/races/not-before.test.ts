import { describe, expect, it } from '@jest/globals';
import { beganBefore } from '../../shared/ambient/clock-skew.ts';
import { endEarlySessions } from '../../shared/sweep/end-early.ts';
import { beginRun } from '../../shared/sweep/run.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { type Exploration, exploreAll } from './explore.ts';
import { PARTITIONS } from './names.ts';
import { CAST, type Role, STANDING } from './scenarios.ts';
import { RACE_EPOCH } from './stage.ts';
import { storyOf } from './story.ts';
import type { Operation, Scenario } from './world.ts';

/** Between the beginnings of the two sessions that stand: the one goes, and the other stays. */
const NOT_BEFORE = RACE_EPOCH - 9.5 * MINUTE;

/** The sweep's walk, at an instance that was told that nothing counts which began before. */
const walking: Operation = {
  name: 'walk',
  partitions: [...PARTITIONS.keys()],
  mayEnd: ({ startedAt }) => beganBefore(startedAt, NOT_BEFORE),
  run: async ({ application }) => {
    const store = { ...application.store, sessionsNotBefore: NOT_BEFORE };
    const ended = await endEarlySessions(beginRun(store, { milliseconds: HOUR, notes: 100, page: 100 }));
    if (typeof ended === 'object') return { says: 'storage unavailable', storageFailed: true };
    // Whoever walks before it meets it, and else nobody has brought it back.
    return {
      says: ended,
      gone: ({ startedAt, broughtBy }) => broughtBy === undefined && beganBefore(startedAt, NOT_BEFORE),
    };
  },
};

const beside = (role: Role, more: Partial<Scenario> = {}): Scenario => ({
  name: `walk × ${role}`,
  standing: STANDING,
  operations: (tickets) => [walking, CAST[role](role, tickets, STANDING)],
  ...more,
});

const ROLES: readonly Role[] = [
  'sign-in',
  'sign-in of another sid',
  'sign-in instead',
  'refresh',
  'refresh of the other',
  'refresh of a dead token',
  'renewal',
  'confirmation',
  'own sign-out',
  'own sign-out of the session',
  'front-channel',
  'front-channel of the session',
  'sign-out of the account',
  'end of another session',
  'late retry',
];

function expectNone({ violation }: Exploration): void {
  expect(violation === null ? null : storyOf(violation.seed, violation.what, violation.story)).toBeNull();
}

describe('the walk of SESSIONS_NOT_BEFORE beside', () => {
  it.each(ROLES)('%s, in every order up to swaps of independent steps', async (role) => {
    const exploration = await exploreAll(beside(role), 2_000);
    expectNone(exploration);
    expect(exploration.exhaustive).toBe(true);
  });

  it.each(ROLES)('%s, with a fault or a crash', async (role) => {
    expectNone(await exploreAll(beside(role, { mishaps: { faults: 1, crashes: 0 } }), 20));
    expectNone(await exploreAll(beside(role, { mishaps: { faults: 0, crashes: 1 } }), 20));
  });
});
