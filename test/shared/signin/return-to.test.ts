import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseReturnTo } from '../../../shared/signin/return-to.ts';

const APP = 'https://app.example';
const TAB = '\t';
const NEWLINE = '\n';
const NUL = '\0';
const ZERO_WIDTH_SPACE = '\u200b';
const BYTE_ORDER_MARK = '\ufeff';
const NEXT_LINE = '\u0085';
const IDEOGRAPHIC_SPACE = '\u3000';
const RIGHT_TO_LEFT_OVERRIDE = '\u202e';

describe('a return address', () => {
  it.each([
    ['/', '/'],
    ['/orders', '/orders'],
    ['/orders/7?sort=date&then=/x//y#row', '/orders/7?sort=date&then=/x//y#row'],
    ['/?q=a%20b%2Fc', '/?q=a%20b%2Fc'],
    ['/@someone', '/@someone'],
    ['/a:b', '/a:b'],
    ['/http://evil.example', '/http://evil.example'],
    ['/Größe', '/Gr%C3%B6%C3%9Fe'],
    ['/a/./b/../c', '/a/c'],
    ['/?next=https://evil.example', '/?next=https://evil.example'],
    ['/#//evil.example', '/#//evil.example'],
  ])('%s is taken, as %s', (value, taken) => {
    expect(parseReturnTo(value)).toBe(taken);
  });

  it.each([
    // No path at all.
    '',
    'orders',
    './orders',
    '../orders',
    '?a',
    '#a',
    ' /orders',
    // Another site, said openly.
    'https://evil.example',
    'https://app.example/orders',
    'HTTPS://evil.example',
    'https:/evil.example',
    'https:evil.example',
    'http://evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    'mailto:x@evil.example',
    // Another site, by slashes.
    '//evil.example',
    '///evil.example',
    '////evil.example',
    '//evil.example/..',
    '//user@evil.example',
    '//[::1]',
    // By backslashes, which browsers take for slashes.
    '\\',
    '\\\\evil.example',
    '\\/evil.example',
    '/\\evil.example',
    '/\\/evil.example',
    '/\\\\evil.example',
    '/a\\..\\..\\evil.example',
    '/?x=\\evil',
    // By what browsers drop out of a URL.
    `/${TAB}/evil.example`,
    `/${NEWLINE}/evil.example`,
    `/\r/evil.example`,
    `${TAB}//evil.example`,
    `/${NUL}/evil.example`,
    `/orders${NEWLINE}Set-Cookie: a=b`,
    `/orders\r\nLocation: https://evil.example`,
    `/${ZERO_WIDTH_SPACE}/evil.example`,
    `/${BYTE_ORDER_MARK}/evil.example`,
    `/${NEXT_LINE}/evil.example`,
    `/${IDEOGRAPHIC_SPACE}/evil.example`,
    `/${RIGHT_TO_LEFT_OVERRIDE}/evil.example`,
    '/ /evil.example',
    // By encoded forms, which the next hop may decode.
    '/%2fevil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/%5Cevil.example',
    '/%09/evil.example',
    '/%0a/evil.example',
    '/%0d%0aLocation:evil',
    '/%00/evil.example',
    '/%7f/evil.example',
    '/%252fevil.example',
    '/%255cevil.example',
    // By dot segments, which leave two slashes behind.
    '/.//evil.example',
    '/..//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2e%2e//evil.example',
    '/a/%2E%2E//evil.example',
    '/./\\evil.example',
  ])('%j is refused', (value) => {
    expect(parseReturnTo(value)).toBeNull();
  });

  it('of 1,024 characters is taken and a longer one refused, measured as it is sent', () => {
    expect(parseReturnTo(`/${'a'.repeat(1_023)}`)).toHaveLength(1_024);
    expect(parseReturnTo(`/${'a'.repeat(1_024)}`)).toBeNull();
    expect(parseReturnTo(`/${'漢'.repeat(113)}`)).toHaveLength(1 + 113 * 9);
    expect(parseReturnTo(`/${'漢'.repeat(114)}`)).toBeNull();
  });
});

describe('whatever is taken as a return address', () => {
  const piece = fc.oneof(
    fc.constantFrom('/', '//', '\\', '.', '..', '/./', '/../', '%2f', '%5C', '%2e', '%252f', '@', ':', '?', '#', '&'),
    fc.constantFrom('evil.example', 'https:', 'javascript:', TAB, NEWLINE, '\r', NUL, ' ', ZERO_WIDTH_SPACE, '[::1]'),
    fc.string({ maxLength: 4 }),
    fc.string({ unit: 'binary', maxLength: 2 }),
  );
  const hostile = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}`);
  /** What one browser or another makes of a URL before it looks at it (WHATWG URL section 4.4, and older habits). */
  const readings: ((value: string) => string)[] = [
    (value) => value,
    (value) => value.replaceAll('\\', '/'),
    (value) => value.replaceAll(/[\t\n\r]/g, ''),
    (value) => value.trim().replaceAll(/[\t\n\r\\]/g, (unit) => (unit === '\\' ? '/' : '')),
    (value) => value.replaceAll(/%(?:2f|5c)/gi, '/').replaceAll('\\', '/'),
    (value) => value.replaceAll(/[\p{Cc}\p{Cf}\s]/gu, ''),
  ];

  it('leads nowhere but into this application, however a browser reads it', () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom(...readings), (value, read) => {
        const taken = parseReturnTo(value);
        if (taken === null) return;
        const [path = ''] = taken.split(/[?#]/, 1);
        const seen = read(path) + taken.slice(path.length);
        const url = new URL(seen, APP);
        expect(url.origin).toBe(APP);
        expect(url.pathname.startsWith('//')).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is the same when it is parsed again, and legal in a Location header', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const taken = parseReturnTo(value);
        if (taken === null) return;
        expect(parseReturnTo(taken)).toBe(taken);
        expect(taken).toMatch(/^\/[\x21-\x7e]*$/);
      }),
      { numRuns: 3_000 },
    );
  });
});
