import * as z from 'zod/mini';
import type { SecurityEventsSettings } from '../settings/settings.ts';
import { emailOf } from '../signin/signout-targets.ts';

/** Whom a subject names, in the words of a sign-out's target. */
export interface Named {
  readonly kind: 'sub' | 'email' | 'sid';
  readonly value: string;
  /** By whose word the value is theirs; null where the format does not say. */
  readonly iss: string | null;
}

export type SubjectRead =
  | { readonly outcome: 'named'; readonly named: Named }
  /** Of a format, or with no member, that is believed here. */
  | { readonly outcome: 'not-believed' }
  | { readonly outcome: 'malformed' };

const filled = z.string().check(z.minLength(1));
const identifier = z.looseObject({ format: filled });
const issSub = z.object({ iss: filled, sub: filled });
const opaque = z.object({ id: filled });
const email = z.object({ email: z.string() });

const NOT_BELIEVED: SubjectRead = { outcome: 'not-believed' };
const MALFORMED: SubjectRead = { outcome: 'malformed' };

/**
 * Reads a subject identifier, of the formats that are believed. Of a complex subject its `session` and its `user` are looked
 * at; whatever else is in it (device, tenant…) would only narrow, which nobody here can do, and one session too many costs a
 * sign-in. Without either it names a group or a tenant: nobody.
 *
 * @param ends which of the two counts where both are there
 * @see RFC 9493 section 3; Shared Signals Framework 1.0 section 3
 */
export function readSubject(
  value: unknown,
  believed: SecurityEventsSettings['subjects'],
  ends: 'session' | 'account',
): SubjectRead {
  const parsed = identifier.safeParse(value);
  if (!parsed.success) return MALFORMED;
  const { format, user, session } = parsed.data;
  if (format !== 'complex') return believed.some((known) => known === format) ? readPerson(value) : NOT_BELIEVED;
  if (!believed.includes('complex')) return NOT_BELIEVED;

  const person = user === undefined ? NOT_BELIEVED : readUser(user, believed);
  const one = session === undefined ? NOT_BELIEVED : readSession(session);
  if (person.outcome === 'malformed' || one.outcome === 'malformed') return MALFORMED;
  const [first, second] = ends === 'session' ? [one, person] : [person, one];
  return first.outcome === 'named' ? first : second;
}

/** A `user` by address is believed only where addresses are. */
function readUser(user: unknown, believed: SecurityEventsSettings['subjects']): SubjectRead {
  const read = readPerson(user);
  return read.outcome === 'named' && read.named.kind === 'email' && !believed.includes('email') ? NOT_BELIEVED : read;
}

function readPerson(value: unknown): SubjectRead {
  const parsed = identifier.safeParse(value);
  if (!parsed.success) return MALFORMED;
  switch (parsed.data.format) {
    case 'iss_sub':
      return readIssSub(value, 'sub');
    case 'email': {
      const address = email.safeParse(value);
      const lowered = address.success ? emailOf(address.data.email) : null;
      return lowered === null ? MALFORMED : { outcome: 'named', named: { kind: 'email', value: lowered, iss: null } };
    }
    default:
      return NOT_BELIEVED;
  }
}

/** The OP's `sid`, as an opaque identifier or under the OP's name. */
function readSession(value: unknown): SubjectRead {
  const parsed = identifier.safeParse(value);
  if (!parsed.success) return MALFORMED;
  switch (parsed.data.format) {
    case 'iss_sub':
      return readIssSub(value, 'sid');
    case 'opaque': {
      const { success, data } = opaque.safeParse(value);
      return success ? { outcome: 'named', named: { kind: 'sid', value: data.id, iss: null } } : MALFORMED;
    }
    default:
      return NOT_BELIEVED;
  }
}

function readIssSub(value: unknown, kind: 'sub' | 'sid'): SubjectRead {
  const { success, data } = issSub.safeParse(value);
  return success ? { outcome: 'named', named: { kind, value: data.sub, iss: data.iss } } : MALFORMED;
}
