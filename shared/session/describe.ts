import { idleEnd, type SessionId, type SessionRecord } from '../account/session-record.ts';
import type { LiveSession } from './check.ts';

/** What a record says of when and where, and nothing that it says of whom. All times in ISO 8601. */
export interface SessionCircumstances {
  readonly signedInAt: string;
  readonly lastUsedAt: string;
  readonly idleEndsAt: string;
  readonly endsAt: string;
  readonly device: string;
}

/** A session as its owner may see it. */
export interface OwnedSession extends SessionCircumstances {
  readonly id: string;
}

/** Who is signed in, for a page of this application: what `GET /auth/session` answers. Never a token, never the `sid`. */
export interface SessionDescription {
  readonly user: { readonly name: string | null; readonly username: string | null };
  readonly session: OwnedSession;
}

export function describeSession({ ticket, record }: LiveSession, idleMinutes: number): SessionDescription {
  return {
    user: { name: record.user.name, username: record.user.username },
    session: describeOwned(ticket.sessionId, record, idleMinutes),
  };
}

export function describeOwned(id: SessionId, record: SessionRecord, idleMinutes: number): OwnedSession {
  return { id, ...describeCircumstances(record, idleMinutes) };
}

export function describeCircumstances(record: SessionRecord, idleMinutes: number): SessionCircumstances {
  const iso = (time: number) => new Date(time).toISOString();
  return {
    signedInAt: iso(record.signedInAt),
    lastUsedAt: iso(record.lastUsedAt),
    idleEndsAt: iso(idleEnd(record, idleMinutes)),
    endsAt: iso(record.endsAt),
    device: record.device,
  };
}
