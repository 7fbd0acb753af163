import { endOf, type SessionAnswer } from './session.ts';

/** What the page shows: the name of one `template` each. */
export type View = 'loading' | 'signed-out' | 'signed-in' | 'ended' | 'expired' | 'unavailable';

/** All that the page knows of the session. Changed by `next` alone. */
export interface Watch {
  readonly view: View;
  /** Who is signed in; there for the view `signed-in` and for no other. */
  readonly answer: SessionAnswer | null;
  /** When the last session seen ends, milliseconds since the epoch: it tells an end from never having been signed in. */
  readonly lastEnd: number | null;
  readonly visible: boolean;
  readonly checking: boolean;
  /** The number of the last check begun; the answer to any other one is stale. */
  readonly check: number;
  /** The check in flight may have been answered before what it should see happened: another one follows it. */
  readonly again: boolean;
  readonly failures: number;
}

export type WatchEvent =
  /** The time for the next check has come. */
  | { readonly type: 'due' }
  /** The person looks at the page again, or the network is back. */
  | { readonly type: 'looked' }
  | { readonly type: 'hidden' }
  /** Somebody says that the session may have ended: another tab, or a 401 of an API call. */
  | { readonly type: 'told' }
  /** The page goes away, perhaps into the back/forward cache. */
  | { readonly type: 'left' }
  /** The sign-out form of this page is on its way. */
  | { readonly type: 'signing-out' }
  | { readonly type: 'answered'; readonly check: number; readonly answer: SessionAnswer }
  | { readonly type: 'absent'; readonly check: number; readonly now: number }
  | { readonly type: 'failed'; readonly check: number };

export const CHECK_INTERVAL_MS = 3_000;
const RETRY_FIRST_MS = 1_000;
const RETRY_LAST_MS = 30_000;

export const INITIAL_WATCH: Watch = {
  view: 'loading',
  answer: null,
  lastEnd: null,
  visible: false,
  checking: false,
  check: 0,
  again: false,
  failures: 0,
};

/** The state after an event. A check has to be started where `checking` is set under a new number; the one before is void. */
export function next(watch: Watch, event: WatchEvent): Watch {
  switch (event.type) {
    case 'due':
      return watch.visible && !watch.checking ? begin(watch) : watch;
    case 'looked':
      return watch.checking ? { ...watch, visible: true } : begin({ ...watch, visible: true });
    case 'hidden':
      return { ...watch, visible: false };
    case 'told':
      if (!watch.visible) return blank(watch);
      return watch.checking ? { ...watch, again: true } : begin(watch);
    case 'left':
      return { ...blank(watch), visible: false };
    case 'signing-out':
      // The form must stay in the document to be sent, so nothing is blanked yet; this end will be no surprise.
      return { ...watch, lastEnd: null, visible: false, ...VOID_CHECK, check: watch.check + 1 };
    default:
      return event.check === watch.check && watch.checking ? conclude(watch, event) : watch;
  }
}

/** How long to wait before the next check, milliseconds; null for not at all, until an event comes. */
export function delayMs({ visible, checking, failures }: Watch): number | null {
  if (!visible || checking) return null;
  if (failures === 0) return CHECK_INTERVAL_MS;
  return Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LAST_MS);
}

const VOID_CHECK = { checking: false, again: false } as const;

function begin(watch: Watch): Watch {
  return { ...watch, checking: true, again: false, check: watch.check + 1 };
}

/** Nothing private stays, and no answer to an earlier question brings it back. */
function blank(watch: Watch): Watch {
  return { ...watch, ...VOID_CHECK, view: 'loading', answer: null, check: watch.check + 1 };
}

function conclude(watch: Watch, event: Extract<WatchEvent, { check: number }>): Watch {
  const concluded = { ...watch, ...VOID_CHECK, ...outcome(watch, event) };
  return watch.again && watch.visible ? begin(concluded) : concluded;
}

function outcome(watch: Watch, event: Extract<WatchEvent, { check: number }>): Partial<Watch> {
  switch (event.type) {
    case 'answered':
      return { view: 'signed-in', answer: event.answer, lastEnd: endOf(event.answer), failures: 0 };
    case 'absent':
      return { view: absentView(watch, event.now), answer: null, failures: 0 };
    case 'failed': {
      const failures = watch.failures + 1;
      // One failure is forgiven while there is something to show: a page must not flicker for one lost packet.
      if (failures === 1 && watch.view !== 'loading') return { failures };
      return { view: 'unavailable', answer: null, failures };
    }
  }
}

function absentView({ view, lastEnd }: Watch, now: number): View {
  if (view === 'signed-out' || view === 'ended' || view === 'expired') return view;
  if (lastEnd === null) return 'signed-out';
  return now < lastEnd ? 'ended' : 'expired';
}
