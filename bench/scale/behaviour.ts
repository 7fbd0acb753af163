/** What people are assumed to do: to be read as a question to whoever runs the application, not as a fact. */
export interface Behaviour {
  /** Sign-ins of an account a day, on all its devices. */
  readonly signInsADay: number;
  /** API calls in the life of a session. */
  readonly callsASession: number;
  /** How long a session is in use, from its sign-in on. */
  readonly hoursInUse: number;
  /** Of the sessions, how many end by their own sign-out, and how many by one that the OP tells of. The rest run out. */
  readonly ownSignOuts: number;
  readonly signOutsByOp: number;
  /** How much more the busiest second sees than an average one. */
  readonly peakFactor: number;
}

/** A working day at an office: one sign-in, a page that is used now and then, half of the people sign out. */
export const OFFICE: Behaviour = {
  signInsADay: 1,
  callsASession: 100,
  hoursInUse: 8,
  ownSignOuts: 0.3,
  signOutsByOp: 0.2,
  peakFactor: 4,
};

export const ACTIVITIES = ['sign-in', 'call', 'sign-out', 'sweep'] as const;
export type Activity = (typeof ACTIVITIES)[number];

/** How often an account does what, a day. A sweep is counted by the session that it clears away. */
export function timesADay(behaviour: Behaviour): Readonly<Record<Activity, number>> {
  const { signInsADay, callsASession, ownSignOuts, signOutsByOp } = behaviour;
  return {
    'sign-in': signInsADay,
    call: signInsADay * callsASession,
    'sign-out': signInsADay * (ownSignOuts + signOutsByOp),
    sweep: signInsADay,
  };
}
