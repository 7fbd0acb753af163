import type { SessionTicket } from '../../shared/session/ticket.ts';
import { HOUR, MINUTE } from '../support/records.ts';
import { ALICE, BOB } from '../support/store.ts';
import { callingApi, signingIn, sweeping, type TokenCase } from './operations.ts';
import { seededRandom } from './random.ts';
import { endingSession } from './session-ends.ts';
import { endingAccount, endingSubject, hearingSignOut, type Scope, signingOut } from './sign-outs.ts';
import { familyAt, knownOf, type Standing } from './stage.ts';
import type { Known } from './told.ts';
import type { Operation, Scenario } from './world.ts';

/** Two sessions of Alice, from two OP sessions. */
export const STANDING: readonly Standing[] = [
  { account: ALICE, sid: 'sid-1', startedAfter: 0 },
  { account: ALICE, sid: 'sid-2', startedAfter: MINUTE },
];
/** The first of them is over and due: a sweep takes it. */
const DUE: readonly Standing[] = [{ account: ALICE, sid: 'sid-1', startedAfter: -10 * HOUR }, ...STANDING.slice(1)];
/** No clock is more than this ahead of another: under the two seconds that the rules allow. */
const SKEW_MILLISECONDS = 1_999;
/** How long ago a late retry was received: between the beginnings of the two that stand. */
const LATE_MILLISECONDS = 9.5 * MINUTE;

type Part = (name: string, tickets: readonly SessionTicket[], standing: readonly Standing[]) => Operation;

/** A part for whoever holds the cookie of the session that stands at a place. */
const holding =
  (place: number, part: (name: string, ticket: SessionTicket, session: Known) => Operation): Part =>
  (name, tickets, standing) => {
    const [ticket, session] = [tickets[place], standing[place]];
    if (!ticket || !session) throw new RangeError(`no session stands at ${place}`);
    return part(name, ticket, knownOf(ticket, session));
  };
const own = (place: number, scope: Scope, ago?: number): Part =>
  holding(place, (name, ticket, session) => signingOut(name, ticket, session, scope, ago));
const api = (place: number, token: TokenCase): Part =>
  holding(place, (name, ticket, session) => callingApi(name, ticket, session, familyAt(place), token));

/** Whoever holds the second session that stands ends the first. */
const endOfAnother: Part = (name, tickets, standing) => {
  const [named, asker] = tickets;
  const [session] = standing;
  if (!named || !asker || !session) throw new RangeError('no two sessions stand');
  return endingSession(name, asker, knownOf(named, session));
};

/** Who can take part in a race. */
export const CAST = {
  'sign-in': (name) => signingIn(name, 'alice.contoso', 'sid-1'),
  'sign-in of another sid': (name) => signingIn(name, 'alice.contoso', 'sid-3'),
  'sign-in without sid': (name) => signingIn(name, 'alice.contoso', null),
  'sign-in instead': (name, tickets) => signingIn(name, 'alice.contoso', 'sid-1', tickets[0] ?? null),
  'sign-in instead, of another sid': (name, tickets) => signingIn(name, 'alice.contoso', 'sid-3', tickets[0] ?? null),
  'sign-in of bob': (name, tickets) => signingIn(name, 'bob.contoso', 'sid-1', tickets[0] ?? null),
  refresh: api(0, 'expired'),
  'refresh of the other': api(1, 'expired'),
  'refresh of a dead token': api(0, 'revoked'),
  renewal: api(0, 'in memory'),
  'refresh ahead': api(0, 'due'),
  confirmation: api(0, 'unconfirmed'),
  replacement: api(0, 'refused'),
  'own sign-out': own(0, 'account'),
  'own sign-out of the session': own(0, 'session'),
  'front-channel': (name) => hearingSignOut(name, 'sid-1', 'account', { door: 'front-channel' }),
  'front-channel of the session': (name) => hearingSignOut(name, 'sid-1', 'session', { door: 'front-channel' }),
  'front-channel in a flood': (name) => hearingSignOut(name, 'sid-1', 'account', { door: 'flood' }),
  'back-channel': (name) => hearingSignOut(name, 'sid-1', 'account', { door: 'back-channel', ago: 3_000 }),
  'sign-out of the account': (name) => endingAccount(name),
  'sign-out of the subject': (name) => endingSubject(name, 3_000),
  'end of another session': endOfAnother,
  'late retry': (name) => hearingSignOut(name, 'sid-1', 'account', { door: 'retry', ago: LATE_MILLISECONDS }),
  'late retry of an own sign-out': own(0, 'account', LATE_MILLISECONDS),
  sweep: (name) => sweeping(name),
} as const satisfies Record<string, Part>;
export type Role = keyof typeof CAST;

/** The same role twice takes part as two. */
export function scenario(roles: readonly Role[], more: Partial<Omit<Scenario, 'operations'>> = {}): Scenario {
  const sweeps = roles.includes('sweep');
  const standing = more.standing ?? (sweeps ? DUE : STANDING);
  return {
    name: roles.join(' × '),
    ...more,
    standing,
    sweeps,
    operations: (tickets) =>
      roles.map((role, place) => {
        const twin = roles.indexOf(role) !== place || roles.lastIndexOf(role) !== place;
        return (CAST[role] as Part)(twin ? `${role} ${place + 1}` : role, tickets, standing);
      }),
  };
}

/** All but the one that is of interest only where an account has two places. */
const ROLES = (Object.keys(CAST) as Role[]).filter((role) => role !== 'sign-in instead, of another sid');

/** Every pair of roles, and each role with itself. */
const PAIRS: readonly (readonly [Role, Role])[] = ROLES.flatMap((one, place) =>
  ROLES.slice(place).map((other): [Role, Role] => [one, other]),
);

/** Each pair, with clocks that are right, and nothing that goes wrong. */
export const plainPairs = (): Scenario[] => PAIRS.map((pair) => scenario(pair));

/** Each pair with either clock ahead, where nobody was signed in, while time passes, and with one mishap. */
export function disturbedPairs(): Scenario[] {
  return PAIRS.flatMap((pair) => {
    const name = pair.join(' × ');
    return [
      scenario(pair, { name: `${name}, first ahead`, skews: [SKEW_MILLISECONDS, 0] }),
      scenario(pair, { name: `${name}, second ahead`, skews: [0, SKEW_MILLISECONDS] }),
      scenario(pair, { name: `${name}, nobody signed in`, standing: [] }),
      scenario(pair, { name: `${name}, 5 s pass`, passing: [5_000] }),
      scenario(pair, { name: `${name}, one crash`, mishaps: { faults: 0, crashes: 1 } }),
      scenario(pair, { name: `${name}, one fault`, mishaps: { faults: 1, crashes: 0 } }),
    ].filter(({ standing }) => standing.length > 0 || pair.every((role) => needsNobody(role)));
  });
}

/** Whether a role is there without any session that stands. */
function needsNobody(role: Role): boolean {
  return [
    'sign-in',
    'sign-in of another sid',
    'sign-in without sid',
    'front-channel',
    'front-channel in a flood',
    'sign-out of the account',
    'sign-out of the subject',
    'late retry',
  ].includes(role);
}

const STANDING_AT_RANDOM: readonly (readonly Standing[])[] = [
  STANDING,
  [...STANDING, { account: BOB, sid: 'sid-1', startedAfter: 2 * MINUTE }],
  [...STANDING, { account: ALICE, sid: 'sid-1', startedAfter: 2 * MINUTE }],
  [
    { account: ALICE, sid: null, startedAfter: 0 },
    { account: ALICE, sid: 'sid-1', startedAfter: MINUTE },
  ],
];

/** Three to eight at once, with clocks, time and mishaps by lot. */
export function randomScenario(seed: number): Scenario {
  const random = seededRandom(seed);
  const upTo = (count: number): number => Math.floor(random() * count);
  const roles = Array.from({ length: 3 + upTo(6) }, () => ROLES[upTo(ROLES.length)] ?? 'sign-in');
  const standing = STANDING_AT_RANDOM[upTo(STANDING_AT_RANDOM.length)] ?? STANDING;
  return scenario(roles, {
    name: `random ${seed}`,
    standing,
    skews: roles.map(() => upTo(SKEW_MILLISECONDS + 1)),
    passing: [1_000, 2_500, 20_000].slice(0, upTo(4)),
    ...(random() < 0.7 && { mishaps: { faults: upTo(3), crashes: upTo(2) } }),
  });
}
