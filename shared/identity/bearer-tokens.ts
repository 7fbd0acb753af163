import type { Ambient } from '../ambient/ambient.ts';
import { raceDeadline } from '../ambient/deadline.ts';
import { parseWwwAuthenticate } from '../http/www-authenticate.ts';

/** What a credential gives, with the times in milliseconds since the epoch. */
export interface BearerToken {
  readonly token: string;
  readonly expiresOnTimestamp: number;
  readonly refreshAfterTimestamp?: number | undefined;
}

export interface TokenWishes {
  readonly abortSignal: AbortSignal;
  /** The caller understands a challenge for claims (continuous access evaluation). */
  readonly enableCae: true;
  readonly claims?: string;
}

export type GetToken = (wishes: TokenWishes) => Promise<BearerToken | null>;

/**
 * The tokens of one identity for one resource, kept in memory and renewed ahead. The library that asks for them keeps them too,
 * but waits for a renewal, fails with it, and renews once for each of those who want it at the same time.
 */
export interface BearerTokens {
  /** Waits only where none is held that lasts. */
  get(): Promise<string>;
  /** The same, with its times. */
  take(): Promise<BearerToken>;
  /**
   * Another than one that was refused.
   *
   * @param challenge the `WWW-Authenticate` that came with the refusal
   * @returns null where there is none
   */
  instead(refused: string, challenge: string | readonly string[]): Promise<string | null>;
}

// As the SDK has them (core-rest-pipeline, tokenCycler).
const RENEWED_AHEAD_MILLISECONDS = 120_000;
/** A token that ends sooner is not sent any more. */
const LEFT_MILLISECONDS_MIN = 1_000;
const TRIES_APART_MILLISECONDS = 3_000;
/** The credential has no deadline of its own, and one that hangs must not hold up all who come later. */
const CREDENTIAL_DEADLINE_MILLISECONDS = 10_000;

/** One renewal is under way at a time, whoever wants it. A token that is held is used until it ends, whatever its renewal does. */
export function createBearerTokens(getToken: GetToken, { now, monotonic }: Ambient): BearerTokens {
  let held: BearerToken | null = null;
  let renewal: Promise<BearerToken> | null = null;
  let triedAt = Number.NEGATIVE_INFINITY;
  let refusedAt = Number.NEGATIVE_INFINITY;

  async function begin(claims: string | undefined): Promise<BearerToken> {
    triedAt = monotonic();
    try {
      const got = await raceDeadline(CREDENTIAL_DEADLINE_MILLISECONDS, (abortSignal) =>
        getToken({ abortSignal, enableCae: true, ...(claims !== undefined && { claims }) }),
      );
      if (got === null) throw new Error('the credential gave no token');
      held = got;
      return got;
    } finally {
      renewal = null;
    }
  }
  const renew = (claims?: string): Promise<BearerToken> => {
    renewal ??= begin(claims);
    return renewal;
  };
  const isLongAgo = (time: number): boolean => monotonic() - time >= TRIES_APART_MILLISECONDS;

  const take = async (): Promise<BearerToken> => {
    // Also where its end is no time: it would else be sent for ever.
    if (held === null || !(held.expiresOnTimestamp - now() >= LEFT_MILLISECONDS_MIN)) return renew();
    if (renewal === null && isDue(held, now()) && isLongAgo(triedAt)) renew().catch(() => {});
    return held;
  };

  return {
    take,
    get: async () => (await take()).token,

    async instead(refused, challenge) {
      if (held !== null && held.token !== refused) return held.token;
      // Whoever is refused whatever they show would else have the credential asked with every read.
      if (renewal === null && !isLongAgo(refusedAt)) return null;
      refusedAt = monotonic();
      const { token } = await renew(claimsOf(challenge));
      return token === refused ? null : token;
    },
  };
}

function isDue({ expiresOnTimestamp, refreshAfterTimestamp }: BearerToken, now: number): boolean {
  return (
    (refreshAfterTimestamp !== undefined && refreshAfterTimestamp < now) ||
    expiresOnTimestamp - now < RENEWED_AHEAD_MILLISECONDS
  );
}

/** The claims that the service wants in a token. Nothing else of a challenge counts: it names no audience to us. */
function claimsOf(challenge: string | readonly string[]): string | undefined {
  const wanted = parseWwwAuthenticate(challenge).find(
    ({ scheme, parameters }) => scheme === 'bearer' && parameters.get('error') === 'insufficient_claims',
  );
  const claims = wanted?.parameters.get('claims');
  return claims === undefined ? undefined : Buffer.from(claims, 'base64').toString();
}
