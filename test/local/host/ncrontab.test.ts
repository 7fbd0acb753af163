import { describe, expect, it } from '@jest/globals';
import { nextOccurrence, parseSchedule } from '../../../local/host/ncrontab.ts';

const next = (expression: string, after: string) =>
  new Date(nextOccurrence(parseSchedule(expression), Date.parse(after))).toISOString();

describe('an NCRONTAB schedule', () => {
  it.each([
    ['0 */5 * * * *', '2026-11-21T10:02:03Z', '2026-11-21T10:05:00.000Z'],
    ['0 */5 * * * *', '2026-11-21T10:05:00Z', '2026-11-21T10:10:00.000Z'],
    ['0 */5 * * * *', '2026-11-21T10:04:59.999Z', '2026-11-21T10:05:00.000Z'],
    ['*/5 * * * *', '2026-11-21T10:05:00Z', '2026-11-21T10:10:00.000Z'],
    ['30 15 3 * * *', '2026-12-31T23:59:59Z', '2027-01-01T03:15:30.000Z'],
    ['0 0 0 1 Jan,Jul *', '2026-02-01T00:00:00Z', '2026-07-01T00:00:00.000Z'],
    ['0 30 9 * * Mon-Fri', '2026-11-21T00:00:00Z', '2026-11-23T09:30:00.000Z'],
    ['5/20 * * * * *', '2026-11-21T00:00:26Z', '2026-11-21T00:00:45.000Z'],
    ['0 0 0 29 2 *', '2026-11-21T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['0 10-20/5 * * * *', '2026-11-21T00:16:00Z', '2026-11-21T00:20:00.000Z'],
  ])('%s after %s is %s', (expression, after, expected) => {
    expect(next(expression, after)).toBe(expected);
  });

  it('wants day and weekday both', () => {
    // The first Friday the 13th after this is in November 2026's next match, August 2027.
    expect(next('0 0 0 13 * 5', '2026-11-14T00:00:00Z')).toBe('2027-08-13T00:00:00.000Z');
  });

  it.each([
    '',
    '* * * *',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 0 0 0 * *',
    '0 0 0 * 13 *',
    '0 0 0 * * 7',
    '*/0 * * * * *',
  ])('is refused as "%s"', (expression) => {
    expect(() => parseSchedule(expression)).toThrow('is not a valid CRON expression');
  });

  it.each(['00:05:00', 'x * * * * *', '5-1 * * * * *', '1,, * * * * *', '* * * * * * *', '*-3 * * * * *'])(
    'is refused as "%s" too',
    (expression) => {
      expect(() => parseSchedule(expression)).toThrow('is not a valid CRON expression');
    },
  );

  it('that never comes is an error, not an endless search', () => {
    expect(() => next('0 0 0 30 2 *', '2026-01-01T00:00:00Z')).toThrow('never comes');
  });
});
