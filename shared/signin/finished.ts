import type { ProblemCode } from '../http/problems.ts';
import type { SessionTicket } from '../session/ticket.ts';
import type { Unavailable } from '../store/table.ts';
import type { Attempt } from './attempt.ts';
import type { SigninBegun } from './begin.ts';

/** What comes of a callback. */
export type SigninFinished =
  | { readonly outcome: 'signed-in'; readonly ticket: SessionTicket; readonly attempt: Attempt }
  /** A sign-out came in meanwhile: the browser goes to the OP once more. */
  | SigninBegun
  | SigninRefused;

export interface SigninRefused {
  readonly outcome: 'refused';
  readonly code: ProblemCode;
  readonly reason: string;
}

export const refused = (code: ProblemCode, reason: string = code): SigninRefused => ({
  outcome: 'refused',
  code,
  reason,
});

export const storageRefused = ({ reason }: Unavailable): SigninRefused => refused('storage_unavailable', reason);
