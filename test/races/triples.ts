import { type Role, STANDING, scenario } from './scenarios.ts';
import type { Scenario } from './world.ts';

/** Three at once, where two are not enough to come between each other. */
const ROLES: readonly (readonly Role[])[] = [
  ['sign-in', 'front-channel', 'late retry'],
  ['sign-in', 'own sign-out', 'back-channel'],
  ['sign-in', 'front-channel', 'sweep'],
  ['sign-in', 'sign-in of another sid', 'sign-out of the account'],
  ['sign-in', 'sign-in of another sid', 'sign-out of the subject'],
  ['sign-in instead', 'end of another session', 'front-channel of the session'],
  ['sign-out of the account', 'sign-out of the subject', 'sign-in'],
  ['sign-in', 'late retry of an own sign-out', 'refresh of a dead token'],
  ['sign-in instead', 'refresh', 'front-channel'],
  ['refresh', 'refresh', 'own sign-out'],
  ['refresh ahead', 'refresh', 'front-channel of the session'],
  ['confirmation', 'renewal', 'own sign-out of the session'],
  ['refresh', 'renewal', 'front-channel'],
];

export const triples = (): Scenario[] => ROLES.map((roles) => scenario(roles));

/** Found by the explorer: a cookie was taken for dead by a clock that was ahead, and what had just taken its place stood on. */
export const replacedByAnotherClock = (): Scenario[] =>
  (['own sign-out', 'own sign-out of the session'] as const).map((role) =>
    scenario(['sign-in instead', role], { name: `regression: ${role} of a replaced cookie`, skews: [0, 1_999] }),
  );

/** Found by the explorer: the retry saw no account, and a sign-in that had looked before it made one. */
export const retryOfGoneAccount = (): Scenario =>
  scenario(['own sign-out', 'refresh of a dead token', 'sign-in'], {
    name: 'regression: retry of an own sign-out whose account had gone',
    standing: STANDING.slice(0, 1),
    mishaps: { faults: 1, crashes: 0 },
  });
