import { ACTIVITIES, type Behaviour, timesADay } from './behaviour.ts';
import { LIMITS } from './limits.ts';
import { number, percent, table } from './markdown.ts';
import { type Measured, placesFor, type Scale, scaleOf, walls } from './model.ts';
import type { Shares } from './shares.ts';

/** All that a run has found out, to be kept beside the document that is made from it. */
export interface Found {
  readonly simulated: { readonly accounts: number; readonly days: number; readonly behaviour: Behaviour };
  readonly measured: Measured;
  readonly moves: readonly Move[];
  readonly shares: readonly Shares[];
}

/** A simulated move from some storage accounts to one more. */
export interface Move {
  readonly from: number;
  readonly to: number;
  readonly sessions: number;
  readonly calls: number;
  readonly lost: number;
  readonly kept: number;
  readonly rowsLeft: number;
  /** Storage calls an API call, without a move, and over the days of it. */
  readonly callsEach: number;
  readonly callsEachMoving: number;
}

const ACCOUNTS = [10_000, 1_000_000, 100_000_000];
const GIBIBYTE = 1024 ** 3;

/** The document's tables, by the heading that each stands under. */
export function tablesOf(found: Found): ReadonlyMap<string, string> {
  const { measured, simulated } = found;
  const scales = ACCOUNTS.map((accounts) => scaleOf(accounts, simulated.behaviour, measured));
  return new Map([
    ['behaviour', behaviourTable(simulated.behaviour)],
    [
      'limits',
      table(
        ['', 'figure', ''],
        Object.values(LIMITS).map(({ value, what, source }) => [what, number(value), source]),
      ),
    ],
    ['measured', measuredTable(found)],
    ['scale', scaleTable(scales)],
    ['walls', wallsTable(found)],
    ['shares', sharesTable(found.shares)],
    ['moves', movesTable(found.moves)],
  ]);
}

function behaviourTable(behaviour: Behaviour): string {
  return table(
    ['assumed', ''],
    [
      ['sign-ins of an account a day', number(behaviour.signInsADay)],
      ['API calls of a session', number(behaviour.callsASession)],
      ['hours for which a session is in use', number(behaviour.hoursInUse)],
      ['sessions that end by their own sign-out', percent(behaviour.ownSignOuts)],
      ['sessions that end by a sign-out that the OP tells of', percent(behaviour.signOutsByOp)],
      ['the busiest second, in average ones', number(behaviour.peakFactor)],
    ],
  );
}

function measuredTable({ measured, simulated }: Found): string {
  const times = timesADay(simulated.behaviour);
  const rows = ACTIVITIES.map((activity) => {
    const [each, aDay] = [measured.calls[activity], times[activity]];
    return [activity === 'sweep' ? 'sweep, a session' : activity, number(each), number(aDay), number(each * aDay)];
  });
  const sum = ACTIVITIES.reduce((total, activity) => total + measured.calls[activity] * times[activity], 0);
  return table(
    ['', 'storage calls each', 'times a day', 'storage calls an account and day'],
    [...rows, ['all', '', '', number(sum)]],
  );
}

function scaleTable(scales: readonly Scale[]): string {
  const row = (name: string, show: (scale: Scale) => string): readonly string[] => [name, ...scales.map(show)];
  return table(
    ['accounts', ...scales.map(({ accounts }) => number(accounts))],
    [
      row('API calls a second, peak', ({ apiCallsPeak }) => number(apiCallsPeak)),
      row('storage operations a second, peak', ({ operationsPeak }) => number(operationsPeak)),
      row('storage transactions a month', ({ transactionsAMonth }) => number(transactionsAMonth)),
      row('stored, GiB', ({ bytes }) => number(bytes / GIBIBYTE)),
      row('storage accounts, by operations', ({ placesByOperations }) => number(placesByOperations)),
      row('storage accounts, by the hour of `expiries`', ({ placesByPartition }) => number(placesByPartition)),
      row('**storage accounts**', (scale) => `**${number(placesFor(scale))}**`),
      row('instances, by CPU', ({ instancesByCpu }) => number(instancesByCpu)),
      row('instances, by calls at once', ({ instancesByConcurrency }) => number(instancesByConcurrency)),
      row('notes that fall due an hour', ({ notesAnHour }) => number(notesAnHour)),
      row('notes that the sweep could clear an hour, at so many storage accounts, on one instance', ({ sweptAnHour }) =>
        number(sweptAnHour),
      ),
      row('storage operations a second of the sweep', ({ sweepOperations }) => number(sweepOperations)),
    ],
  );
}

function wallsTable({ measured, simulated }: Found): string {
  return table(
    ['accounts', 'the wall', 'behind it'],
    walls(simulated.behaviour, measured).map(({ accounts, what, mended }) => [number(accounts), what, mended]),
  );
}

function sharesTable(shares: readonly Shares[]): string {
  return table(
    ['storage accounts', 'smallest share', 'largest share', 'moves to one more', 'fair', 'moves elsewhere'],
    shares.map(({ places, least, most, moved, astray }) => [
      number(places),
      least.toFixed(3),
      most.toFixed(3),
      percent(moved),
      percent(1 / (places + 1)),
      number(astray),
    ]),
  );
}

function movesTable(moves: readonly Move[]): string {
  return table(
    [
      'from',
      'to',
      'sessions',
      'API calls',
      'signed out by it',
      'signed in after a sign-out',
      'rows left',
      'storage calls an API call',
      'the same without a move',
    ],
    moves.map((move) => [
      ...[move.from, move.to, move.sessions, move.calls, move.lost, move.kept, move.rowsLeft].map(number),
      move.callsEachMoving.toFixed(3),
      move.callsEach.toFixed(3),
    ]),
  );
}
