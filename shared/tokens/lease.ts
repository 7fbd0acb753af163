import { createHash } from 'node:crypto';
import type { Lease, RedemptionFailure } from '../account/lease-record.ts';
import type { Ambient } from '../ambient/ambient.ts';
import { CLOCK_SKEW_MILLISECONDS } from '../ambient/clock-skew.ts';

/** The longest that a redemption at the OP may take; MSAL's network client gives up then. */
export const REDEMPTION_DEADLINE_MILLISECONDS = 10_000;
/** Time to write the redeemed tokens back while the lease still holds. */
const WRITE_BACK_MILLISECONDS = 5_000;
export const LEASE_MILLISECONDS = REDEMPTION_DEADLINE_MILLISECONDS + CLOCK_SKEW_MILLISECONDS + WRITE_BACK_MILLISECONDS;
/** How long one that waits for storage sleeps before it tries again. */
export const LOOK_AGAIN_MILLISECONDS = 100;
/** Whoever waits for another's redemption looks after so much of the time that they have waited. */
const LOOK_AGAIN_SHARE = 0.125;
const LOOK_AGAIN_MILLISECONDS_MIN = 50;
const LOOK_AGAIN_MILLISECONDS_MAX = 1_000;

/**
 * How long one that waits for another's redemption sleeps before its next look: longer the longer it has waited, so that an
 * answer is found at most an eighth later than it is there, and those who wait for a slow OP do not take the partition from its holder.
 */
export function lookAgainIn(waitedMilliseconds: number): number {
  const share = Math.round(LOOK_AGAIN_SHARE * waitedMilliseconds);
  return Math.min(Math.max(share, LOOK_AGAIN_MILLISECONDS_MIN), LOOK_AGAIN_MILLISECONDS_MAX);
}

/**
 * A lease for this operation alone: two refreshes in one process do not share one. What was known of the tries before
 * stays in it, for those who waited for them and look only now.
 */
export function takeLease(ambient: Ambient, before: Lease | null): Lease {
  const holder = Buffer.from(ambient.randomBytes(12)).toString('hex');
  const { redeemedAt = null, failure = null } = before ?? {};
  return { holder, until: ambient.now() + LEASE_MILLISECONDS, redeemedAt, failure };
}

/** After a redemption: nobody holds it, and nothing that failed before counts any more. */
export function redeemedLease(redeemedAt: number): Lease {
  return { holder: '', until: 0, redeemedAt, failure: null };
}

/** After a try that failed: nobody holds it, and those who waited for this try find its answer. */
export function failedLease(held: Lease | null, failure: Omit<RedemptionFailure, 'holder'> | null): Lease {
  const { holder = '', redeemedAt = null } = held ?? {};
  return { holder: '', until: 0, redeemedAt, failure: failure && { holder, ...failure } };
}

/**
 * The failure of the try that one has waited for, if it would have been one's own: an OP that does not answer answers
 * nobody, but what it refuses for some scopes or claims it may grant for others. By the holder, not by the time: clocks differ, and
 * a try that was over before one came says nothing about the next.
 *
 * @param awaited the holder whom one saw; null where one saw none
 * @param asked see {@link askedFor}
 */
export function failureAwaited(
  lease: Lease | null,
  awaited: string | null,
  asked: readonly string[],
): RedemptionFailure | null {
  const failure = lease?.failure ?? null;
  if (failure === null || failure.holder !== awaited) return null;
  if (failure.outcome === 'op-unavailable') return failure;
  return failure.scopes.join(' ') === asked.join(' ') ? failure : null;
}

/** What the OP is asked for in a try, as its failure names it: claims by their hash, since every call reads it. */
export function askedFor(scopes: readonly string[], claims: string | null | undefined): readonly string[] {
  return claims ? [...scopes, createHash('sha256').update(claims).digest('base64url')] : scopes;
}

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
