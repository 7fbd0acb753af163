import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { assuranceOf } from '../../../shared/oidc/assurance.ts';

const NOW = 1_800_000_000_000;
const WANTED = new Set(['c1', 'c2']);
const read = (claims: object, protocol: 'entra' | 'oidc' = 'entra', wanted: ReadonlySet<string> = WANTED) =>
  assuranceOf({ sub: 'sub', ...claims }, protocol, wanted, NOW);

describe('what an ID token says of its sign-in', () => {
  it('is when the person proved who they are, and which contexts were met', () => {
    expect(read({ auth_time: 1_799_999_000, acrs: ['c1', 'c2'] })).toEqual({
      authTime: 1_799_999_000_000,
      acrs: ['c1', 'c2'],
    });
  });

  it('may list the contexts in one text', () => {
    expect(read({ acrs: 'c2 c1' })).toEqual({ acrs: ['c1', 'c2'] });
  });

  it('is, at an OP of the standard, its one acr, and never a list that it calls acrs', () => {
    expect(read({ acr: 'c1', acrs: ['c2'] }, 'oidc')).toEqual({ acrs: ['c1'] });
    expect(read({ acr: 'c1 c2' }, 'oidc')).toEqual({});
    expect(read({ acr: ['c1'] }, 'oidc')).toEqual({});
  });

  it('is at Entra ID never its acr, whose values mean something else', () => {
    expect(read({ acr: 'c1' })).toEqual({});
  });

  it('is kept of contexts that somebody asks for, and of no other, so that a session stays small', () => {
    const acrs = Array.from({ length: 5_000 }, (_, index) => `c${index}`);
    expect(read({ acrs })).toEqual({ acrs: ['c1', 'c2'] });
    expect(read({ acrs }, 'entra', new Set())).toEqual({});
  });

  it('is not believed of a time to come: nobody’s proof is younger than its arrival here', () => {
    expect(read({ auth_time: 1_900_000_000 })).toEqual({ authTime: NOW });
  });

  it.each([
    ['a time in a text', { auth_time: '1799999000' }],
    ['no time', { auth_time: null }],
    ['a time before there were any', { auth_time: -1 }],
    ['zero', { auth_time: 0 }],
    ['more than any time', { auth_time: 1e300 }],
    ['an object for contexts', { acrs: { c1: true } }],
    ['contexts inside a list', { acrs: [['c1'], { acr: 'c2' }] }],
    ['a context in another case', { acrs: ['C1'] }],
    ['a context with more behind it', { acrs: 'c1,c2' }],
  ])('is nothing where it has %s', (_what, claims) => {
    expect(read(claims)).toEqual({});
  });

  it('never breaks on what a token may hold, and gives what a record can keep', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), fc.constantFrom('entra', 'oidc'), (time, acrs, protocol) => {
        const assurance = read({ auth_time: time, acrs, acr: acrs }, protocol as 'entra' | 'oidc');
        expect(Number.isSafeInteger(assurance.authTime ?? 0)).toBe(true);
        expect([...(assurance.acrs ?? [])].every((acr) => WANTED.has(acr))).toBe(true);
      }),
    );
  });
});
