/** Where the OP session's id of a sign-in came from. */
export type SidFrom = 'id_token' | 'session_state' | 'nowhere';

/** What a sign-in says of the OP's configuration: nothing of the person. */
export interface SigninSeen {
  readonly sid: SidFrom;
  /** Whether there was a `login_hint` claim, by which the OP asks nobody at a sign-out. */
  readonly loginHint: boolean;
}

/** The last sign-in of this instance, for readiness to tell whether optional claims are configured. */
export interface LastSignin {
  note(seen: SigninSeen): void;
  /** Null while nobody has signed in here. */
  get(): SigninSeen | null;
}

export function createLastSignin(): LastSignin {
  let last: SigninSeen | null = null;
  return {
    note(seen) {
      last = seen;
    },
    get: () => last,
  };
}
