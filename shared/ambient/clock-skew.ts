/** How far two instances' clocks may differ. */
export const CLOCK_SKEW_MILLISECONDS = 2_000;

/**
 * Whether a sign-in attempt began before a sign-out was received, in the sense in which a sign-out ends it: in doubt it
 * did, because a session too few costs a sign-in and a session too many breaks G1.
 */
export function beganBefore(startedAt: number, receivedAt: number): boolean {
  return startedAt < receivedAt + CLOCK_SKEW_MILLISECONDS;
}
