import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createPatience, type Patience, type PatienceOptions } from '../../../shared/upstream/patience.ts';

/** After which Azure's front end cuts off, and says nothing of why. */
const FRONT_END_MILLISECONDS = 230_000;
const { signal: gone } = new AbortController();
const LONG_MILLISECONDS = 2 * FRONT_END_MILLISECONDS;

/** A call's patience, and why it has been given up, if it has. */
function patient(options: PatienceOptions): Patience & { readonly reasons: unknown[] } {
  const reasons: unknown[] = [];
  return { ...createPatience(options, (reason) => reasons.push(reason)), reasons };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the patience of a call', () => {
  it.each([
    ['an answer', (patience: Patience) => patience.awaitApi(), 'timeout'],
    ['the end of the request', (patience: Patience) => patience.awaitCaller(), 'client-gone'],
  ])('with %s ends well before the front end’s, whatever the API may take', (_what, begin, outcome) => {
    const patience = patient({ silenceMilliseconds: LONG_MILLISECONDS, gone });
    begin(patience);
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS - 20_000);
    expect(patience.reasons).toMatchObject([{ failure: { outcome, reason: 'answer' } }]);
  });

  it('is not longer for a call that may take longer than the platform gives', () => {
    const patience = patient({
      silenceMilliseconds: LONG_MILLISECONDS,
      answerMilliseconds: LONG_MILLISECONDS,
      gone,
    });
    patience.awaitApi();
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS - 20_000);
    expect(patience.reasons).toHaveLength(1);
  });

  it('ends at once with the caller, however early they left, and later ones are told of nobody', () => {
    const leaving = new AbortController();
    const [ended, waiting] = [0, 1].map(() => patient({ silenceMilliseconds: 1, gone: leaving.signal }));
    ended?.end();
    leaving.abort();
    expect(ended?.reasons).toEqual([]);
    const late = patient({ silenceMilliseconds: 1, gone: leaving.signal });
    for (const each of [waiting, late]) {
      expect(each?.reasons).toMatchObject([{ failure: { outcome: 'client-gone', reason: 'gone' } }]);
      each?.end();
    }
  });

  it('is the API’s to try while it has something to take, and not while the caller has to send more', () => {
    const patience = patient({ silenceMilliseconds: 1_000, gone });
    patience.awaitApi();
    jest.advanceTimersByTime(900);
    patience.awaitCaller();
    jest.advanceTimersByTime(10_000);
    patience.awaitApi();
    jest.advanceTimersByTime(900);
    expect(patience.reasons).toEqual([]);
    jest.advanceTimersByTime(100);
    expect(patience.reasons).toMatchObject([{ failure: { outcome: 'timeout', reason: 'silence' } }]);
  });

  it('with an answer that has begun goes on', () => {
    const patience = patient({ silenceMilliseconds: 1_000, gone });
    patience.awaitApi();
    patience.answered();
    jest.advanceTimersByTime(FRONT_END_MILLISECONDS);
    expect(patience.reasons).toEqual([]);
    patience.end();
    expect(jest.getTimerCount()).toBe(0);
  });
});
