import type { AccountKey } from '../../shared/account/account-key.ts';
import type { SessionId } from '../../shared/account/session-record.ts';

/** A session as the witness saw it come. */
export interface Known {
  readonly id: SessionId;
  readonly account: AccountKey;
  readonly sid: string | null;
  /** The place of its attempt's beginning in the true order of events. */
  readonly began: number;
  /** The same by the clock of the instance where it set out. */
  readonly startedAt: number;
  readonly endsAt: number;
  /** The sessions whose place it took: of one browser, earlier. */
  readonly replaced?: readonly SessionId[];
  /** The operation that brought it; missing where it stood before. */
  readonly broughtBy?: string;
}

/** One operation's time, from when it set out. */
export interface Life {
  readonly setOut: number;
  /** The same by its own clock, or when the sign-out was received that it retries: milliseconds since the epoch. */
  readonly receivedAt: number;
  /** What stood when it set out. */
  readonly found: readonly Known[];
  /** What stood at any moment since. */
  readonly saw: Set<SessionId>;
  /** Whose place was taken by what stood, and by which. */
  readonly sawReplaced: Map<SessionId, Known>;
  /** What it ended. */
  readonly ended: Known[];
}

export type Sessions = (session: Known) => boolean;

/** What an operation's caller was told, and what has to be true for it. */
export interface Told {
  readonly says: string;
  /** This session stood at a moment of the operation's life (G4). */
  readonly stood?: SessionId;
  /** The access token that was sent for that session: one of its own. */
  readonly token?: string | null;
  /** From the answer on, for good, no such session stands. */
  readonly gone?: Sessions;
  /** A sign-in was refused because a sign-out came in that concerns it. */
  readonly overtaken?: true;
  /** Storage failed: it must have. */
  readonly storageFailed?: true;
  /** A queued sign-out, by its name, has been carried out. */
  readonly finishes?: string;
}

/** What the witness has to know of an operation. */
export interface Conduct {
  readonly name: string;
  readonly signsIn?: true;
  readonly signsOut?: true;
  readonly sweeps?: true;
  /** For a sign-out that was received earlier: how long ago, milliseconds. */
  readonly ago?: number;
  /** The partitions of `accounts` and `sids` that it may name (G6). */
  readonly partitions: readonly string[];
  /**
   * Whether it may end that session.
   *
   * @param refused whether the OP has told it that the refresh token is dead
   */
  mayEnd(session: Known, life: Life, refused: boolean): boolean;
}
