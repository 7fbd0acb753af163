import { HostError } from './host-error.ts';

/** Six fields of an NCRONTAB expression, each the values that match. Times are UTC, as on Azure. */
export interface Schedule {
  seconds: ReadonlySet<number>;
  minutes: ReadonlySet<number>;
  hours: ReadonlySet<number>;
  days: ReadonlySet<number>;
  /** From 1. */
  months: ReadonlySet<number>;
  /** From 0, Sunday. */
  weekdays: ReadonlySet<number>;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
/** A 29 February on a given weekday comes at least once in 28 years, but for a century that is no leap year. */
const HORIZON_DAYS = 366 * 40;

/**
 * Parses an NCRONTAB expression: `{second} {minute} {hour} {day} {month} {weekday}`, or five fields, which begin with the
 * minute. A field is a list of `*`, `n`, `n-m`, each with an optional `/step`; months and weekdays have English names.
 *
 * @throws HostError when it is not one (a `TimeSpan` is none: Flex Consumption does not take it)
 * @see https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(text: string): Schedule {
  const fields = text.trim().split(/\s+/);
  if (fields.length === 5) fields.unshift('0');
  const [seconds, minutes, hours, days, months, weekdays, ...more] = fields;
  if (weekdays === undefined || more.length > 0) throw new HostError(`"${text}" is not a valid CRON expression`);
  const parse = (field = '', min: number, max: number, names: string[] = []) => {
    const values = parseField(field, min, max, names);
    if (!values) throw new HostError(`"${text}" is not a valid CRON expression ("${field}")`);
    return values;
  };
  return {
    seconds: parse(seconds, 0, 59),
    minutes: parse(minutes, 0, 59),
    hours: parse(hours, 0, 23),
    days: parse(days, 1, 31),
    months: parse(months, 1, 12, MONTHS),
    weekdays: parse(weekdays, 0, 6, WEEKDAYS),
  };
}

function parseField(field: string, min: number, max: number, names: string[]): Set<number> | undefined {
  const values = new Set<number>();
  const toNumber = (text: string) => {
    const named = names.findIndex((name) => text.length >= 3 && text.toLowerCase().startsWith(name));
    return named >= 0 ? named + min : /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  };
  for (const item of field.split(',')) {
    const [, from = '', to, step] = /^(\*|[^-/]+)(?:-([^/]+))?(?:\/(\d{1,2}))?$/.exec(item) ?? [];
    const low = from === '*' ? min : toNumber(from);
    // NCRONTAB reads `5/15` as "from 5 to the end, every 15".
    const high = to !== undefined ? toNumber(to) : from === '*' || step !== undefined ? max : low;
    const every = Number(step ?? 1);
    if (!(low >= min && high <= max && low <= high && every >= 1) || (from === '*' && to !== undefined))
      return undefined;
    for (let value = low; value <= high; value += every) values.add(value);
  }
  return values;
}

/**
 * The first time after `after` that the schedule names; both in milliseconds since 1970.
 *
 * @throws HostError when there is none (30 February)
 */
export function nextOccurrence(schedule: Schedule, after: number): number {
  const start = new Date(Math.floor(after / 1000) * 1000 + 1000);
  const day = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate()));
  for (let offset = 0; offset < HORIZON_DAYS; offset++, day.setUTCDate(day.getUTCDate() + 1)) {
    // NCRONTAB wants day and weekday both, where classic cron is content with one.
    if (!schedule.months.has(day.getUTCMonth() + 1) || !schedule.days.has(day.getUTCDate())) continue;
    if (!schedule.weekdays.has(day.getUTCDay())) continue;
    const second = offset === 0 ? (start.getTime() - day.getTime()) / 1000 : 0;
    const found = firstSecondOfDay(schedule, second);
    if (found !== undefined) return day.getTime() + found * 1000;
  }
  throw new HostError('the schedule names a time that never comes');
}

/** The first second of the day, from `from` on, that the schedule names. */
function firstSecondOfDay(schedule: Schedule, from: number): number | undefined {
  for (let hour = Math.floor(from / 3600); hour < 24; hour++) {
    if (!schedule.hours.has(hour)) continue;
    for (let minute = 0; minute < 60; minute++) {
      if (!schedule.minutes.has(minute)) continue;
      const start = hour * 3600 + minute * 60;
      for (let second = 0; second < 60; second++) {
        if (start + second >= from && schedule.seconds.has(second)) return start + second;
      }
    }
  }
  return undefined;
}
