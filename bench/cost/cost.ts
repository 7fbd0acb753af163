import { type Behaviour, timesADay } from '../scale/behaviour.ts';
import { LIMITS } from '../scale/limits.ts';
import { type Measured, scaleOf } from '../scale/model.ts';
import { ASSUMED, type Telemetry } from './assumed.ts';
import { FREE, PRICES } from './prices.ts';

/** What a month of so many accounts uses, in the units that are billed. */
export interface Usage {
  readonly accounts: number;
  readonly executions: number;
  readonly gibibyteSeconds: number;
  readonly transactions: number;
  readonly gibibytesStored: number;
  readonly gigabytesSent: number;
  readonly gigabytesLogged: number;
  /** What storage logs of every call of the tables would add, were they on. */
  readonly gigabytesOfStorageLog: number;
}

/** The bill, in dollars a month. */
export interface Bill {
  readonly functions: number;
  readonly tables: number;
  readonly sent: number;
  readonly logged: number;
  readonly alerts: number;
  readonly sum: number;
}

const SECONDS_A_DAY = 24 * 60 * 60;
export const DAYS_A_MONTH = 30;
const KILOBYTES_A_GIGABYTE = 1e6;
const GIBIBYTE = 1024 ** 3;

/**
 * How many instances are billed at once on average, while calls come at this rate: those that it takes, and never less than
 * the share of the time in which at least one call of the last billed second is about (calls come when they like: Poisson).
 *
 * @param callsASecond of all kinds
 */
export function billedInstances(callsASecond: number): number {
  const { concurrency, callMilliseconds, usage } = LIMITS;
  const atOnce = (callsASecond * callMilliseconds.value) / 1_000;
  const busy = 1 - Math.exp(-callsASecond * ASSUMED.billedSecondsLeast.value);
  return Math.max(busy, atOnce / (concurrency.value * usage.value));
}

/**
 * What a month uses. All calls are taken to come in a part of the day, at the rate of the busiest second; were they spread
 * over all of it, few accounts would have an instance at work for longer.
 */
export function usageOf(accounts: number, behaviour: Behaviour, measured: Measured, telemetry: Telemetry): Usage {
  const times = timesADay(behaviour);
  const callsADay = accounts * times.call;
  const othersADay =
    accounts *
      (times['sign-in'] * ASSUMED.executionsASignIn.value + times['sign-out'] * ASSUMED.executionsASignOut.value) +
    ASSUMED.timersADay.value;
  const aDay = callsADay + othersADay;
  const busyShare = 1 / behaviour.peakFactor;
  const instances = billedInstances((aDay / SECONDS_A_DAY) * behaviour.peakFactor) * busyShare;
  const seconds = instances * SECONDS_A_DAY * DAYS_A_MONTH;
  const timers = ASSUMED.timersADay.value * DAYS_A_MONTH * ASSUMED.billedSecondsLeast.value;
  const { transactionsAMonth, bytes } = scaleOf(accounts, behaviour, measured);
  const logged = loggedKilobytes(telemetry, {
    calls: callsADay * DAYS_A_MONTH,
    others: othersADay * DAYS_A_MONTH,
    sessions: accounts * times['sign-in'] * DAYS_A_MONTH,
    seconds,
  });
  return {
    accounts,
    executions: aDay * DAYS_A_MONTH,
    gibibyteSeconds: (seconds + timers) * ASSUMED.memoryGibibytes.value,
    transactions: transactionsAMonth,
    gibibytesStored: bytes / GIBIBYTE,
    gigabytesSent: (callsADay * DAYS_A_MONTH * ASSUMED.kilobytesAnAnswer.value) / KILOBYTES_A_GIGABYTE,
    gigabytesLogged: logged / KILOBYTES_A_GIGABYTE,
    gigabytesOfStorageLog: (transactionsAMonth * ASSUMED.kilobytesOfStorageLog.value) / KILOBYTES_A_GIGABYTE,
  };
}

/** What is logged in a month. `seconds`: of instances at work. */
function loggedKilobytes(
  { requests, traced }: Telemetry,
  month: { readonly calls: number; readonly others: number; readonly sessions: number; readonly seconds: number },
): number {
  const { kilobytesOfARequest, kilobytesATrace, kilobytesOfHostLines, kilobytesOfOwnLines } = ASSUMED;
  const aCall = kilobytesOfARequest.value * requests + kilobytesATrace.value * traced;
  const another = kilobytesOfARequest.value + kilobytesATrace.value + kilobytesOfHostLines.value;
  return (
    month.calls * aCall +
    month.others * another +
    month.sessions * ASSUMED.ownLinesASession.value * kilobytesOfOwnLines.value +
    (month.seconds / 60) * ASSUMED.kilobytesOfMetricsAMinute.value
  );
}

/** What that costs, with what is free taken off. */
export function billOf(usage: Usage): Bill {
  const beyond = (used: number, free: number): number => Math.max(0, used - free);
  const functions =
    beyond(usage.gibibyteSeconds, FREE.gibibyteSeconds.value) * PRICES.gibibyteSecond.value +
    (beyond(usage.executions, FREE.executions.value) / 1e6) * PRICES.millionExecutions.value;
  const tables =
    (usage.transactions / 10_000) * PRICES.tenThousandTransactions.value +
    usage.gibibytesStored * PRICES.gibibyteStored.value;
  const sent = beyond(usage.gigabytesSent, FREE.gigabytesSent.value) * PRICES.gigabyteSent.value;
  const logged = beyond(usage.gigabytesLogged, FREE.gigabytesLogged.value) * PRICES.gigabyteLogged.value;
  const alerts = ASSUMED.alertRules.value * PRICES.alertRule.value;
  return { functions, tables, sent, logged, alerts, sum: functions + tables + sent + logged + alerts };
}

/** What one always-ready instance costs a month beside that, at work or not. */
export function alwaysReady(): number {
  return ASSUMED.memoryGibibytes.value * SECONDS_A_DAY * DAYS_A_MONTH * PRICES.gibibyteSecondReady.value;
}
