import type { Session } from '../../client/browser/exeunt.d.ts';

/** What the page shows: the name of one `template` each. */
export type View = 'loading' | 'signed-out' | 'signed-in' | 'ended' | 'expired' | 'unavailable';

/** All that the page knows of the session. Changed by `next` alone. */
export interface Watch {
  readonly view: View;
  /** Who is signed in; there for the view `signed-in` and for no other. */
  readonly answer: Session | null;
  /** When the last session seen ends, milliseconds since the epoch: it tells an end from never having been signed in. */
  readonly lastEnd: number | null;
  readonly visible: boolean;
  readonly checking: boolean;
  /** The number of the last check begun; the answer to any other one is stale. */
  readonly check: number;
  readonly failures: number;
}

export type WatchEvent =
  /** The time for the next check has come. */
  | { readonly type: 'due' }
  /** The person looks at the page again, or the network is back. */
  | { readonly type: 'looked' }
  | { readonly type: 'hidden' }
  /** The session may have ended: another tab says so, or a 401 of an API call. The client is asking already. */
  | { readonly type: 'told' }
  /** The page goes away, perhaps into the back/forward cache. */
  | { readonly type: 'left' }
  /** The sign-out form of this page is on its way. */
  | { readonly type: 'signing-out' }
  /** The client has found the session over; `answer` is of the one that followed. */
  | { readonly type: 'over'; readonly answer: Session | null; readonly now: number }
  /** A check is concluded; null: nobody is signed in. */
  | { readonly type: 'answered'; readonly check: number; readonly answer: Session | null; readonly now: number }
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
      return watch.visible ? watch : blank(watch);
    case 'left':
      return { ...blank(watch), visible: false };
    case 'signing-out':
      // The form must stay in the document to be sent, so nothing is blanked yet; this end will be no surprise.
      return { ...watch, lastEnd: null, visible: false, ...voided(watch) };
    case 'over':
      return { ...watch, ...voided(watch), ...found(watch, event) };
    case 'answered':
      return isDue(watch, event) ? { ...watch, checking: false, ...found(watch, event) } : watch;
    case 'failed':
      return isDue(watch, event) ? { ...watch, checking: false, ...notFound(watch) } : watch;
  }
}

/** How long to wait before the next check, milliseconds; null for not at all, until an event comes. */
export function delayMs({ visible, checking, failures }: Watch): number | null {
  if (!visible || checking) return null;
  if (failures === 0) return CHECK_INTERVAL_MS;
  return Math.min(RETRY_FIRST_MS * 2 ** (failures - 1), RETRY_LAST_MS);
}

function begin(watch: Watch): Watch {
  return { ...watch, checking: true, check: watch.check + 1 };
}

/** No answer to an earlier question counts any more. */
function voided({ check }: Watch): Pick<Watch, 'checking' | 'check'> {
  return { checking: false, check: check + 1 };
}

/** Nothing private stays, and no answer to an earlier question brings it back. */
function blank(watch: Watch): Watch {
  return { ...watch, ...voided(watch), view: 'loading', answer: null };
}

function isDue(watch: Watch, { check }: { readonly check: number }): boolean {
  return watch.checking && watch.check === check;
}

interface Found {
  readonly answer: Session | null;
  readonly now: number;
}

function found(watch: Watch, { answer, now }: Found): Partial<Watch> {
  if (answer === null) return { view: absentView(watch, now), answer, failures: 0 };
  return { view: 'signed-in', answer, lastEnd: endOf(answer), failures: 0 };
}

function notFound(watch: Watch): Partial<Watch> {
  const failures = watch.failures + 1;
  // One failure is forgiven while there is something to show: a page must not flicker for one lost packet.
  if (failures === 1 && watch.view !== 'loading') return { failures };
  return { view: 'unavailable', answer: null, failures };
}

function absentView({ view, lastEnd }: Watch, now: number): View {
  if (view === 'signed-out' || view === 'ended' || view === 'expired') return view;
  if (lastEnd === null) return 'signed-out';
  return now < lastEnd ? 'ended' : 'expired';
}

/** When the session ends if nobody uses it any more, milliseconds since the epoch. */
function endOf({ session }: Session): number {
  return Math.min(Date.parse(session.idleEndsAt), Date.parse(session.endsAt));
}
