import type { Ambient } from '../../shared/ambient/ambient.ts';
import type {
  AccessToken,
  Refreshed,
  SessionCache,
  TokenClient,
  TokenFailure,
} from '../../shared/tokens/token-client.ts';
import { HOUR } from './records.ts';

/** A cache as the scripted OP fills it: which refresh token is good, and the newest access token. */
interface ScriptedCache {
  readonly refreshToken: number;
  readonly accessToken: AccessToken | null;
}

/** A cache whose refresh token is the OP's first, with an access token or without. */
export function scriptedCache(accessToken: AccessToken | null = null): string {
  return JSON.stringify({ refreshToken: 0, accessToken } satisfies ScriptedCache);
}

export interface ScriptedTokenClient extends TokenClient {
  /** How often a refresh token was redeemed. */
  redemptions(): number;
  /** The claims that were asked for with each redemption, JSON; null for none. */
  readonly claimed: (string | null)[];
  /** How often the application asked for a token of its own. */
  ownRedemptions(): number;
  /** The caches whose refresh tokens were revoked. */
  readonly revoked: SessionCache[];
  /** Happens while a redemption is at the OP. */
  during: (() => Promise<unknown>) | undefined;
  /** What the OP answers instead of tokens. */
  failure: TokenFailure | undefined;
}

/** An OP that rotates refresh tokens: each is good once, and one that comes twice is dead, as its whole family then is. */
export function scriptedTokenClient(ambient: Ambient): ScriptedTokenClient {
  let good = 0;
  let redemptions = 0;
  let own = 0;
  const read = (cache: SessionCache) => JSON.parse(cache.serialized) as ScriptedCache;
  const redeem = (cache: SessionCache): Refreshed | TokenFailure => {
    if (client.failure) return client.failure;
    if (read(cache).refreshToken !== good) return { outcome: 'grant-dead', reason: 'invalid_grant' };
    good += 1;
    const obtainedAt = ambient.now();
    const accessToken = { token: `access-token-${good}`, obtainedAt, expiresAt: obtainedAt + HOUR };
    const serialized = JSON.stringify({ refreshToken: good, accessToken } satisfies ScriptedCache);
    return { outcome: 'refreshed', accessToken, cache: { ...cache, serialized } };
  };
  const client: ScriptedTokenClient = {
    during: undefined,
    failure: undefined,
    redemptions: () => redemptions,
    ownRedemptions: () => own,
    claimed: [],
    revoked: [],
    revocation: 'token',
    redeemCode: () => Promise.reject(new Error('no code is redeemed here')),
    fromCache: (cache) => read(cache).accessToken,
    async ofApplication() {
      own += 1;
      const obtainedAt = ambient.now();
      const token = `own-token-${own}`;
      await client.during?.();
      return (
        client.failure ?? { outcome: 'redeemed', accessToken: { token, obtainedAt, expiresAt: obtainedAt + HOUR } }
      );
    },
    async refresh(cache, _scopes, claims = null) {
      redemptions += 1;
      client.claimed.push(claims);
      const redeemed = redeem(cache);
      await client.during?.();
      return redeemed;
    },
    async revoke(cache) {
      client.revoked.push(cache);
      return 'revoked';
    },
  };
  return client;
}
