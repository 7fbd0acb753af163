import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchRoute, normalisePath } from '../../../shared/gateway/allow.ts';

const BASE = 'https://graph.microsoft.com/v1.0';

describe('a path', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['/me', '/me'],
    ['/users/a@contoso.com/photo', '/users/a@contoso.com/photo'],
    ['/users/a%40contoso.com', '/users/a@contoso.com'],
    ['/%6d%65', '/me'],
    ['/a%20b', '/a%20b'],
    ['/a b', '/a%20b'],
    ['/a+b', '/a+b'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/café', '/caf%C3%A9'],
    ["/f(x='1',y=2)", "/f(x='1',y=2)"],
    ['/a:b!c$d&e*f~g', '/a:b!c$d&e*f~g'],
    ['/what%3f%23', '/what%3F%23'],
    ['/100%25', '/100%25'],
    ['/100%25zz', '/100%25zz'],
    ['/...', '/...'],
    ['/.hidden/a..b', '/.hidden/a..b'],
    ['/%7B%22%3C%7C%5E%60', '/%7B%22%3C%7C%5E%60'],
  ])('%j is %j in canonical form', (raw, path) => {
    expect(normalisePath(raw)).toEqual({ ok: true, path });
  });

  it.each([
    ['no slash before it', 'me'],
    ['a dot segment', '/a/../b'],
    ['a dot segment at its end', '/a/..'],
    ['a single dot', '/./a'],
    ['an encoded dot segment', '/a/%2e%2e/b'],
    ['a half encoded dot segment', '/a/.%2E/b'],
    ['an encoded slash', '/a%2fb'],
    ['an encoded slash in upper case', '/..%2F..'],
    ['an encoded backslash', '/a%5cb'],
    ['a backslash', '/a\\..\\b'],
    ['a path parameter', '/a/..;/b'],
    ['an encoded semicolon', '/a%3bb'],
    ['an empty segment', '/a//b'],
    ['an empty segment before it', '//evil.example/a'],
    ['a slash at its end', '/a/'],
    ['NUL', '/a\0'],
    ['an encoded NUL', '/a%00'],
    ['an encoded line end', '/a%0d%0aX-Header:1'],
    ['a tab, which URL parsers drop', '/.\t./a'],
    ['DEL', '/a%7f'],
    ['a C1 control character', '/a%c2%85'],
    ['a stray percent sign', '/a%'],
    ['a percent sign with one digit', '/a%2'],
    ['a percent sign with no digits', '/a%zz'],
    ['an overlong dot', '/%c0%ae%c0%ae/a'],
    ['an overlong slash', '/a%e0%80%afb'],
    ['a byte that is not UTF-8', '/a%ff'],
    ['an encoded surrogate', '/a%ed%a0%80'],
    ['a lone surrogate', '/a\ud800'],
    ['a dot segment encoded twice', '/%252e%252e/a'],
    ['a slash encoded twice', '/a%252fb'],
    ['a slash encoded twice, its digits too', '/a%25%32%66b'],
    ['a slash encoded three times', '/a%25252fb'],
    ['anything encoded twice', '/a%2541'],
    ['a query', '/a?b'],
    ['a fragment', '/a#b'],
  ])('with %s is refused', (_, raw) => {
    expect(normalisePath(raw)).toEqual({ ok: false });
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '/',
      '.',
      '..',
      '%',
      '%2e',
      '%2F',
      '%5c',
      '%25',
      '%00',
      '\\',
      ';',
      ':',
      '@',
      '?',
      '#',
      ' ',
      '\t',
      'a',
      '*',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.string({ maxLength: 3 }).map(encodeURIComponent),
  );
  const rawPath = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

  it('is never changed by a URL parser, and never leaves the base path', () => {
    let accepted = 0;
    fc.assert(
      fc.property(rawPath, (raw) => {
        const normalised = normalisePath(raw);
        if (!normalised.ok) return;
        accepted += 1;
        const url = new URL(BASE + normalised.path);
        expect(url.pathname).toBe(`/v1.0${normalised.path}`);
        expect(url.href).toBe(BASE + normalised.path);
      }),
      { numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  it('is canonical: normalised again, it stays as it is', () => {
    fc.assert(
      fc.property(rawPath, (raw) => {
        const normalised = normalisePath(raw);
        if (normalised.ok) expect(normalisePath(normalised.path)).toEqual(normalised);
      }),
    );
  });

  it('holds any text as a segment that has nothing treacherous in it, and gives it back', () => {
    const segment = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[/\\;\p{Cc}]|%[0-9a-f]{2}|^\.\.?$/iu.test(text));
    fc.assert(
      fc.property(segment, (text) => {
        const normalised = normalisePath(`/${encodeURIComponent(text)}`);
        expect(normalised.ok && decodeURIComponent(normalised.path)).toBe(`/${text}`);
      }),
    );
  });
});

describe('the allow-list', () => {
  const allows = (route: string, method: string, path: string): boolean => {
    const [allowedMethod = '', pattern = ''] = route.split(' ');
    return matchRoute([{ method: allowedMethod, pattern }], method, path);
  };

  it.each([
    ['GET /me', 'GET', '/me'],
    ['* /me', 'DELETE', '/me'],
    ['GET /', 'GET', '/'],
    ['GET /users/*', 'GET', '/users/1'],
    ['GET /users/*/photo', 'GET', '/users/1/photo'],
    ['GET /me/**', 'GET', '/me/a'],
    ['GET /me/**', 'GET', '/me/a/b/c'],
    ['GET /me/**', 'GET', '/me'],
    ['GET /**', 'GET', '/'],
    ['GET /users/*/**', 'GET', '/users/1/a'],
    ['GET /a%20b', 'GET', '/a%20b'],
    ['GET /a%40b', 'GET', '/a@b'],
    ['GET /%2a', 'GET', '/*'],
  ])('with %s lets %s %s through', (route, method, path) => {
    expect(allows(route, method, path)).toBe(true);
  });

  it.each([
    ['GET /me', 'POST', '/me'],
    ['GET /me', 'HEAD', '/me'],
    ['GET /me', 'GET', '/Me'],
    ['GET /me', 'GET', '/me/a'],
    ['GET /me', 'GET', '/'],
    ['GET /', 'GET', '/me'],
    ['GET /me', 'GET', '/men'],
    ['GET /me/**', 'GET', '/men'],
    ['GET /users/*', 'GET', '/users'],
    ['GET /users/*', 'GET', '/users/1/photo'],
    ['GET /users/*/photo', 'GET', '/users/photo'],
    ['GET /users/*/**', 'GET', '/users'],
    ['GET /*', 'GET', '/'],
    ['GET /%2a', 'GET', '/a'],
  ])('with %s does not let %s %s through', (route, method, path) => {
    expect(allows(route, method, path)).toBe(false);
  });

  it('lets nothing through when it is empty', () => {
    expect(matchRoute([], 'GET', '/')).toBe(false);
  });

  it('needs method and pattern of one and the same entry', () => {
    const allow = [
      { method: 'GET', pattern: '/a' },
      { method: 'POST', pattern: '/b' },
    ];
    expect(matchRoute(allow, 'POST', '/a')).toBe(false);
    expect(matchRoute(allow, 'POST', '/b')).toBe(true);
  });
});
