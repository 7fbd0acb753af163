import type { Places } from '../../shared/store/places.ts';
import type { Moving, Phase, PlaceName } from './moving.ts';
import { type Role, scenario } from './scenarios.ts';
import type { Scenario } from './world.ts';

/** Two instances of which one has come a step further than the other, or as far: each step is over before the next begins. */
const STEPS: readonly (readonly [Phase, Phase, readonly PlaceName[]])[] = [
  ['before', 'about to move', ['old', 'old']],
  ['about to move', 'moving', ['old', 'new']],
  ['about to move', 'moving', ['new', 'old']],
  // Most of the time both have come as far: the one writes elsewhere than where the sessions stand.
  ['moving', 'moving', ['old', 'new']],
  // What stood at the old place has run out.
  ['moving', 'moved', ['new', 'new']],
];

/** Who can come between each other where an account stands at two places. */
const PAIRS: readonly (readonly [Role, Role])[] = [
  ['sign-in', 'front-channel'],
  ['sign-in', 'front-channel of the session'],
  ['sign-in', 'own sign-out'],
  ['sign-in', 'own sign-out of the session'],
  ['sign-in', 'sign-out of the account'],
  ['sign-in', 'sign-out of the subject'],
  ['sign-in', 'front-channel in a flood'],
  ['sign-in', 'late retry'],
  ['sign-in', 'sign-in'],
  ['sign-in without sid', 'own sign-out'],
  ['sign-in instead', 'own sign-out'],
  ['sign-in instead', 'own sign-out of the session'],
  ['sign-in instead', 'end of another session'],
  ['sign-in instead', 'front-channel of the session'],
  ['sign-in instead', 'refresh'],
  ['sign-in instead, of another sid', 'own sign-out'],
  ['sign-in instead, of another sid', 'own sign-out of the session'],
  ['sign-in instead, of another sid', 'end of another session'],
  ['refresh', 'refresh'],
  ['refresh', 'front-channel'],
  ['refresh', 'own sign-out of the session'],
  ['refresh', 'sign-in'],
  ['refresh of a dead token', 'sign-in'],
  ['renewal', 'own sign-out'],
  ['renewal', 'end of another session'],
  ['front-channel', 'own sign-out'],
  ['end of another session', 'own sign-out of the session'],
  ['sweep', 'sign-in'],
  ['sweep', 'front-channel'],
];

const named = (name: string, [one, other]: readonly [Phase, Phase], at: readonly PlaceName[]): string =>
  `${name}, ${one} and ${other}, at ${at.join(' and ')}`;

function whileMoving(roles: readonly Role[], moving: Moving, more: Partial<Scenario> = {}): Scenario {
  const { phases, standingAt } = moving;
  const [one = 'before', other = 'before'] = phases;
  return scenario(roles, { name: named(roles.join(' × '), [one, other], standingAt), moving, ...more });
}

/** Each pair, either way round, in each step of a move; or only where an account stands at two places. */
export const movingPairs = (steps: 'all' | 'crossing' = 'all'): Scenario[] =>
  PAIRS.flatMap((pair) =>
    STEPS.filter(([one, other]) => steps === 'all' || (one !== 'before' && other === 'moving')).flatMap(
      ([one, other, standingAt]) => [
        whileMoving(pair, { phases: [one, other], standingAt }),
        ...(one === other ? [] : [whileMoving(pair, { phases: [other, one], standingAt })]),
      ],
    ),
  );

/** The same, each with one crash or one fault. */
export const disturbedMovingPairs = (steps?: 'crossing'): Scenario[] =>
  movingPairs(steps).flatMap((plain) => [
    { ...plain, name: `${plain.name}, one crash`, mishaps: { faults: 0, crashes: 1 } },
    { ...plain, name: `${plain.name}, one fault`, mishaps: { faults: 1, crashes: 0 } },
  ]);

export interface MovingBug {
  readonly bug: string;
  readonly scenario: Scenario;
}

const STEP: Moving = { phases: ['moving', 'about to move'], standingAt: ['old', 'new'] };
const isIndex = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

/** An operation that looks for some keys only where it would write them. */
function atHomeAlone(places: Places, keys: (key: string) => boolean): Places {
  return {
    ...places,
    of: (key) => {
      const all = places.of(key);
      return keys(key) ? [all[0]] : all;
    },
  };
}

const bug = (text: string, made: Scenario): MovingBug => ({
  bug: text,
  scenario: { ...made, name: `planted: ${text}` },
});

/** What must not be left out of the protocol of a move, each left out. */
export const MOVING_BUGS: readonly MovingBug[] = [
  bug(
    'a sign-out that reaches only where new sessions are written',
    whileMoving(['sign-in', 'own sign-out'], STEP, {
      spoilPlaces: (places, { signsOut }) => (signsOut ? atHomeAlone(places, (key) => !isIndex(key)) : places),
    }),
  ),
  bug(
    'a sign-in that looks for tombstones only where it would write them',
    whileMoving(['sign-in', 'front-channel'], STEP, {
      standing: [],
      spoilPlaces: (places, { signsIn }) => (signsIn ? atHomeAlone(places, isIndex) : places),
    }),
  ),
  bug(
    'a sign-out that lists the sign-ins of one place only',
    whileMoving(['sign-in', 'front-channel of the session'], STEP, {
      spoilPlaces: (places, { signsOut }) => (signsOut ? atHomeAlone(places, isIndex) : places),
    }),
  ),
  bug(
    'a browser’s earlier session left at the other place',
    whileMoving(['sign-in instead', 'renewal'], STEP, {
      spoilPlaces: (places, { signsIn }) => (signsIn ? atHomeAlone(places, (key) => !isIndex(key)) : places),
    }),
  ),
  bug(
    'a step left out: one instance moves before another knows of the new place',
    whileMoving(['sign-in', 'own sign-out'], { phases: ['moving', 'before'], standingAt: ['old', 'old'] }),
  ),
  bug(
    'a step left out: one instance has forgotten the old place while another writes there',
    whileMoving(['sign-in', 'front-channel of the session'], {
      phases: ['about to move', 'moved'],
      standingAt: ['new', 'new'],
    }),
  ),
  bug(
    'a step back too many: the new place forgotten before what was made there has run out',
    whileMoving(['renewal', 'front-channel'], { phases: ['about to move', 'before'], standingAt: ['new', 'new'] }),
  ),
  bug(
    'the old place forgotten before its sessions have run out',
    whileMoving(['renewal', 'front-channel'], { phases: ['moving', 'moved'], standingAt: ['old', 'old'] }),
  ),
];
