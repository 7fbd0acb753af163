import { isDeepStrictEqual } from 'node:util';
import type { SecurityEventsSettings } from '../settings/settings.ts';
import { type EventMeaning, meaningOf } from './event-types.ts';
import type { SecurityEventToken } from './security-event-token.ts';
import { type Named, readSubject } from './subject.ts';

/** From here on a number is milliseconds, as drafts of CAEP had it: in seconds it would be the year 5138. */
const MILLISECONDS_FROM = 1e11;

/** A sign-out that a SET asks for. */
export interface SignOutNamed {
  readonly named: Named;
  readonly ends: 'session' | 'account';
  /** What began later stays, milliseconds since the epoch: the event's time, and never later than it was signed and came in. */
  readonly asOf: number;
}

export type Interpreted =
  | ({ readonly outcome: 'ends' } & SignOutNamed)
  /** Understood, and nothing is to be done. */
  | {
      readonly outcome: 'ignored';
      readonly reason: 'subject-format' | Extract<EventMeaning, { readonly ends: null }>['why'];
    }
  | { readonly outcome: 'malformed'; readonly reason: 'subject' | 'subjects-differ' | 'event_timestamp' };

/**
 * Says what a verified SET asks for. Several events in one are one thing that happened, said in several ways (RFC 8417
 * section 2): what any of them ends, ends, as of the latest.
 *
 * @param receivedAt milliseconds since the epoch
 */
export function interpret(
  set: SecurityEventToken,
  believed: SecurityEventsSettings['subjects'],
  receivedAt: number,
): Interpreted {
  const ending: { readonly ends: 'session' | 'account'; readonly payload: Payload }[] = [];
  let why: Extract<EventMeaning, { readonly ends: null }>['why'] = 'event-type';
  for (const [type, payload] of Object.entries(set.events)) {
    const meaning = meaningOf(type, payload);
    if (meaning.ends === null) why = meaning.why;
    else ending.push({ ends: meaning.ends, payload });
  }
  if (ending.length === 0) return { outcome: 'ignored', reason: why };

  // The subject is the token's; older transmitters have it in the event, and some in both places (SSF 1.0 section 3.1.1).
  const [subject, ...others] = [set.sub_id, ...ending.map(({ payload }) => payload.subject)].filter(
    (one) => one !== undefined,
  );
  if (others.some((other) => !isDeepStrictEqual(other, subject)))
    return { outcome: 'malformed', reason: 'subjects-differ' };
  const times = ending.map(({ payload }) => timeOf(payload, set));
  if (times.some(Number.isNaN)) return { outcome: 'malformed', reason: 'event_timestamp' };

  const ends = ending.every((event) => event.ends === 'session') ? 'session' : 'account';
  const read = readSubject(subject, believed, ends);
  if (read.outcome === 'malformed') return { outcome: 'malformed', reason: 'subject' };
  if (read.outcome === 'not-believed') return { outcome: 'ignored', reason: 'subject-format' };
  return {
    outcome: 'ends',
    named: read.named,
    ends,
    asOf: Math.min(receivedAt, endOfSecond(set.iat), Math.max(...times)),
  };
}

/**
 * Nothing can have happened after the token that tells of it was made. Without this, one whose event is
 * dated ahead would count, each time that it comes again, from when it comes, and end who has signed in since; it has no end itself.
 */
const endOfSecond = (iat: number): number => Math.floor(iat) * 1_000 + 999;

type Payload = Readonly<Record<string, unknown>>;

/** When it happened, in whole milliseconds since the epoch; NaN where what says so is no time. */
function timeOf({ event_timestamp: timestamp }: Payload, { toe, iat }: SecurityEventToken): number {
  const given = timestamp ?? toe ?? iat;
  if (typeof given !== 'number' || !(given >= 0)) return Number.NaN;
  return Math.trunc(given >= MILLISECONDS_FROM ? given : given * 1_000);
}
