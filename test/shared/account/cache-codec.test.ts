import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CACHE_BYTES_MAX, decodeCache, encodeCache, idTokenIn } from '../../../shared/account/cache-codec.ts';
import { createTestAmbient } from '../../support/ambient.ts';

const { randomBytes } = createTestAmbient();
/** Text that does not compress, as tokens do not. */
const token = (characters: number): string =>
  Buffer.from(randomBytes(characters)).toString('base64url').slice(0, characters);

const cacheOf = (cachedAt: readonly number[], refreshToken: string, characters: number, idToken = 'id-token'): string =>
  JSON.stringify({
    Account: { a: { home_account_id: 'alice' } },
    IdToken: { i: { secret: idToken } },
    AccessToken: Object.fromEntries(
      cachedAt.map((time) => [`at-${time}`, { cached_at: String(time), secret: token(characters) }]),
    ),
    RefreshToken: { r: { secret: refreshToken } },
  });

/** The cache as a property would hold it, and as it comes out again. */
function stored(cache: string): string | null {
  const encoded = encodeCache(cache);
  if (encoded === null) throw new Error('the cache does not fit');
  expect(encoded.length).toBeLessThanOrEqual(CACHE_BYTES_MAX);
  return decodeCache(encoded);
}

describe("a session's token cache", () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (cache) => {
        expect(stored(cache)).toBe(cache);
      }),
    );
  });

  it('sheds its oldest access tokens where it does not fit, whatever order they are in, and keeps the refresh token', () => {
    const refreshToken = token(2_000);
    const kept = JSON.parse(stored(cacheOf([300, 100, 500, 200, 400], refreshToken, 30_000)) ?? '');
    expect(Object.keys(kept.AccessToken)).toEqual(['at-400', 'at-500']);
    expect(kept.RefreshToken.r.secret).toBe(refreshToken);
    expect(kept.Account.a.home_account_id).toBe('alice');
    expect(kept.IdToken.i.secret).toBe('id-token');
  });

  it('sheds even its last access token before the refresh token', () => {
    const kept = JSON.parse(stored(cacheOf([100], token(40_000), 60_000)) ?? '');
    expect(kept.AccessToken).toEqual({});
    expect(kept.RefreshToken.r.secret).toHaveLength(40_000);
  });

  it('sheds its ID token when no access token is left to shed, and still keeps the refresh token', () => {
    const kept = JSON.parse(stored(cacheOf([100], token(40_000), 10_000, token(60_000))) ?? '');
    expect(kept).toMatchObject({ AccessToken: {}, IdToken: {}, Account: { a: { home_account_id: 'alice' } } });
    expect(kept.RefreshToken.r.secret).toHaveLength(40_000);
  });

  it('does not fit where the refresh token alone does not: it is never shed', () => {
    expect(encodeCache(cacheOf([100], token(100_000), 10))).toBeNull();
  });

  it('is nothing where the bytes are none, and never an exception', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const decoded = decodeCache(bytes);
        expect(decoded === null || typeof decoded === 'string').toBe(true);
      }),
    );
  });

  it('is nothing where it would inflate without end', () => {
    expect(stored('0'.repeat(5 * 1024 * 1024))).toBeNull();
  });
});

describe("a session's ID token", () => {
  it('is found in its cache', () => {
    expect(idTokenIn(cacheOf([100], 'refresh-token', 10))).toBe('id-token');
  });

  it.each(['{}', '{"IdToken":{}}', '{"IdToken":{"i":{}}}', '{"IdToken":{"i":{"secret":""}}}'])(
    'is not made up where there is none: %s',
    (cache) => {
      expect(idTokenIn(cache)).toBeNull();
    },
  );
});
