import type { Refusal } from '../http/message.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { DeliveryError } from '../security-events/delivery.ts';
import type { Unreadable } from '../session/check.ts';
import type { Receipt } from '../signout/receipt.ts';
import type { Door } from '../signout/sign-out.ts';

/**
 * What is worth a line. No token, code, secret, `sid` or claim: an account appears as a keyed hash, which only somebody
 * with the session keys can match to a person. Durations in milliseconds.
 */
export type LogEvent =
  /** Where no other line has the code: every refusal can be found by the id that it carried. `at`: the function. */
  | ({ readonly event: 'request.refused'; readonly at: string } & Refusal)
  | { readonly event: 'signin.started' }
  | { readonly event: 'signin.completed'; readonly account: string; readonly ms: number }
  | { readonly event: 'signin.refused'; readonly code: ProblemCode; readonly reason: string }
  | { readonly event: 'signin.again'; readonly ms: number }
  | { readonly event: 'token.refreshed'; readonly account: string; readonly api: string; readonly ms: number }
  | { readonly event: 'refresh.failed'; readonly api: string; readonly code: ProblemCode; readonly reason: string }
  | { readonly event: 'signout.received'; readonly door: Door }
  /** Not by anybody who may; `reason` repeats nothing of what came. */
  | { readonly event: 'signout.refused'; readonly door: Door; readonly reason: string }
  /** `ms`: from received to gone. */
  | ({ readonly event: 'signout.completed'; readonly ms: number } & Receipt)
  /** Storage failed; the queue has it now. */
  | { readonly event: 'signout.queued'; readonly door: Door; readonly reason: string }
  /** Tried again from the queue, and put back. */
  | { readonly event: 'signout.delayed'; readonly door: Door; readonly tries: number; readonly reason: string }
  /** Neither done nor queued: whoever asked was told to ask again. */
  | { readonly event: 'signout.failed'; readonly door: Door; readonly reason: string }
  | { readonly event: 'security-event.refused'; readonly err: DeliveryError; readonly reason: string }
  /** Understood, and nothing is to be done. */
  | { readonly event: 'security-event.ignored'; readonly reason: string }
  | { readonly event: 'retry.passed-on'; readonly tries: number }
  /** A message of the queue that cannot be read, or that could not be put back. */
  | { readonly event: 'retry.failed'; readonly reason: string }
  | {
      readonly event: 'session.ended';
      readonly account: string;
      readonly reason: 'refresh-token-dead' | 'tokens-corrupt';
    }
  /** The cookie is good and the session stands, but its record or its tokens cannot be read: nobody is signed in by it. */
  | { readonly event: 'session.unreadable'; readonly account: string; readonly reason: Unreadable }
  /** `operator`: a keyed hash of who it is. */
  | { readonly event: 'operator.admitted'; readonly operator: string }
  | { readonly event: 'operator.refused'; readonly reason: string }
  /** The OP did not answer, so that nobody knows whether the token is good. */
  | { readonly event: 'operator.unverified'; readonly reason: string }
  | { readonly event: 'api.failed'; readonly api: string; readonly code: ProblemCode; readonly reason: string }
  /** An answer that had begun ends short of its end: the browser has a part of it, and knows. */
  | { readonly event: 'api.broken-off'; readonly api: string; readonly reason: string }
  /** What Microsoft Graph posted: queued, and dropped because it was not ours. */
  | {
      readonly event: 'directory.notified';
      readonly users: number;
      readonly lifecycle: number;
      readonly dropped: number;
    }
  /** Graph could not deliver notifications, and does not say which: whom they were about is out at the next revalidation. */
  | { readonly event: 'directory.missed' }
  /** Graph, the OP or the queue did not answer: back in the queue, or, at the door, for Graph to send again. */
  | { readonly event: 'directory.delayed'; readonly tries: number; readonly reason: string }
  /** Set aside after a day, or the subscription could not be looked after: somebody has to look. */
  | { readonly event: 'directory.failed'; readonly reason: string }
  | {
      readonly event: 'directory.subscribed';
      readonly did: 'create' | 'renew' | 'nothing';
      readonly removed: number;
      readonly endsAt: number;
    }
  | { readonly event: 'sweep.completed'; readonly counts: Readonly<Record<string, number>>; readonly ms: number }
  | { readonly event: 'storage.unavailable'; readonly reason: string }
  | { readonly event: 'error'; readonly name: string; readonly stack: string };

export type Log = (event: LogEvent) => void;
