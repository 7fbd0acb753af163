import { deflateRawSync, inflateRawSync } from 'node:zlib';

/** A sealed property may hold 64 KiB; what sealing adds (version, key id, IV, tag) is under 100 bytes. */
export const CACHE_BYTES_MAX = 64 * 1024 - 100;
/** An inflated cache beyond this is not ours: a bound against a decompression bomb made by somebody with our key. */
const CACHE_INFLATED_BYTES_MAX = 4 * 1024 * 1024;

/** Of MSAL's schema, what is read here. An ID token is only read at a sign-in, and kept by MSAL for its own sake. */
interface MsalCache {
  AccessToken?: Record<string, { cached_at?: string; secret?: string }>;
  IdToken?: Record<string, { secret?: string }>;
  RefreshToken?: Record<string, { secret?: string }>;
}

/**
 * Compresses an MSAL cache for sealing. Compression before encryption leaks through its length only where an attacker
 * can place chosen text beside a secret and observe the length; here neither holds: the OP alone writes a cache.
 * One that does not fit sheds access tokens, the oldest first, then the ID token; the refresh token stays.
 *
 * @returns null where it does not fit without any of them
 */
export function encodeCache(cache: string): Uint8Array | null {
  let encoded = deflateRawSync(cache);
  let slimmed: string | null = cache;
  while (encoded.length > CACHE_BYTES_MAX) {
    slimmed = withoutOldestAccessToken(slimmed) ?? withoutIdTokens(slimmed);
    if (slimmed === null) return null;
    encoded = deflateRawSync(slimmed);
  }
  return encoded;
}

/** Null where the bytes are not a compressed cache. */
export function decodeCache(bytes: Uint8Array): string | null {
  try {
    return inflateRawSync(bytes, { maxOutputLength: CACHE_INFLATED_BYTES_MAX }).toString('utf8');
  } catch {
    return null;
  }
}

/** The cache with that access token alone, and all else that is in it: the others can be had again, a refresh token cannot. */
export function withoutOtherAccessTokens(cache: string, token: string): string {
  const parsed = JSON.parse(cache) as MsalCache;
  const kept = Object.entries(parsed.AccessToken ?? {}).filter(([, { secret }]) => secret === token);
  return JSON.stringify({ ...parsed, AccessToken: Object.fromEntries(kept) });
}

/** The ID token in a cache: of one session, so there is one. Null where it was shed, or the OP gave none. */
export function idTokenIn(cache: string): string | null {
  const { IdToken: entries = {} } = JSON.parse(cache) as MsalCache;
  return Object.values(entries).find(({ secret }) => secret)?.secret ?? null;
}

/** The refresh tokens in a cache: of one account, so there is one, or none. */
export function refreshTokensIn(cache: string): string[] {
  const { RefreshToken: entries = {} } = JSON.parse(cache) as MsalCache;
  return Object.values(entries).flatMap(({ secret }) => (secret ? [secret] : []));
}

function withoutOldestAccessToken(cache: string): string | null {
  const parsed = JSON.parse(cache) as MsalCache;
  const tokens = Object.entries(parsed.AccessToken ?? {});
  const [oldest] = tokens.sort(([, a], [, b]) => Number(a.cached_at ?? 0) - Number(b.cached_at ?? 0));
  if (!oldest) return null;
  const kept = Object.fromEntries(tokens.slice(1));
  return JSON.stringify({ ...parsed, AccessToken: kept });
}

function withoutIdTokens(cache: string): string | null {
  const parsed = JSON.parse(cache) as MsalCache;
  if (Object.keys(parsed.IdToken ?? {}).length === 0) return null;
  return JSON.stringify({ ...parsed, IdToken: {} });
}
