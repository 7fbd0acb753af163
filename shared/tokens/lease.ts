import type { Lease } from '../account/account.ts';
import type { Ambient } from '../ambient/ambient.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';

/** The longest that a redemption at the OP may take; MSAL's network client gives up then. */
export const REDEMPTION_DEADLINE_MILLISECONDS = 10_000;
/** Time to write the redeemed tokens back while the lease still holds. */
const WRITE_BACK_MILLISECONDS = 5_000;
export const LEASE_MILLISECONDS = REDEMPTION_DEADLINE_MILLISECONDS + CLOCK_SKEW_MILLISECONDS + WRITE_BACK_MILLISECONDS;
/** How long one that waits, for another's redemption or for storage, sleeps between two looks. */
export const LOOK_AGAIN_MILLISECONDS = 100;

/** A lease for this operation alone: two refreshes in one process do not share one. */
export function takeLease(ambient: Ambient): Lease {
  const holder = Buffer.from(ambient.randomBytes(12)).toString('hex');
  return { holder, until: ambient.now() + LEASE_MILLISECONDS };
}

export const RELEASED: Lease = { holder: '', until: 0 };

export function isHeld(lease: Lease | null, now: number): boolean {
  return lease !== null && lease.until > now;
}

/**
 * Whether there is still time to redeem under a lease asked for at `askedAt` (monotonic, milliseconds): the write that
 * took it may itself have taken long, and a redemption that outlasts its lease meets the next holder's.
 */
export function timeToRedeem(ambient: Ambient, askedAt: number): boolean {
  const left = LEASE_MILLISECONDS - (ambient.monotonic() - askedAt);
  return left >= REDEMPTION_DEADLINE_MILLISECONDS + CLOCK_SKEW_MILLISECONDS;
}
