import { beganBefore } from '../../shared/ambient/clock-skew.ts';
import type { SessionTicket } from '../../shared/session/ticket.ts';
import { endListedSession } from '../../shared/signout/end-listed.ts';
import type { Known, Sessions } from './told.ts';
import type { Operation } from './world.ts';

/** Whoever holds one session ends another of the account. */
export function endingSession(name: string, asker: SessionTicket, named: Known): Operation {
  const isNamed: Sessions = ({ id }) => id === named.id;
  const tookItsPlace: Sessions = ({ replaced }) => replaced?.includes(named.id) ?? false;
  return {
    name,
    signsOut: true,
    partitions: [asker.account],
    // A dead cookie ends nothing. What takes the place of the named one meanwhile may go with it.
    mayEnd: (other, { saw, sawReplaced, receivedAt }) =>
      (saw.has(asker.sessionId) || sawReplaced.has(asker.sessionId)) &&
      (isNamed(other) || tookItsPlace(other)) &&
      beganBefore(other.startedAt, receivedAt),
    run: async ({ application, life }) => {
      const ended = await endListedSession(application, asker, named.id, life.receivedAt);
      switch (ended.outcome) {
        case 'ended':
          return { says: 'ended', gone: isNamed };
        case 'unknown':
          // Or its time is over, and the sweep comes for it.
          return { says: '404', gone: (other) => isNamed(other) && other.endsAt > life.receivedAt };
        case 'signed-out':
          return { says: '401', gone: ({ id }) => id === asker.sessionId };
        case 'queued':
          return { says: '503, queued', storageFailed: true };
        case 'unfinished':
        case 'unavailable':
          return { says: '503, not done', storageFailed: true };
      }
    },
  };
}
