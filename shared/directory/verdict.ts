import { SESSION_MINUTES_MAX } from '../settings/registry/sessions.ts';
import type { DirectoryUser, NotFound } from './graph.ts';

/** No setting lets a session live longer, and its attempt set out before it by ten minutes at most. */
const SESSION_MILLISECONDS_MAX = (SESSION_MINUTES_MAX + 60) * 60_000;

/** What of a user's sessions the directory ends. `asOf`: those that began before, milliseconds since the epoch. */
export type Verdict =
  /** Whatever there is: the user is let in no more. */
  | { readonly ends: 'all'; readonly asOf: number }
  /** What began before a revocation. */
  | { readonly ends: 'earlier'; readonly asOf: number }
  | { readonly ends: 'nothing' };

/**
 * What follows of how the directory has a user now, and of that alone: so neither the order in which notifications come nor how
 * often makes a difference.
 *
 * A user who is not found is deleted: in the recycle bin, where `GET /users/{id}` does not look. (One so new that Graph's
 * replicas do not have it yet has no session that could end.)
 *
 * @param askedAt when Graph was asked, milliseconds since the epoch: what began later, the directory let in
 */
export function verdictOn(user: DirectoryUser | NotFound, askedAt: number): Verdict {
  if ('outcome' in user || !user.accountEnabled) return { ends: 'all', asOf: askedAt };
  const { sessionsValidFrom } = user;
  // Every user has such a moment, mostly of long ago: a change of a telephone number must not cost storage calls.
  if (sessionsValidFrom === null || sessionsValidFrom < askedAt - SESSION_MILLISECONDS_MAX) return { ends: 'nothing' };
  // Of the directory's clock being ahead nobody may be kept out: no sign-out counts from a moment that is still to come.
  return { ends: 'earlier', asOf: Math.min(sessionsValidFrom, askedAt) };
}
