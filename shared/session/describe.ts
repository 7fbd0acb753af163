import { idleEnd, type SessionId, type SessionRecord } from '../account/session-record.ts';
import type { LiveSession } from './check.ts';

/** A session as its owner may see it. All times in ISO 8601. */
export interface SessionTimes {
  readonly id: string;
  readonly signedInAt: string;
  readonly lastUsedAt: string;
  readonly idleEndsAt: string;
  readonly endsAt: string;
  readonly device: string;
}

/** Who is signed in, for a page of this application: what `GET /auth/session` answers. Never a token, never the `sid`. */
export interface SessionDescription {
  readonly user: { readonly name: string | null; readonly username: string | null };
  readonly session: SessionTimes;
}

export function describeSession({ ticket, record }: LiveSession, idleMinutes: number): SessionDescription {
  return {
    user: { name: record.user.name, username: record.user.username },
    session: describeRecord(ticket.sessionId, record, idleMinutes),
  };
}

/** What a record says of when and where, and nothing that it says of whom. */
export function describeRecord(id: SessionId, record: SessionRecord, idleMinutes: number): SessionTimes {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    id,
    signedInAt: iso(record.signedInAt),
    lastUsedAt: iso(record.lastUsedAt),
    idleEndsAt: iso(idleEnd(record, idleMinutes)),
    endsAt: iso(record.endsAt),
    device: record.device,
  };
}
