import { refreshTokensIn } from '../../shared/account/cache-codec.ts';
import type { SessionCache } from '../../shared/tokens/token-client.ts';

/** A cache as MSAL writes it, with a refresh token of this name. */
export const cacheWith = (refreshToken: string): string =>
  JSON.stringify({ RefreshToken: { one: { secret: refreshToken } } });

/** The names of the refresh tokens in these caches, sorted. */
export const namesIn = (caches: readonly Pick<SessionCache, 'serialized'>[]): string[] =>
  caches.flatMap(({ serialized }) => refreshTokensIn(serialized)).toSorted();
