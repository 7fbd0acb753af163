import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createPatience } from '../../../shared/upstream/patience.ts';

/** After which Azure's front end cuts off, and says nothing of why. */
const FRONT_END_MILLISECONDS = 230_000;
const LONG_MILLISECONDS = 2 * FRONT_END_MILLISECONDS;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the patience of a call', () => {
  it.each([
    ['an answer', (patience: ReturnType<typeof createPatience>) => patience.sent(), 'timeout'],
    ['the end of the request', () => undefined, 'client-gone'],
  ])('with %s ends well before the front end’s, whatever the API may take', (_what, begin, outcome) => {
    const patience = createPatience({ silenceMilliseconds: LONG_MILLISECONDS });
    begin(patience);
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS - 20_000);
    expect(patience.signal.reason).toMatchObject({ failure: { outcome, reason: 'answer' } });
  });

  it('with an answer that has begun goes on', () => {
    const patience = createPatience({ silenceMilliseconds: 1_000 });
    patience.sent();
    patience.answered();
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS);
    expect(patience.signal.aborted).toBe(false);
    patience.end();
    expect(jest.getTimerCount()).toBe(0);
  });
});
