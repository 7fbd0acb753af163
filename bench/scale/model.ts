import { ACTIVITIES, type Activity, type Behaviour, timesADay } from './behaviour.ts';
import { LIMITS } from './limits.ts';

/** What the simulation has measured, of the real code. */
export interface Measured {
  /** Storage calls of each activity, each time; a sweep's for a session, without what a run costs whatever is due. */
  readonly calls: Readonly<Record<Activity, number>>;
  /** Of those that go into one hour's partition of `expiries`, that of now, for a sign-in and for a sign-out. */
  readonly expiriesNow: Readonly<Record<'sign-in' | 'sign-out', number>>;
  /** Notes that a sweep clears away for a session, and the calls that one takes, one after the other. */
  readonly notesASession: number;
  readonly tripsANote: number;
  /** Stored at most, of an account. */
  readonly bytesAnAccount: number;
  readonly rowsAnAccount: number;
}

/** What so many accounts take. */
export interface Scale {
  readonly accounts: number;
  readonly apiCallsPeak: number;
  readonly operationsPeak: number;
  readonly transactionsAMonth: number;
  readonly bytes: number;
  /** Storage accounts, by all operations, and by the hour of `expiries` into which everybody writes. */
  readonly placesByOperations: number;
  readonly placesByPartition: number;
  /** Instances, by the CPU of the calls, and by how many an instance has at once. */
  readonly instancesByCpu: number;
  readonly instancesByConcurrency: number;
  /** Notes that fall due in an hour, and those that the sweeps of as many places as it takes get through in one, on one instance. */
  readonly notesAnHour: number;
  readonly sweptAnHour: number;
  /** Calls of storage that the sweep has to make a second on average, all told. */
  readonly sweepOperations: number;
}

const SECONDS_A_DAY = 24 * 60 * 60;
const DAYS_A_MONTH = 30;
const CPU_MILLISECONDS_A_CALL = LIMITS.cpuMillisecondsACall.value + LIMITS.platformCpuMillisecondsACall.value;
/** As `shared/sweep/sweep.ts` and the timer have it. */
const SWEEP = { notesAtOnce: 8, notesARun: 100_000, secondsARun: 240, runsAnHour: 6 };
/** Of its storage calls a second: those that the one instance on which a timer runs makes on average. It sweeps for a part of the time alone. */
const SWEEP_OPERATIONS = (LIMITS.sweepOperations.value * SWEEP.secondsARun * SWEEP.runsAnHour) / 3_600;

/** Notes that the sweep of one place gets through in an hour. */
function sweptAtAPlace({ tripsANote }: Measured): number {
  const notesASecond = SWEEP.notesAtOnce / ((tripsANote * LIMITS.tripMilliseconds.value) / 1_000);
  return Math.min(SWEEP.notesARun, notesASecond * SWEEP.secondsARun) * SWEEP.runsAnHour;
}

/** Extrapolates. Everything grows with the accounts; nothing that is done for one grows with the others. */
export function scaleOf(accounts: number, behaviour: Behaviour, measured: Measured): Scale {
  const times = timesADay(behaviour);
  const callsADay =
    ACTIVITIES.reduce((sum, activity) => sum + times[activity] * measured.calls[activity], 0) * accounts;
  const peak = (aDay: number): number => (aDay / SECONDS_A_DAY) * behaviour.peakFactor;
  const operationsPeak = peak(callsADay);
  const apiCallsPeak = peak(times.call * accounts);
  const { 'sign-in': bySignIn, 'sign-out': bySignOut } = measured.expiriesNow;
  const hourPeak = peak((times['sign-in'] * bySignIn + times['sign-out'] * bySignOut) * accounts);
  const planned = (limit: number): number => limit * LIMITS.usage.value;
  const placesByOperations = Math.ceil(operationsPeak / planned(LIMITS.account.value));
  const placesByPartition = Math.ceil(hourPeak / planned(LIMITS.partition.value));
  const notesAnHour = (times.sweep * measured.notesASession * accounts) / 24;
  return {
    accounts,
    apiCallsPeak,
    operationsPeak,
    transactionsAMonth: callsADay * DAYS_A_MONTH,
    bytes: measured.bytesAnAccount * accounts,
    placesByOperations,
    placesByPartition,
    instancesByCpu: Math.ceil((apiCallsPeak * CPU_MILLISECONDS_A_CALL) / 1_000 / planned(LIMITS.coresAnInstance.value)),
    instancesByConcurrency: Math.ceil(
      (apiCallsPeak * LIMITS.callMilliseconds.value) / 1_000 / planned(LIMITS.concurrency.value),
    ),
    notesAnHour,
    sweptAnHour: Math.min(
      sweptAtAPlace(measured) * placesFor({ placesByOperations, placesByPartition }),
      (SWEEP_OPERATIONS / measured.tripsANote) * 3_600,
    ),
    sweepOperations: (notesAnHour * measured.tripsANote) / 3_600,
  };
}

/** How many storage accounts that takes: whichever wall comes first. */
export function placesFor({
  placesByOperations,
  placesByPartition,
}: Pick<Scale, 'placesByOperations' | 'placesByPartition'>): number {
  return Math.max(placesByOperations, placesByPartition);
}

/** How many accounts it takes to reach each wall, of one storage account and one function app. */
export interface Wall {
  readonly accounts: number;
  readonly what: string;
  readonly mended: string;
}

/** The walls, the first one first. */
export function walls(behaviour: Behaviour, measured: Measured): readonly Wall[] {
  const one = scaleOf(1_000_000, behaviour, measured);
  const whole = (used: number, limit: number): number => (1_000_000 * limit) / used;
  const { account, partition, usage, instances, coresAnInstance, concurrency, callMilliseconds } = LIMITS;
  const { 'sign-in': bySignIn, 'sign-out': bySignOut } = measured.expiriesNow;
  const times = timesADay(behaviour);
  const hourPeak =
    ((times['sign-in'] * bySignIn + times['sign-out'] * bySignOut) * 1_000_000 * behaviour.peakFactor) / SECONDS_A_DAY;
  return [
    {
      accounts: whole(one.operationsPeak, account.value * usage.value),
      what: 'operations of one storage account',
      mended: 'a second storage account; each further one carries as much',
    },
    {
      accounts: whole(one.notesAnHour, sweptAtAPlace(measured)),
      what: 'what the sweep of one storage account clears away in an hour',
      mended: 'further storage accounts: each is swept beside the others',
    },
    {
      accounts: whole(hourPeak, partition.value * usage.value),
      what: 'one hour of `expiries` in one storage account',
      mended: 'further storage accounts: each has an hour of its own',
    },
    {
      accounts: whole(one.sweepOperations, SWEEP_OPERATIONS),
      what: 'the one instance on which the sweep runs',
      mended:
        'nothing as yet: it falls behind in quiet safety, and costs room; a timer for each storage account would mend it',
    },
    {
      accounts: whole(
        (one.apiCallsPeak * callMilliseconds.value) / 1_000,
        instances.value * concurrency.value * usage.value,
      ),
      what: 'calls at once on the instances of one function app',
      mended: 'more of them at once on each, a setting of the app; or a second function app',
    },
    {
      accounts: whole(
        (one.apiCallsPeak * CPU_MILLISECONDS_A_CALL) / 1_000,
        instances.value * coresAnInstance.value * usage.value,
      ),
      what: 'CPU of the instances of one function app',
      mended: 'a second function app over the same storage accounts and keys, for example of another region',
    },
  ].toSorted((a, b) => a.accounts - b.accounts);
}
