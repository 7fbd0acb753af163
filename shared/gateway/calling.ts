import type { Application } from '../application/application.ts';
import type { ProblemCode } from '../http/problems.ts';
import type { Log } from '../log/log.ts';
import type { ClaimsRequest } from '../oidc/claims-request.ts';
import type { LiveSession } from '../session/check.ts';
import type { DownstreamApi } from '../settings/settings.ts';
import type { ForApi } from '../signin/sign-in-path.ts';

/** Why a call is refused, and what the sign-in that helps has to bring. */
export interface Refused extends ForApi {
  readonly outcome: 'refused';
  readonly code: ProblemCode;
  readonly reason: string;
}

export type CallToken =
  | {
      readonly outcome: 'token';
      /** Null: the API is sent none. */
      readonly token: string | null;
      /** The session has just been written by a refresh: the ETag that was read before is no more. */
      readonly refreshed: boolean;
    }
  | Refused;

/** The tokens of one call. */
export interface CallTokens {
  first(): Promise<CallToken>;
  /** The API took this one. */
  accepted(token: string): void;
  /** What the API wants of the person that their sign-in did not prove, so that no other token of theirs will do; null: nothing. */
  unproved(wwwAuthenticate: string | readonly string[] | undefined): Refused | null;
  /**
   * The API has refused this one, perhaps for claims that it wants.
   *
   * @param mayRepeat whether the call would be sent again
   * @returns 'stands' where the API's answer is all that can be said
   */
  another(token: string, challenge: ClaimsRequest | null, mayRepeat: boolean): Promise<CallToken | 'stands'>;
}

/** Who calls what: of one call. */
export interface Calling {
  readonly application: Application;
  readonly log: Log;
  readonly api: DownstreamApi;
}

/** The same for a session that was read live in this request (G4). */
export interface SessionCalling extends Calling {
  readonly session: LiveSession;
}
