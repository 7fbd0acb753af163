/** What `GET /auth/session` answers to somebody who is signed in; times in ISO 8601. */
export interface SessionAnswer {
  readonly user: { readonly name: string | null; readonly username: string | null };
  readonly session: {
    readonly id: string;
    readonly signedInAt: string;
    readonly lastUsedAt: string;
    readonly idleEndsAt: string;
    readonly endsAt: string;
    readonly device: string;
  };
}

/** When the session ends if nobody uses it any more, milliseconds since the epoch. */
export function endOf({ session }: SessionAnswer): number {
  return Math.min(Date.parse(session.idleEndsAt), Date.parse(session.endsAt));
}
