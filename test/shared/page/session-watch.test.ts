import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Session } from '../../../shared/client/browser/exeunt.d.ts';
import {
  CHECK_INTERVAL_MS,
  delayMs,
  INITIAL_WATCH,
  next,
  type Watch,
  type WatchEvent,
} from '../../../shared/page/browser/session-watch.ts';

const NOW = Date.parse('2026-11-21T09:00:00Z');
const ANSWER: Session = {
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

const OTHER: Session = { user: { name: 'Bob', username: null }, session: { ...ANSWER.session, id: '9b7e4d01' } };

/** What a test says for a check that finds somebody or nobody or nothing, and for what the client says by itself. */
type Played =
  | 'answered'
  | 'absent'
  | 'failed'
  | 'over'
  | 'followed'
  | 'due'
  | 'looked'
  | 'hidden'
  | 'told'
  | 'left'
  | 'signing-out';

function eventOf(type: Played, check: number, now = NOW): WatchEvent {
  switch (type) {
    case 'answered':
      return { type, check, answer: ANSWER, now };
    case 'absent':
      return { type: 'answered', check, answer: null, now };
    case 'failed':
      return { type, check };
    case 'over':
      return { type, answer: null, now };
    case 'followed':
      return { type: 'over', answer: OTHER, now };
    default:
      return { type };
  }
}

/** Plays events; an answer or a failure concludes the check in flight. */
function play(...types: Played[]): Watch {
  return types.reduce<Watch>((watch, type) => next(watch, eventOf(type, watch.check)), INITIAL_WATCH);
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
    expect(next(watch, eventOf('absent', watch.check, NOW + 31 * 60_000)).view).toBe('expired');
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

  it('shows at once what the client has found, and no answer from before', () => {
    const asked = play('looked', 'answered', 'due');
    const over = next(asked, eventOf('over', 0));
    expect(over).toMatchObject({ view: 'ended', answer: null, checking: false });
    expect(next(over, eventOf('answered', asked.check))).toBe(over);
    expect(next(asked, eventOf('over', 0, NOW + 31 * 60_000)).view).toBe('expired');
    expect(play('looked', 'answered', 'followed')).toMatchObject({ view: 'signed-in', answer: OTHER });
  });

  it('leaves the screen alone when told while looked at: it may not be so, and the client asks', () => {
    const watch = play('looked', 'answered', 'due');
    expect(next(watch, { type: 'told' })).toBe(watch);
  });

  it('blanks a hidden page that is told of a sign-out, and says later that the session ended', () => {
    expect(play('looked', 'answered', 'hidden', 'told')).toMatchObject({ view: 'loading', answer: null });
    expect(play('looked', 'answered', 'hidden', 'told', 'over').view).toBe('ended');
    expect(play('looked', 'answered', 'hidden', 'told', 'looked', 'absent').view).toBe('ended');
    expect(play('looked', 'answered', 'hidden', 'told', 'looked', 'answered').view).toBe('signed-in');
  });

  it('is blank when it leaves, so that the back/forward cache holds nothing private', () => {
    expect(play('looked', 'answered', 'left')).toMatchObject({ view: 'loading', answer: null, visible: false });
    expect(play('looked', 'answered', 'left', 'looked', 'absent').view).toBe('ended');
  });

  it('does not call the own sign-out a sign-out elsewhere', () => {
    expect(play('looked', 'answered', 'signing-out', 'left', 'looked', 'absent').view).toBe('signed-out');
    expect(play('looked', 'answered', 'signing-out', 'over').view).toBe('signed-out');
    const leaving = play('looked', 'answered', 'signing-out');
    expect(leaving.view).toBe('signed-in');
    expect(delayMs(leaving)).toBeNull();
  });

  it('ignores the answer to a check that was begun before the page was blanked', () => {
    const asked = play('looked', 'answered', 'due');
    const back = next(next(asked, { type: 'left' }), { type: 'looked' });
    expect(next(back, eventOf('answered', asked.check))).toBe(back);
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
    const concluding = ['answered', 'absent', 'failed'] as const;
    const types = [
      'due',
      'looked',
      'hidden',
      'told',
      'left',
      'signing-out',
      'over',
      'followed',
      ...concluding,
    ] as const;
    const events = fc.array(fc.record({ type: fc.constantFrom(...types), lag: fc.nat(2) }), { maxLength: 60 });
    fc.assert(
      fc.property(events, (played) => {
        let watch = INITIAL_WATCH;
        for (const { type, lag } of played) {
          const after = next(watch, eventOf(type, watch.check - lag));
          expect(after.answer === null).toBe(after.view !== 'signed-in');
          const concludes = concluding.some((each) => each === type);
          if (concludes && (lag > 0 || !watch.checking)) expect(after).toBe(watch);
          if (after.check !== watch.check) {
            expect(after.check).toBe(watch.check + 1);
            if (after.checking) expect([after.visible, watch.checking]).toEqual([true, false]);
          } else if (after.checking) expect(watch.checking).toBe(true);
          if (!after.visible || after.checking) expect(delayMs(after)).toBeNull();
          watch = after;
        }
      }),
    );
  });
});
