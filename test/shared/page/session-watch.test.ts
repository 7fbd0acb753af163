import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SessionAnswer } from '../../../shared/page/browser/session.ts';
import {
  CHECK_INTERVAL_MS,
  delayMs,
  INITIAL_WATCH,
  next,
  type Watch,
  type WatchEvent,
} from '../../../shared/page/browser/session-watch.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const ANSWER: SessionAnswer = {
  user: { name: 'Ada', username: 'ada@contoso.example' },
  session: {
    id: '3f9a1c2e',
    signedInAt: '2026-11-21T08:00:00Z',
    lastUsedAt: '2026-11-21T09:00:00Z',
    idleEndsAt: '2026-11-21T09:30:00Z',
    endsAt: '2026-11-21T16:00:00Z',
    device: 'Firefox on Linux',
  },
};

type Outcome = 'answered' | 'absent' | 'failed';

function outcome(type: Outcome, check: number, now = NOW): WatchEvent {
  if (type === 'answered') return { type, check, answer: ANSWER };
  return type === 'absent' ? { type, check, now } : { type, check };
}

/** Plays events; an outcome concludes the check in flight. */
function play(...types: (Outcome | Exclude<WatchEvent['type'], Outcome>)[]): Watch {
  return types.reduce<Watch>((watch, type) => {
    const concludes = type === 'answered' || type === 'absent' || type === 'failed';
    return next(watch, concludes ? outcome(type, watch.check) : { type });
  }, INITIAL_WATCH);
}

describe('the watch over the session', () => {
  it('asks at once when the page is first seen, then every three seconds', () => {
    expect(play('looked')).toMatchObject({ checking: true, view: 'loading' });
    expect(delayMs(play('looked', 'answered'))).toBe(CHECK_INTERVAL_MS);
    expect(play('looked', 'answered', 'due').checking).toBe(true);
  });

  it('tells never signed in, signed out elsewhere, and run out of time apart', () => {
    expect(play('looked', 'absent').view).toBe('signed-out');
    expect(play('looked', 'answered', 'due', 'absent').view).toBe('ended');
    const watch = play('looked', 'answered', 'due');
    expect(next(watch, outcome('absent', watch.check, NOW + 31 * 60_000)).view).toBe('expired');
  });

  it('goes on saying that the session ended, until somebody signs in', () => {
    expect(play('looked', 'answered', 'due', 'absent', 'due', 'absent').view).toBe('ended');
    expect(play('looked', 'answered', 'due', 'absent', 'due', 'answered').view).toBe('signed-in');
  });

  it('does not ask while hidden, and asks at once when seen again', () => {
    const hidden = play('looked', 'answered', 'hidden');
    expect(delayMs(hidden)).toBeNull();
    expect(next(hidden, { type: 'due' }).checking).toBe(false);
    expect(next(hidden, { type: 'looked' }).checking).toBe(true);
  });

  it('asks once more when told during a check, since its answer may be older than the news', () => {
    const watch = play('looked', 'answered', 'due', 'told', 'answered');
    expect(watch.checking).toBe(true);
    expect(next(watch, outcome('absent', watch.check)).view).toBe('ended');
  });

  it('does not ask once more for the news while hidden', () => {
    expect(play('looked', 'answered', 'due', 'told', 'hidden', 'answered').checking).toBe(false);
  });

  it('blanks a hidden page that is told of a sign-out, and says later that the session ended', () => {
    expect(play('looked', 'answered', 'hidden', 'told')).toMatchObject({ view: 'loading', answer: null });
    expect(play('looked', 'answered', 'hidden', 'told', 'looked', 'absent').view).toBe('ended');
  });

  it('is blank when it leaves, so that the back/forward cache holds nothing private', () => {
    expect(play('looked', 'answered', 'left')).toMatchObject({ view: 'loading', answer: null, visible: false });
    expect(play('looked', 'answered', 'left', 'looked', 'absent').view).toBe('ended');
  });

  it('does not call the own sign-out a sign-out elsewhere', () => {
    expect(play('looked', 'answered', 'signing-out', 'left', 'looked', 'absent').view).toBe('signed-out');
    const leaving = play('looked', 'answered', 'signing-out');
    expect(leaving.view).toBe('signed-in');
    expect(delayMs(leaving)).toBeNull();
  });

  it('ignores the answer to a check that was begun before the page was blanked', () => {
    const asked = play('looked', 'answered', 'due');
    const back = next(next(asked, { type: 'left' }), { type: 'looked' });
    expect(next(back, outcome('answered', asked.check))).toBe(back);
  });

  it('forgives one failure while there is something to show, then says so and shows nothing private', () => {
    expect(play('looked', 'failed').view).toBe('unavailable');
    expect(play('looked', 'answered', 'due', 'failed').view).toBe('signed-in');
    expect(play('looked', 'answered', 'due', 'failed', 'due', 'failed')).toMatchObject({
      view: 'unavailable',
      answer: null,
    });
  });

  it('backs off from one second to thirty while nothing answers, and forgets it when something does', () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 99].map((failures) =>
      delayMs({ ...INITIAL_WATCH, visible: true, view: 'unavailable', failures }),
    );
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(play('looked', 'failed', 'due', 'answered').failures).toBe(0);
  });

  it('never shows anything private outside a session, never asks twice at a time or unseen, whatever happens', () => {
    const types = ['due', 'looked', 'hidden', 'told', 'left', 'signing-out', 'answered', 'absent', 'failed'] as const;
    const events = fc.array(fc.record({ type: fc.constantFrom(...types), lag: fc.nat(2) }), { maxLength: 60 });
    fc.assert(
      fc.property(events, (played) => {
        let watch = INITIAL_WATCH;
        for (const { type, lag } of played) {
          const concludes = type === 'answered' || type === 'absent' || type === 'failed';
          const after = next(watch, concludes ? outcome(type, watch.check - lag) : { type });
          expect(after.answer === null).toBe(after.view !== 'signed-in');
          if (concludes && (lag > 0 || !watch.checking)) expect(after).toBe(watch);
          if (after.check !== watch.check) {
            expect(after.check).toBe(watch.check + 1);
            if (after.checking) expect([after.visible, watch.checking && !concludes]).toEqual([true, false]);
          } else if (after.checking) expect(watch.checking).toBe(true);
          if (!after.visible || after.checking) expect(delayMs(after)).toBeNull();
          watch = after;
        }
      }),
    );
  });
});
