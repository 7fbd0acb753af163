import { randomUUID } from 'node:crypto';

/** One OP session: the browser's, across applications. */
export interface OpSession {
  /** The same in every application's ID token, as Entra's is; the library's own would differ per client. */
  readonly sid: string;
  /** Client ids of the applications signed in during this session: those that a sign-out calls. */
  readonly applications: Set<string>;
}

/** OP sessions by the library's session uid. One outlives its sign-out: a code still in flight then carries the same `sid`. */
export interface OpSessions {
  of(uid: string): OpSession;
  /** The uid of the session that has this `sid`. */
  uidOf(sid: string): string | undefined;
}

/** @param onSid told of each new `sid` */
export function createSessions(onSid: (sid: string) => void): OpSessions {
  const sessions = new Map<string, OpSession>();
  return {
    of(uid) {
      const known = sessions.get(uid);
      if (known) return known;
      const session: OpSession = { sid: randomUUID(), applications: new Set() };
      sessions.set(uid, session);
      onSid(session.sid);
      return session;
    },
    uidOf: (sid) => [...sessions].find(([, session]) => session.sid === sid)?.[0],
  };
}
