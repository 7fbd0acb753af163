import { describe, expect, it } from '@jest/globals';
import { deletedCookie, ownCookies, sessionCookie } from '../../../shared/http/cookies.ts';
import { testRequest } from '../../support/request.ts';

const parse = (cookie: string) => [...ownCookies(testRequest({ cookie }))];

describe('the cookies of a request', () => {
  it('are ours alone, whatever others there are', () => {
    expect(parse('theme=dark; __Host-session=abc; _ga=1; __Host-signin-xyz=def; __Host-other=ghi')).toEqual([
      ['__Host-session', 'abc'],
      ['__Host-signin-xyz', 'def'],
    ]);
  });

  it('are none where the header is missing or empty', () => {
    expect([...ownCookies(testRequest())]).toEqual([]);
    expect(parse('')).toEqual([]);
  });

  it('are read with or without blanks around them', () => {
    expect(parse('a=b;__Host-session=abc;  __Host-signin-x = y ')).toEqual([
      ['__Host-session', 'abc'],
      ['__Host-signin-x', 'y'],
    ]);
  });

  it('keep what follows the first equals sign', () => {
    expect(parse('__Host-session=a=b==')).toEqual([['__Host-session', 'a=b==']]);
  });

  it('are not believed where two have one name: one of them is not by us', () => {
    expect(parse('__Host-session=first; __Host-signin-a=b; __Host-session=second')).toEqual([['__Host-signin-a', 'b']]);
  });

  it.each(['\u00a0__Host-session=planted', '__Host-session\u00a0=planted'])(
    'have their names to the byte, which a sibling domain cannot set: %j is none of ours',
    (planted) => {
      expect(parse(planted)).toEqual([]);
      expect(parse(`${planted}; __Host-session=own`)).toEqual([['__Host-session', 'own']]);
    },
  );

  it.each([
    'session=abc',
    'host-session=abc',
    '__host-session=abc',
    '__Host-session2=abc',
    '__Host-sessio=abc',
    '__Secure-session=abc',
    '=__Host-session',
    '__Host-session',
    // A nameless cookie, which a sibling domain can set: were its last character cut off, it would pass as ours.
    '__Host-sessionX',
    '__Host-signin-abc',
    // Names that no `Set-Cookie` can have (RFC 6265 section 4.1.1): whoever tried to delete one would not answer at all.
    '__Host-signin-=abc',
    '__Host-signin-a b=abc',
    '__Host-signin-"a"=abc',
    '__Host-signin-a/b=abc',
    '__Host-signin-\u00e9=abc',
  ])('are none in %j', (cookie) => {
    expect(parse(cookie)).toEqual([]);
  });
});

describe('a request that is made to keep us busy', () => {
  const LONG = 16 * 1_024;
  /** Of several, since the machine may have else to do: what takes longer each time is the reading's own. */
  const millisecondsAtLeast = (cookie: string): number => {
    const request = testRequest({ cookie });
    const runs = Array.from({ length: 3 }, () => {
      const began = performance.now();
      ownCookies(request);
      return performance.now() - began;
    });
    return Math.min(...runs);
  };

  it.each([
    ['a name', (blanks: string) => `a${blanks}b=c`],
    ['the value of one of ours', (blanks: string) => `__Host-session=a${blanks}b`],
  ])('is read at once, however many blanks are within %s', (_what, cookie) => {
    for (const blank of [' ', '\t', ' \t']) {
      const blanks = blank.repeat(LONG / blank.length);
      expect(millisecondsAtLeast(cookie(blanks))).toBeLessThan(50);
    }
  });
});

describe('a cookie that we set', () => {
  it('lives as long as the browser, as the session does', () => {
    expect(sessionCookie('abc')).toEqual({
      name: '__Host-session',
      value: 'abc',
      sameSite: 'Lax',
      maxAgeSeconds: null,
    });
  });

  it('is deleted by an empty one of the same name', () => {
    expect(deletedCookie('__Host-session')).toMatchObject({ name: '__Host-session', value: '', maxAgeSeconds: 0 });
  });
});
