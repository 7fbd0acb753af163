import { idleEnd } from '../account/session-record.ts';
import type { LiveSession } from './check.ts';

/** Who is signed in, for a page of this application: what `GET /auth/session` answers. Never a token, never the `sid`. */
export interface SessionDescription {
  readonly user: { readonly name: string | null; readonly username: string | null };
  readonly session: {
    readonly id: string;
    /** All times in ISO 8601. */
    readonly signedInAt: string;
    readonly lastUsedAt: string;
    readonly idleEndsAt: string;
    readonly endsAt: string;
    readonly device: string;
  };
}

export function describeSession({ ticket, record }: LiveSession, idleMinutes: number): SessionDescription {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    user: { name: record.user.name, username: record.user.username },
    session: {
      id: ticket.sessionId,
      signedInAt: iso(record.signedInAt),
      lastUsedAt: iso(record.lastUsedAt),
      idleEndsAt: iso(idleEnd(record, idleMinutes)),
      endsAt: iso(record.endsAt),
      device: record.device,
    },
  };
}
