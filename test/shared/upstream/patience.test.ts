import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createPatience } from '../../../shared/upstream/patience.ts';

/** After which Azure's front end cuts off, and says nothing of why. */
const FRONT_END_MILLISECONDS = 230_000;
const { signal: gone } = new AbortController();
const LONG_MILLISECONDS = 2 * FRONT_END_MILLISECONDS;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the patience of a call', () => {
  it.each([
    ['an answer', (patience: ReturnType<typeof createPatience>) => patience.awaitApi(), 'timeout'],
    ['the end of the request', () => undefined, 'client-gone'],
  ])('with %s ends well before the front end’s, whatever the API may take', (_what, begin, outcome) => {
    const patience = createPatience({ silenceMilliseconds: LONG_MILLISECONDS, gone });
    begin(patience);
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS - 20_000);
    expect(patience.signal.reason).toMatchObject({ failure: { outcome, reason: 'answer' } });
  });

  it('is not longer for a call that may take longer than the platform gives', () => {
    const patience = createPatience({
      silenceMilliseconds: LONG_MILLISECONDS,
      answerMilliseconds: LONG_MILLISECONDS,
      gone,
    });
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS - 20_000);
    expect(patience.signal.aborted).toBe(true);
  });

  it('ends at once with the caller, however early they left, and later ones are told of nobody', () => {
    const leaving = new AbortController();
    const [ended, waiting] = [0, 1].map(() => createPatience({ silenceMilliseconds: 1, gone: leaving.signal }));
    ended?.end();
    leaving.abort();
    expect(ended?.signal.aborted).toBe(false);
    const late = createPatience({ silenceMilliseconds: 1, gone: leaving.signal });
    for (const each of [waiting, late]) {
      expect(each?.signal.reason).toMatchObject({ failure: { outcome: 'client-gone', reason: 'gone' } });
      each?.end();
    }
  });

  it('is the API’s to try while it has something to take, and not while the caller has to send more', () => {
    const patience = createPatience({ silenceMilliseconds: 1_000, gone });
    patience.awaitApi();
    jest.advanceTimersByTime(900);
    patience.awaitCaller();
    jest.advanceTimersByTime(10_000);
    patience.awaitApi();
    jest.advanceTimersByTime(900);
    expect(patience.signal.aborted).toBe(false);
    jest.advanceTimersByTime(100);
    expect(patience.signal.reason).toMatchObject({ failure: { outcome: 'timeout', reason: 'silence' } });
  });

  it('with an answer that has begun goes on', () => {
    const patience = createPatience({ silenceMilliseconds: 1_000, gone });
    patience.awaitApi();
    patience.answered();
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS);
    expect(patience.signal.aborted).toBe(false);
    patience.end();
    expect(jest.getTimerCount()).toBe(0);
  });
});
