/**
 * What instances tell one another of a session's refresh token: property `l_{id}` of its account, sealed. All times are
 * milliseconds since the epoch.
 */
export interface Lease {
  /** Who redeems the refresh token now, and until when at the latest; empty and 0 where nobody does. */
  readonly holder: string;
  readonly until: number;
  /** When it was last redeemed; null where nobody has since the sign-in, and where an older version wrote this. */
  readonly redeemedAt: number | null;
  /** What became of the last try, where it failed: the answer for those who waited for it. */
  readonly failure: RedemptionFailure | null;
}

/** A redemption that the OP did not grant, and that left the refresh token as good as it was. */
export interface RedemptionFailure {
  /** The holder whose try it was. */
  readonly holder: string;
  readonly outcome: (typeof FAILURE_OUTCOMES)[number];
  /** A code for the log, never the OP's text. */
  readonly reason: string;
  readonly scopes: readonly string[];
}

const FAILURE_OUTCOMES = ['interaction-required', 'op-unavailable', 'op-refused'] as const;
/** A code is short; whatever is longer must not grow what every call reads. */
const REASON_CHARACTERS_MAX = 100;

/** When the OP last vouched for a session: at its sign-in, or at a redemption since. */
export function vouchedAt(lease: Lease | null, signedInAt: number): number {
  return Math.max(signedInAt, lease?.redeemedAt ?? signedInAt);
}

export function encodeLease({ failure, ...lease }: Lease): Uint8Array {
  const short = failure && { ...failure, reason: failure.reason.slice(0, REASON_CHARACTERS_MAX) };
  return Buffer.from(JSON.stringify({ ...lease, failure: short }));
}

/** Null where the bytes, though sealed here, are no lease. What an older version left out, or a newer one changed, is null in it. */
export function decodeLease(bytes: Uint8Array): Lease | null {
  try {
    const { holder, until, redeemedAt, failure } = JSON.parse(Buffer.from(bytes).toString('utf8')) as Partial<Lease>;
    if (typeof holder !== 'string' || typeof until !== 'number') return null;
    return {
      holder,
      until,
      redeemedAt: typeof redeemedAt === 'number' ? redeemedAt : null,
      failure: isFailure(failure) ? failure : null,
    };
  } catch {
    return null;
  }
}

function isFailure(value: unknown): value is RedemptionFailure {
  if (typeof value !== 'object' || value === null) return false;
  const { holder, outcome, reason, scopes } = value as Partial<Record<keyof RedemptionFailure, unknown>>;
  return (
    typeof holder === 'string' &&
    FAILURE_OUTCOMES.some((known) => known === outcome) &&
    typeof reason === 'string' &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string')
  );
}
