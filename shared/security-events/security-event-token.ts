import type { JWTVerifyGetKey } from 'jose';
import * as z from 'zod/mini';
import { verifyJwt } from '../oidc/verify-jwt.ts';
import type { SecurityEventsSettings } from '../settings/settings.ts';
import type { DeliveryError } from './delivery.ts';

/** How far ahead a transmitter's clock may be. Nothing ends by that: a sign-out never counts from later than it came in. */
const CLOCK_AHEAD_SECONDS_MAX = 60;

/** Who sends the events, and its keys. */
export interface Transmitter extends SecurityEventsSettings {
  readonly keys: JWTVerifyGetKey;
}

/** Seconds since the epoch (RFC 7519 section 2), perhaps with a fraction. */
const time = z.number().check(z.gte(0));
const filled = z.string().check(z.minLength(1));
const members = z.record(z.string(), z.unknown());

const claims = z.object({
  iss: filled,
  iat: time,
  jti: filled,
  toe: z.optional(time),
  sub_id: z.optional(members),
  events: z.record(z.string(), members).check(z.refine((events) => Object.keys(events).length > 0)),
  // Both are there to be missing: with them other kinds of JWT could be passed off as a SET, and SETs as those (SSF 1.0 section 4.1.3).
  exp: z.optional(z.undefined()),
  sub: z.optional(z.undefined()),
});

/** What a verified SET says. */
export type SecurityEventToken = z.infer<typeof claims>;

export type SetVerified =
  | { readonly outcome: 'verified'; readonly set: SecurityEventToken }
  /** `reason`: for the log, and never what the token carries. */
  | { readonly outcome: 'refused'; readonly err: DeliveryError; readonly reason: string }
  /** Whether it is genuine cannot be said. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

/**
 * Verifies a security event token: its signature, `typ`, `iss`, `aud`, and that it has what one must have and nothing that it
 * must not. Its `jti` is not remembered: a sign-out counts from the time of its event, so that a replay ends nothing newer.
 *
 * @param algorithms by which it may be signed
 * @param now milliseconds since the epoch
 * @see RFC 8417 section 2; Shared Signals Framework 1.0 section 4.1
 */
export async function verifySet(
  token: string,
  { keys, issuer, audience }: Pick<Transmitter, 'keys' | 'issuer' | 'audience'>,
  algorithms: readonly string[],
  now: number,
): Promise<SetVerified> {
  const verified = await verifyJwt(token, keys, {
    audience,
    algorithms,
    requiredClaims: ['iss', 'iat', 'jti', 'events'],
    typ: 'secevent+jwt',
    ageSecondsMax: null,
    aheadSecondsMax: CLOCK_AHEAD_SECONDS_MAX,
    now,
  });
  if (verified.outcome === 'op-unavailable')
    return { outcome: 'unavailable', reason: `transmitter-${verified.reason}` };
  if (verified.outcome === 'invalid') return refused(errorOf(verified.reason), verified.reason);
  if (verified.claims.iss !== issuer) return refused('invalid_issuer', 'claim-iss');
  const parsed = claims.safeParse(verified.claims);
  if (!parsed.success) return refused('invalid_request', `claim-${String(parsed.error.issues[0]?.path[0])}`);
  return { outcome: 'verified', set: parsed.data };
}

const refused = (err: DeliveryError, reason: string): SetVerified => ({ outcome: 'refused', err, reason });

function errorOf(reason: string): DeliveryError {
  switch (reason) {
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
    case 'ERR_JOSE_ALG_NOT_ALLOWED':
    case 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED':
      return 'invalid_key';
    case 'claim-aud':
      return 'invalid_audience';
    default:
      return 'invalid_request';
  }
}
