import { describe, expect, it } from '@jest/globals';
import { isDue, isSendable } from '../../../shared/tokens/freshness.ts';
import { HOUR, MINUTE } from '../../support/records.ts';

const LIVES: [string, number, number, number][] = [
  ['an hour', HOUR, HOUR - MINUTE, HOUR - 5 * MINUTE],
  ['a day', 24 * HOUR, 24 * HOUR - MINUTE, 24 * HOUR - 5 * MINUTE],
  ['ten minutes', 10 * MINUTE, 9.5 * MINUTE, 9 * MINUTE],
  ['ten seconds', 10_000, 9_500, 9_000],
];

describe.each(LIVES)('a token that lives %s', (_, expiresAt, sendableUntil, dueAt) => {
  const token = { token: 't', obtainedAt: 0, expiresAt };

  it('is sent until so little is left of it that the call itself may outlast it', () => {
    expect(isSendable(token, sendableUntil - 1)).toBe(true);
    expect(isSendable(token, sendableUntil)).toBe(false);
  });

  it('is due before that, so that it can be replaced while it is still sent', () => {
    expect(isDue(token, dueAt - 1)).toBe(false);
    expect(isDue(token, dueAt)).toBe(true);
  });

  it('is due from when the OP said, if that is earlier', () => {
    expect(isDue({ ...token, refreshAt: expiresAt / 2 }, expiresAt / 2 - 1)).toBe(false);
    expect(isDue({ ...token, refreshAt: expiresAt / 2 }, expiresAt / 2)).toBe(true);
    expect(isDue({ ...token, refreshAt: expiresAt * 2 }, dueAt)).toBe(true);
  });
});

it('a token that does not say until when is due, and never sent', () => {
  const token = { token: 't', obtainedAt: 0, expiresAt: Number.NaN };
  expect([isSendable(token, 0), isDue(token, 0)]).toEqual([false, true]);
});
