import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DOORS } from '../../functions/doors/doors.ts';
import { backChannelSieges } from './doors/back-channel.ts';
import { directorySieges } from './doors/directory.ts';
import { frontChannelSieges } from './doors/front-channel.ts';
import { operatorSieges } from './doors/operator.ts';
import { ownSieges } from './doors/own.ts';
import { securityEventSieges } from './doors/security-events.ts';
import { sessionsSieges } from './doors/sessions.ts';
import { CASES_PER_CLASS } from './support/siege.ts';

/** What is asked for: a class and door, and over all. */
const CASES_MIN = 20;
const TOTAL_MIN = 2_000;
/** Any does: the same cases in every run. */
const SEED = 1;

interface Counted {
  readonly name: string;
  readonly classes: Readonly<Record<string, { readonly cases: fc.Arbitrary<{ readonly what: string }> }>>;
}

const SIEGES: Readonly<Record<string, readonly Counted[]>> = {
  own: ownSieges,
  sessions: sessionsSieges,
  'front-channel': frontChannelSieges,
  'back-channel': backChannelSieges,
  operator: operatorSieges,
  directory: directorySieges,
  'security-events': securityEventSieges,
};
/** One class at one door, in one of the ways in which that door can be set up. */
const CLASSES = Object.entries(SIEGES).flatMap(([door, sieges]) =>
  sieges.flatMap(({ name, classes }) => Object.entries(classes).map(([what, one]) => ({ door, name, what, ...one }))),
);
const total = CLASSES.length * CASES_PER_CLASS;
/** Without what a door is sent again where it is set up otherwise. */
const distinct = new Set(CLASSES.map(({ door, what }) => `${door}, ${what}`)).size * CASES_PER_CLASS;

it('every door is assailed', () => {
  expect(Object.keys(SIEGES)).toEqual(DOORS.map(({ door }) => door));
});

// That so many are met is held by each class's own test.
it(`${total} cases over all doors, ${distinct} of them for each door set up in one way`, () => {
  expect(CASES_PER_CLASS).toBeGreaterThanOrEqual(CASES_MIN);
  expect(distinct).toBeGreaterThanOrEqual(TOTAL_MIN);
});

it.each(
  Object.keys(SIEGES)
    .map((door) => [door, CLASSES.filter((one) => one.door === door)] as const)
    .map(([door, classes]) => ({ door, classes, count: classes.length, cases: classes.length * CASES_PER_CLASS })),
)('$door: $count classes, $cases cases, twenty of each class at the least unlike each other', ({ classes }) => {
  for (const { name, what, cases } of classes) {
    const unlike = new Set(fc.sample(cases, { numRuns: CASES_PER_CLASS, seed: SEED }).map((one) => one.what)).size;
    expect([name, what, unlike >= CASES_MIN]).toEqual([name, what, true]);
  }
});
